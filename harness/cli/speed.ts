/** The speed phase of a run: the floor of this client first, then the load, then what was seen is on record. */
import { redactSample } from '../record/redact.ts';
import type { Ability, Dialect } from '../run/dialects.ts';
import type { FloorResult } from '../run/floor.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import { startWatch } from '../run/watch.ts';
import type { LoadTarget } from '../run/load-here.ts';
import { runSpeedPhase, type PhaseInput, type SpeedPhaseResult } from '../run/speed-phase.ts';
import type { Manifest, Plan, RoundTrip, SpeedRequest, Target } from '../types.ts';
import { beside, bringUp, type Beside } from './beside.ts';
import { openEndpoints } from './endpoints.ts';
import { measureFloors, type FloorOptions } from './floors.ts';
import { closeLeg, recordLeg } from './leg.ts';
import type { OpenRun } from './open-run.ts';
import { imagesIn } from './prepare.ts';
import { startProgress, type Progress } from './progress.ts';
import { measureRoundTrips } from './round-trips.ts';
import type { MeasureLoad, Means } from './quality.ts';
import { withoutSecrets } from './secrets.ts';
import type { Streams } from './streams.ts';

/** Sockets for an open loop: whatever waits must wait at the server, where it is measured. */
const openLoopSockets = 1024;
/** Of the floor beside a run: enough to tell a busy machine, over in seconds. */
const floorAnswers = 12;
const floorTokens = 8;

export const loaded = { phase: 'speed' } as const;

/** From this process. */
export const measureSpeed: MeasureLoad = (run, means, options, streams) => {
  const { targets } = means;
  const { graceMs, durability } = options;
  return beside({ run, phase: 'speed', targets, graceMs, durability, streams }, async (open) => {
    recordLeg(run, open.leg);
    await measureFloor(run, means.program, open, streams);
    const { gone, roundTrips } = await loadAll(run, means, open, {
      quiet: options.quiet || options.json,
      streams,
    });
    const manifest = await closeLeg(run, open, { isAborted: gone.length > 0, targets, roundTrips });
    return { gone, signal: open.signals.received(), manifest };
  });
};

async function measureFloor(run: OpenRun, program: string, open: Beside, streams: Streams): Promise<void> {
  const levels = floorsOpen(run);
  if (levels.length === 0) return;
  streams.say(`speed: the floor of this client at ${levels.join(', ')} at once`);
  await floorsBeside({
    levels,
    program,
    clock: open.clock,
    stop: open.signals.stop,
    onLevel: ({ floor }) => open.readings.append(floor),
  });
}

/** The floor beside a run. */
export const floorsBeside = (options: Omit<FloorOptions, 'answers' | 'tokens'>): Promise<FloorResult[]> =>
  measureFloors({ ...options, answers: floorAnswers, tokens: floorTokens });

interface Shown {
  readonly quiet: boolean;
  readonly streams: Streams;
}

async function loadAll(
  run: OpenRun,
  { prepared, keys, program, targets: all }: Means,
  open: Beside,
  { quiet, streams }: Shown,
): Promise<SpeedPhaseResult & { readonly roundTrips: readonly RoundTrip[] }> {
  const { clock, signals, servers, watch } = open;
  const isAlone = prepared.targets.order === 'by-target';
  const facts = factsIn(run.manifest);
  const targets = withSockets(all, socketsFor(run.speedOpen));
  if (!isAlone) await bringUp(open, targets, 'speed');
  const endpoints = await openEndpoints(targets, keys, program, clock, imagesIn(prepared), facts, servers);
  const progress = startProgress({ stream: streams.err, totals: totalsOf(run.speedOpen), quiet, clock });
  open.onProgress(progress);
  const own = startWatch({ clock, now: Date.now, onPause: open.notePause });
  try {
    for (const [id, pid] of endpoints.pids) await watch.attach(id, pid);
    if (!isAlone) await watch.measure('idle', loaded);
    const roundTrips = isAlone ? [] : await measureRoundTrips(targets, clock, signals.stop);
    await watch.startLoad(loaded);
    const result = await runSpeedPhase({
      ...phaseOf(run, open, progress, streams),
      cells: cellsByKey(prepared.plan),
      targets: new Map([...endpoints.askers].map(([id, asker]) => [id, loadTarget(asker, facts.get(id))])),
      clock,
      cut: signals.cut,
      watch: own,
      ...(isAlone ? { bringUp: (id: string) => bringUpAlone(open, targets, id, streams) } : {}),
    });
    await watch.endLoad();
    if (!signals.stop.aborted && !isAlone) await watch.measure('after', loaded);
    return { ...result, roundTrips };
  } finally {
    own.stop();
    progress.stop();
    await endpoints.stop();
  }
}

/** What is open of the phase, and where what comes of it is kept and shown, whoever sends it. */
export function phaseOf(
  run: OpenRun,
  { leg, samples, readings, storage, signals }: Beside,
  progress: Pick<Progress, 'tick'>,
  streams: Streams,
): PhaseInput {
  return {
    requests: run.speedOpen,
    leg: leg.id,
    record: (sample) => samples.append(redactSample(sample, withoutSecrets)),
    note: async (reading) => {
      // A block is measured once it says so: not before its answers are on the disk.
      await storage.flush();
      if (storage.trouble() === null) readings.append(reading);
    },
    stop: signals.stop,
    say: (text) => streams.say(text),
    onEnd: ({ target }, sample) => {
      if (storage.trouble() === null) progress.tick(target, sample.outcome.kind === 'failed');
    },
    now: Date.now,
  };
}

/** A new process for each turn: no peak and no cache of the turn before is in it. */
async function bringUpAlone(
  { servers }: Beside,
  targets: readonly Target[],
  id: string,
  streams: Streams,
): Promise<boolean> {
  for (const target of targets) await servers.down(target);
  const wanted = targets.find((target) => target.id === id);
  if (wanted === undefined) return false;
  try {
    await servers.up(wanted);
    return true;
  } catch (error) {
    streams.warn(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** What servers said of themselves, as the manifest keeps it. */
function factsIn(manifest: Manifest): Map<string, ServerFacts> {
  return new Map(
    manifest.targets.flatMap(({ id, facts }) =>
      facts === null ? [] : [[id, facts as unknown as ServerFacts] as const],
    ),
  );
}

/** Closed-loop concurrencies, ascending: the loads whose floor matters. */
function levelsOf(requests: readonly SpeedRequest[]): number[] {
  const levels = requests.flatMap(({ load }) => (load.kind === 'closed' ? [load.concurrency] : []));
  return [...new Set(levels)].toSorted((a, b) => a - b);
}

/** Those of them whose floor is not on record yet. */
export function floorsOpen({ speedOpen, floorsKnown }: OpenRun): number[] {
  return levelsOf(speedOpen).filter((level) => !floorsKnown.includes(level));
}

/** Connections that the load takes at most. */
export function socketsFor(requests: readonly SpeedRequest[]): number {
  const open = requests.some(({ load }) => load.kind === 'open');
  return open ? openLoopSockets : Math.max(1, ...levelsOf(requests));
}

export function withSockets(targets: readonly Target[], concurrency: number): Target[] {
  return targets.map((target) => ({ ...target, concurrency }));
}

export function totalsOf(requests: readonly SpeedRequest[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { target } of requests) totals.set(target, (totals.get(target) ?? 0) + 1);
  return totals;
}

export function cellsByKey(plan: Plan): Map<string, Plan['cells'][number]> {
  return new Map(plan.cells.map((cell) => [cell.key, cell]));
}

interface Loaded {
  readonly target: Target;
  readonly ask: LoadTarget['ask'];
  readonly dialect: Dialect;
}

export function loadTarget({ target, ask, dialect }: Loaded, facts: ServerFacts | undefined): LoadTarget {
  return { ask, dialect, ignoreEos: ignoreEosOf(target, dialect, facts) };
}

/** The embedded endpoint takes it; of any other server the probe knows best, then its dialect. */
function ignoreEosOf(target: Target, dialect: Dialect, facts: ServerFacts | undefined): Ability {
  if (target.replay !== null) return 'yes';
  const probed = facts?.ignoreEos ?? null;
  return probed === null ? dialect.ignoreEos : probed ? 'yes' : 'no';
}
