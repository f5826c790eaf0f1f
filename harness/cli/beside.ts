/** What runs beside the asking in one start of a run: journals, the watch over memory, the servers that we start. */
import path from 'node:path';
import type { ProbeSet } from '../probe/probe-set.ts';
import { openJournal, type Journal } from '../record/journal.ts';
import { redactor, redactRecord } from '../record/redact.ts';
import { files } from '../record/run-folder.ts';
import { startClock, type Clock } from '../run/clock.ts';
import type { Leg, Phase, Target } from '../types.ts';
import { lookAtMachine } from './machine.ts';
import { watchMemory } from './memory.ts';
import { startLeg, type OpenRun } from './open-run.ts';
import type { Progress } from './progress.ts';
import { openServers, type Servers } from './servers.ts';
import { watchSignals, type Signals } from './signals.ts';
import type { Streams } from './streams.ts';
import { safeLine } from './terminal.ts';

export interface Beside {
  readonly leg: Leg;
  readonly clock: Clock;
  readonly samples: Journal;
  readonly readings: Journal;
  readonly watch: ProbeSet;
  readonly servers: Servers;
  readonly signals: Signals;
  readonly redact: (text: string) => string;
  /** A second interrupt leaves at once: the terminal in order, the folder unlocked. */
  readonly onProgress: (progress: Progress) => void;
}

export interface BesideInput {
  readonly run: OpenRun;
  readonly phase: Phase;
  readonly targets: readonly Target[];
  readonly keys: ReadonlyMap<string, string>;
  readonly graceMs: number;
  readonly streams: Streams;
}

/** Opens it all, does the work, and closes it all again, whatever the work throws. */
export async function beside<T>(input: BesideInput, work: (open: Beside) => Promise<T>): Promise<T> {
  const { run, phase, targets, keys, streams } = input;
  let tidy = (): void => run.lock.release();
  const signals = watchSignals(
    input.graceMs,
    () => streams.warn('stopping: waiting for what is in flight (again to leave now)'),
    () => tidy(),
  );
  const redact = redactor([...keys.values()]);
  const clock = startClock();
  const leg = startLeg(run.manifest, phase, await lookAtMachine(targets));
  const samples = openJournal(path.join(run.folder, files.samples));
  const readings = openJournal(path.join(run.folder, files.readings));
  const watch = watchMemory({
    targets,
    leg: leg.id,
    take: (reading) => readings.append(redactRecord(reading, redact)),
    say: (text) => streams.warn(safeLine(text, 300)),
  });
  const servers = openServers({
    runFolder: run.folder,
    clock,
    stop: signals.stop,
    say: (text) => streams.say(safeLine(redactRecord(text, redact), 600)),
    onStart: (target, pid) => watch.attach(target, pid),
  });
  const onProgress = (progress: Progress): void => {
    tidy = () => {
      progress.stop();
      run.lock.release();
    };
  };
  try {
    return await work({ leg, clock, samples, readings, watch, servers, signals, redact, onProgress });
  } finally {
    await servers.downAll();
    await watch.close();
    samples.close();
    readings.close();
    signals.done();
  }
}

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
