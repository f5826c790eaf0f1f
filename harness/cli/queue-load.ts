/** The speed phase held by workers: the coordinator orders the load, and its clients keep the times. */
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import { hashLines } from '../record/plan-file.ts';
import { legClientShape, readingShape } from '../record/shapes.ts';
import type { Broker } from '../run/queue/broker.ts';
import { openCrew, type Crew, type Member } from '../run/queue/load-crew.ts';
import { defaultTimes } from '../run/queue/names.ts';
import { openLoadRun, type LoadRun } from '../run/queue/load-run.ts';
import type { LoadEntry } from '../run/queue/registry.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import { loadBy } from '../run/speed-phase.ts';
import type { LegClient, MachineState, SpeedPlan } from '../types.ts';
import { beside, type Beside } from './beside.ts';
import { closeLeg, recordLeg } from './leg.ts';
import { speedPlanLines, type OpenRun } from './open-run.ts';
import { startProgress } from './progress.ts';
import { readFacts } from './queue-facts.ts';
import { sameWords, type QueueWords } from './queue-address.ts';
import { withFacts, type Asked, type MeasureLoad, type Means } from './quality.ts';
import { fitToSay } from './secrets.ts';
import { cellsByKey, floorsOpen, loaded, phaseOf, socketsFor, totalsOf } from './speed.ts';
import type { Streams } from './streams.ts';
import { safeLine } from './terminal.ts';
import { version } from './version.ts';

/** What workers are told of a load; the whole plan of it, whichever shard this is. */
export function loadEntry(plan: SpeedPlan, clients: number, seed: number): LoadEntry {
  return { clients, seed, hash: hashLines(speedPlanLines(plan)) };
}

export interface LoadWords extends QueueWords {
  readonly clients: number;
}

/** Loads what is open of the phase, in a start of its own. */
export const loadOverQueue =
  (broker: Broker, words: LoadWords, plan: SpeedPlan): MeasureLoad =>
  (run, means, options, streams) => {
    const { targets } = means;
    const { graceMs, durability } = options;
    return beside({ run, phase: 'speed', targets, graceMs, durability, streams }, async (open) => {
      const say = (text: string): void => streams.warn(safeLine(fitToSay(text), 400));
      const lastEnd = run.manifest.legs.at(-1)?.end;
      const atQueue = await openLoadRun({
        broker,
        run: path.basename(run.folder),
        tool: version,
        planHash: run.manifest.planHash,
        targets,
        load: loadEntry(plan, words.clients, run.manifest.seed),
        afterCrash: lastEnd !== undefined && lastEnd !== 'complete',
        times: words.times ?? defaultTimes,
        say,
      });
      const shown = { quiet: options.quiet || options.json, streams };
      try {
        return await measure({ run, means, open, words, atQueue, say, ...shown });
      } catch (error) {
        await atQueue.close('back-later');
        throw error;
      }
    });
  };

interface Work {
  readonly run: OpenRun;
  readonly means: Means;
  readonly open: Beside;
  readonly words: LoadWords;
  readonly atQueue: LoadRun;
  readonly say: (text: string) => void;
  readonly quiet: boolean;
  readonly streams: Streams;
}

async function measure(work: Work): Promise<Pick<Asked, 'gone' | 'signal' | 'manifest'>> {
  const { run, means, open, words, atQueue, say } = work;
  const { signals, leg } = open;
  const again = `visavis eval --resume ${run.folder} ${sameWords(words)}`;
  const patienceMs = (words.times ?? defaultTimes).outageMs;
  const opening = openCrew(
    {
      broker: atQueue.broker,
      run: path.basename(run.folder),
      leg: leg.id,
      cells: cellsByKey(means.prepared.plan),
      times: words.times ?? defaultTimes,
      clients: words.clients,
      stop: signals.stop,
      cut: signals.cut,
      say,
      hint: `start them with: visavis work ${sameWords(words)}, then go on with: ${again}`,
    },
    socketsFor(run.speedOpen),
  );
  const crew = await atQueue.broker.whileThere(opening, patienceMs);
  const { targets } = means;
  if (crew === null) {
    const manifest = await closeLeg(run, open, { isAborted: false, targets });
    await atQueue.close('back-later');
    if (atQueue.broker.goneMs() > 0) throw goneQueue(atQueue, again);
    return { gone: [], signal: signals.received(), manifest };
  }
  const known = withFacts(run, { facts: factsOf(crew, run), warnings: [] });
  let clients: readonly LegClient[] = [];
  let gone: readonly string[];
  let after: Awaited<ReturnType<Crew['close']>> = new Map();
  try {
    clients = crew.members.map(legClient);
    recordLeg(known, { ...leg, clients });
    gone = await loadAll(work, crew);
  } finally {
    after = await crew.close();
  }
  const lost = crew.lost();
  if (lost !== null) open.note({ event: 'load-ended', target: null, ms: null, because: lost });
  const manifest = await closeLeg(known, open, {
    isAborted: gone.length > 0,
    targets,
    clients: clients.map((one) => withEnd(one, after.get(one.client) ?? null)),
  });
  const isOver = lost === null && !signals.stop.aborted;
  await atQueue.close(isOver ? 'done' : 'back-later');
  if (atQueue.gone.aborted) throw goneQueue(atQueue, again);
  if (!isOver && signals.received() === null) say(`go on with: ${again}`);
  return { gone, signal: signals.received(), manifest };
}

const goneQueue = ({ broker }: LoadRun, again: string): Error =>
  personError(`there is no queue at ${broker.address.shown} any more`, {
    hint: `what was measured is on record; start the queue and go on with: ${again}`,
    exit: exitCode.aborted,
  });

/** A client's word of itself, as far as it is one that the manifest can hold. */
function legClient({ client, host, pid, machine, roundTrips }: Member): LegClient {
  const told = { client, host, pid, machine: { before: machine, after: null }, roundTrips };
  if (legClientShape.holds(told)) return told;
  throw personError(`client ${client} says of its machine what is not in order`, {
    hint: 'who else may write to this queue?',
    exit: exitCode.aborted,
  });
}

function withEnd(told: LegClient, after: MachineState | null): LegClient {
  const ended = { ...told, machine: { ...told.machine, after } };
  return legClientShape.holds(ended) ? ended : told;
}

async function loadAll({ run, open, quiet, streams }: Work, crew: Crew): Promise<readonly string[]> {
  const { clock, signals, watch, readings } = open;
  const levels = floorsOpen(run);
  if (levels.length > 0) {
    streams.say(`speed: the floor of the clients at ${levels.join(', ')} at once over all of them`);
    for (const floor of await crew.floors(levels)) if (readingShape.holds(floor)) readings.append(floor);
  }
  const progress = startProgress({ stream: streams.err, totals: totalsOf(run.speedOpen), quiet, clock });
  open.onProgress(progress);
  try {
    // The servers' memory is looked at from here: once per host, whoever loads it.
    await watch.measure('idle', loaded);
    await watch.startLoad(loaded);
    const { gone } = await loadBy(phaseOf(run, open, progress, streams), crew.loader);
    await watch.endLoad();
    if (!signals.stop.aborted) await watch.measure('after', loaded);
    return gone;
  } finally {
    progress.stop();
  }
}

/** What the first client saw of the servers, where nobody has looked before. */
function factsOf({ members }: Crew, { manifest }: OpenRun): Map<string, ServerFacts> {
  const facts = new Map<string, ServerFacts>();
  for (const { id, facts: json } of members.flatMap(({ targets }) => targets)) {
    const isKnown = manifest.targets.some((target) => target.id === id && target.facts !== null);
    const seen = json === null || isKnown ? null : readFacts(json);
    if (seen !== null && !facts.has(id)) facts.set(id, seen);
  }
  return facts;
}
