/** The speed phase of a run: the floor of this client first, then the load, then what was seen is on record. */
import path from 'node:path';
import { openJournal } from '../record/journal.ts';
import { redactor, redactRecord } from '../record/redact.ts';
import { files } from '../record/run-folder.ts';
import { startClock } from '../run/clock.ts';
import type { Ability, Dialect } from '../run/dialects.ts';
import { runSpeedPhase, type LoadTarget } from '../run/speed-phase.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { Plan, SpeedRequest, Target } from '../types.ts';
import { openEndpoints } from './endpoints.ts';
import { measureFloors } from './floors.ts';
import { watchMemory } from './memory.ts';
import type { OpenRun } from './open-run.ts';
import type { Prepared } from './prepare.ts';
import { startProgress, type Progress } from './progress.ts';
import type { Signals } from './signals.ts';
import type { Streams } from './streams.ts';
import { safeLine } from './terminal.ts';

export interface SpeedMeans {
  readonly prepared: Prepared;
  readonly keys: ReadonlyMap<string, string>;
  readonly program: string;
  readonly facts: ReadonlyMap<string, ServerFacts>;
  readonly signals: Signals;
  readonly leg: string;
  readonly quiet: boolean;
  readonly onProgress: (progress: Progress) => void;
}

/** Sockets for an open loop: whatever waits must wait at the server, where it is measured. */
const openLoopSockets = 1024;
/** Of the floor beside a run: enough to tell a busy machine, over in seconds. */
const floorAnswers = 12;
const floorTokens = 8;

const loaded = { phase: 'speed' } as const;

/** Targets that were given up. */
export async function measureSpeed(
  run: OpenRun,
  means: SpeedMeans,
  streams: Streams,
): Promise<readonly string[]> {
  const { prepared, keys, program, facts, signals } = means;
  const clock = startClock();
  const readings = openJournal(path.join(run.folder, files.readings));
  const samples = openJournal(path.join(run.folder, files.samples));
  const redact = redactor([...keys.values()]);
  let progress: Progress | null = null;
  try {
    const levels = levelsOf(run.speedOpen).filter((level) => !run.floorsKnown.includes(level));
    if (levels.length > 0) streams.say(`speed: the floor of this client at ${levels.join(', ')} at once`);
    await measureFloors({
      levels,
      answers: floorAnswers,
      tokens: floorTokens,
      program,
      clock,
      stop: signals.stop,
      onLevel: ({ floor }) => readings.append(floor),
    });
    const targets = withSockets(prepared.targets.targets, run.speedOpen);
    const endpoints = await openEndpoints(targets, keys, program, clock, imagesIn(prepared), facts);
    const shown = startProgress({
      stream: streams.err,
      totals: totalsOf(run.speedOpen),
      quiet: means.quiet,
      clock,
    });
    progress = shown;
    means.onProgress(shown);
    const watch = watchMemory({
      targets,
      pids: endpoints.pids,
      leg: means.leg,
      take: (reading) => readings.append(redactRecord(reading, redact)),
      say: (text) => streams.warn(safeLine(text, 300)),
    });
    try {
      await watch.measure('idle', loaded);
      await watch.startLoad(loaded);
      const { gone } = await runSpeedPhase({
        requests: run.speedOpen,
        cells: cellsByKey(prepared.plan),
        targets: new Map([...endpoints.askers].map(([id, asker]) => [id, loadTarget(asker, facts.get(id))])),
        leg: means.leg,
        clock,
        record: (sample) => samples.append(redactRecord(sample, redact)),
        note: (reading) => readings.append(reading),
        stop: signals.stop,
        cut: signals.cut,
        say: (text) => streams.say(text),
        onEnd: ({ target }, sample) => shown.tick(target, sample.outcome.kind === 'failed'),
        now: Date.now,
      });
      await watch.endLoad();
      if (signals.received() === null) await watch.measure('after', loaded);
      return gone;
    } finally {
      await watch.close();
      await endpoints.stop();
    }
  } finally {
    progress?.stop();
    samples.close();
    readings.close();
  }
}

/** Closed-loop concurrencies, ascending: the loads whose floor matters. */
function levelsOf(requests: readonly SpeedRequest[]): number[] {
  const levels = requests.flatMap(({ load }) => (load.kind === 'closed' ? [load.concurrency] : []));
  return [...new Set(levels)].toSorted((a, b) => a - b);
}

function withSockets(targets: readonly Target[], requests: readonly SpeedRequest[]): Target[] {
  const open = requests.some(({ load }) => load.kind === 'open');
  const concurrency = open ? openLoopSockets : Math.max(1, ...levelsOf(requests));
  return targets.map((target) => ({ ...target, concurrency }));
}

function totalsOf(requests: readonly SpeedRequest[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { target } of requests) totals.set(target, (totals.get(target) ?? 0) + 1);
  return totals;
}

function cellsByKey(plan: Plan): Map<string, Plan['cells'][number]> {
  return new Map(plan.cells.map((cell) => [cell.key, cell]));
}

function imagesIn({ suites }: Prepared): Record<string, string> {
  return Object.fromEntries(suites.flatMap((suite) => Object.entries(suite.images)));
}

interface Asked {
  readonly target: Target;
  readonly ask: LoadTarget['ask'];
  readonly dialect: Dialect;
}

function loadTarget({ target, ask, dialect }: Asked, facts: ServerFacts | undefined): LoadTarget {
  return { ask, dialect, ignoreEos: ignoreEosOf(target, dialect, facts) };
}

/** The embedded endpoint takes it; of any other server the probe knows best, then its dialect. */
function ignoreEosOf(target: Target, dialect: Dialect, facts: ServerFacts | undefined): Ability {
  if (target.replay !== null) return 'yes';
  const probed = facts?.ignoreEos ?? null;
  return probed === null ? dialect.ignoreEos : probed ? 'yes' : 'no';
}
