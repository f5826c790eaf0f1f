/** What runs beside the asking in one start of a run: journals, the watch over memory, the servers that we start. */
import type { ProbeSet } from '../probe/probe-set.ts';
import type { Durability, Journal } from '../record/journal.ts';
import { redactRecord } from '../record/redact.ts';
import { startClock, type Clock } from '../run/clock.ts';
import type { OnPause } from '../run/disturbance.ts';
import type { Leg, Phase, RunEvent, Target } from '../types.ts';
import { startLeg } from './leg.ts';
import { lookAtMachine } from './machine.ts';
import { watchMemory } from './memory.ts';
import type { OpenRun } from './open-run.ts';
import type { Progress } from './progress.ts';
import { openServers, type Servers } from './servers.ts';
import { watchSignals, type Signals } from './signals.ts';
import { openStorage, type Storage } from './storage.ts';
import type { Streams } from './streams.ts';
import { fitToSay } from './secrets.ts';
import { safeLine } from './terminal.ts';

export interface Beside {
  readonly leg: Leg;
  readonly clock: Clock;
  readonly samples: Journal;
  readonly readings: Journal;
  readonly storage: Storage;
  readonly watch: ProbeSet;
  readonly servers: Servers;
  /** Puts on record what happened beside the asking; `ms`: how long it lasted or is to last. */
  readonly note: (happened: Happened) => void;
  /** This process could do nothing for so long, until now. */
  readonly notePause: OnPause;
  /** Of the person, and of a disk that refuses. */
  readonly signals: Signals;
  /** A second interrupt leaves at once: the terminal in order, the folder unlocked. */
  readonly onProgress: (progress: Progress) => void;
}

/** What happened, at this moment or for so long until now. */
export type Happened = Pick<RunEvent, 'event' | 'target' | 'ms' | 'because'> & {
  /** Wall clock at its beginning, ms since 1970; now unless said. */
  readonly at?: number;
};

export interface BesideInput {
  readonly run: OpenRun;
  readonly phase: Phase;
  readonly targets: readonly Target[];
  readonly graceMs: number;
  readonly durability: Durability;
  readonly streams: Streams;
}

/**
 * Opens it all, does the work, and closes it all again, whatever the work throws. Throws what the disk refused, unless
 * the person wanted to leave anyway.
 */
export async function beside<T>(input: BesideInput, work: (open: Beside) => Promise<T>): Promise<T> {
  const { run, phase, targets, streams } = input;
  let tidy = (): void => run.lock.release();
  const asked = watchSignals(
    input.graceMs,
    () => streams.warn('stopping: waiting for what is in flight (again to leave now)'),
    () => tidy(),
  );
  const clock = startClock();
  const leg = startLeg(run.manifest, phase, await lookAtMachine(targets));
  const storage = openStorage({
    folder: run.folder,
    lock: run.lock,
    durability: input.durability,
    say: (text) => streams.warn(text),
  });
  const { samples, readings } = storage;
  const signals = {
    ...asked,
    stop: AbortSignal.any([asked.stop, storage.stop]),
    cut: AbortSignal.any([asked.cut, storage.cut]),
  };
  const note = ({ event, target, ms, because, at = Date.now() }: Happened): void => {
    const head = { v: 1, kind: 'event', event, target, phase, leg: leg.id } as const;
    const known = ms === null ? null : Math.round(ms);
    readings.append(redactRecord({ ...head, ms: known, because, at } satisfies RunEvent, fitToSay));
  };
  const notePause: OnPause = (ms, onWall) =>
    note({ event: 'sleep', target: null, ms, because: pauseWords(onWall), at: Date.now() - ms });
  const watch = watchMemory({
    targets,
    leg: leg.id,
    take: (reading) => {
      readings.append(redactRecord(reading, fitToSay));
      const { target, at } = reading;
      if (reading.status === 'read' && reading.flags.includes('process-restarted'))
        note({ event: 'server-restarted', target, ms: null, because: '', at });
    },
    say: (text) => streams.warn(safeLine(text, 300)),
  });
  const servers = openServers({
    runFolder: run.folder,
    clock,
    stop: signals.stop,
    say: (text) => streams.say(safeLine(fitToSay(text), 600)),
    secretNames: targets.flatMap(({ apiKeyEnv }) => apiKeyEnv ?? []),
    onStart: (target, pid) => watch.attach(target, pid),
  });
  const onProgress = (progress: Progress): void => {
    tidy = () => {
      progress.stop();
      run.lock.release();
    };
  };
  const open = {
    leg,
    clock,
    samples,
    readings,
    storage,
    watch,
    servers,
    note,
    notePause,
    signals,
    onProgress,
  };
  const closeAll = async (): Promise<void> => {
    try {
      await servers.downAll();
      await watch.close();
    } finally {
      await storage.close();
      signals.done();
    }
  };
  let done: T;
  try {
    try {
      done = await work(open);
    } finally {
      await closeAll();
    }
  } catch (error) {
    // What followed from it says less than what the disk refused first.
    throw storage.verdict() ?? error;
  }
  const refused = storage.verdict();
  if (refused === null) return done;
  if (signals.received() === null) throw refused;
  streams.warn(refused.message);
  return done;
}

/** What is not certain of a pause. */
export const pauseWords = (onWall: boolean): string =>
  onWall ? 'by the clock on the wall, which may have been set' : '';

/** Starts the servers that are to be started, and notes what the devices held before. */
export async function bringUp(
  { watch, servers }: Beside,
  targets: readonly Target[],
  phase: Phase,
): Promise<void> {
  const launched = targets.filter((target) => target.launch !== null);
  if (launched.length === 0) return;
  await watch.measure('before-start', { phase, targets: launched.map((target) => target.id) });
  for (const target of launched) await servers.up(target);
}
