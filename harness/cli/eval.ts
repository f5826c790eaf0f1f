/** `visavis eval`: plan, ask, record, score, report, in this order and with files between. */
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import { order } from '../plan/order.ts';
import { openJournal } from '../record/journal.ts';
import { writeManifest } from '../record/manifest.ts';
import { redactor, redactRecord } from '../record/redact.ts';
import { files, findRun, pointLatest } from '../record/run-folder.ts';
import { startClock } from '../run/clock.ts';
import { execute, type ExecuteResult } from '../run/execute.ts';
import { startWatch } from '../run/watch.ts';
import type { Leg, Manifest, Sample } from '../types.ts';
import { accessWarnings, readAuthority, readKeys } from './credentials.ts';
import { completeness, deriveRun, printResult } from './derived.ts';
import { printDryRun } from './dry-run.ts';
import { openEndpoints, recordOf } from './endpoints.ts';
import { understand } from './invocation.ts';
import { leftOutWarnings } from './left-out.ts';
import { lookAt, type Look } from './look.ts';
import { watchMemory } from './memory.ts';
import { createRun, reopenRun, startLeg, type OpenRun } from './open-run.ts';
import { prepare, type Prepared } from './prepare.ts';
import { measureSpeed } from './speed.ts';
import { startProgress, type Progress } from './progress.ts';
import { watchSignals, type Signals } from './signals.ts';
import { openStreams, printProblems, type Streams } from './streams.ts';
import { safeLine } from './terminal.ts';

export interface EvalOptions {
  readonly targetsFile: string | null;
  readonly targetFlags: readonly string[];
  readonly output: string;
  readonly concurrency: number | null;
  readonly repeat: number | null;
  readonly languages: readonly string[] | null;
  readonly filterTests: string | null;
  readonly limit: number | null;
  readonly seed: number | null;
  /** A run to go on with; '' = the newest; null = a new run. */
  readonly resume: string | null;
  readonly retryErrors: boolean;
  /** Load the servers when the questions are answered, and measure them under it. */
  readonly speed: boolean;
  /** Ask the baseline twice and nobody else: what differs is noise. */
  readonly aa: boolean;
  readonly dryRun: boolean;
  /** Look at the endpoints before anything of the plan is sent. */
  readonly preflight: boolean;
  readonly graceMs: number;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly color: boolean;
}

export async function runEval(
  suites: readonly string[],
  options: EvalOptions,
  program: string,
): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.quiet || options.json });
  if (options.retryErrors && options.resume === null) throw personError('--retry-errors goes with --resume');
  const found =
    options.resume === null ? null : findRun(options.output, options.resume === '' ? null : options.resume);
  const { resumed, invocation, moved } = understand({ ...options, suites }, found);
  if (moved) streams.say(`the suites and targets of this run are taken from ${process.cwd()}`);
  const prepared = await prepare(invocation);
  printProblems(streams, prepared.warnings);
  if (options.dryRun) {
    printDryRun(streams, prepared, invocation, options.json);
    return exitCode.done;
  }
  const { targets } = prepared.targets;
  const keys = readKeys(targets);
  for (const target of targets) readAuthority(target);
  const means = { prepared, keys, program, warnings: accessWarnings(targets, keys) };
  for (const warning of means.warnings) sayWarning(streams, warning);
  const run =
    resumed === null
      ? createRun(options.output, prepared, invocation)
      : reopenRun(resumed, prepared, invocation, options.retryErrors);
  try {
    return await session(run, means, options, streams);
  } finally {
    run.lock.release();
  }
}

function sayWarning(streams: Streams, text: string): void {
  streams.warn(streams.paintErr('yellow', `warning ${safeLine(text, 400)}`));
}

async function session(run: OpenRun, means: Means, options: EvalOptions, streams: Streams): Promise<number> {
  for (const remark of run.remarks) streams.warn(remark);
  for (const target of means.prepared.targets.targets) {
    const { authored } = recordOf(target);
    if (authored !== null) streams.say(streams.paintErr('yellow', `${target.id}: ${safeLine(authored)}`));
  }
  if (options.resume === null) pointLatest(run.folder);
  let aborted: ExecuteResult['aborted'] = [];
  let gone: readonly string[] = [];
  if (run.open.length === 0 && run.speedOpen.length === 0)
    streams.say('nothing is missing: no request was sent');
  else {
    const asked = await lookAndAsk(run, means, options, streams);
    if (asked === null) {
      streams.warn(`nothing was sent; mend that, then go on with: visavis eval --resume ${run.folder}`);
      return exitCode.aborted;
    }
    if (asked.signal !== null) {
      streams.warn(`interrupted; go on with: visavis eval --resume ${run.folder}`);
      return asked.signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
    }
    ({ aborted, gone } = asked);
  }
  if (aborted.some(({ failure }) => failure.code === 'heap-limit')) {
    // Scoring needs memory of its own, and there is none.
    sayAborted(streams, run, aborted);
    return exitCode.aborted;
  }
  const { summary } = await deriveRun(run.folder);
  printResult(streams, run.folder, summary, options.json);
  if (aborted.length > 0 || gone.length > 0) {
    sayAborted(streams, run, aborted);
    return exitCode.aborted;
  }
  return completeness(summary);
}

function sayAborted(streams: Streams, run: OpenRun, aborted: ExecuteResult['aborted']): void {
  for (const { target, failure } of aborted) {
    streams.warn(
      `${streams.paintErr('red', 'error')} target ${target}: ${failure.code}: ${safeLine(failure.message, 300)}`,
    );
  }
  streams.warn(`mend that, then go on with: visavis eval --resume ${run.folder}`);
}

/** Data URLs of every image in the plan, by SHA-256. */
function imagesOf({ suites }: Prepared): Record<string, string> {
  return Object.fromEntries(suites.flatMap((suite) => Object.entries(suite.images)));
}

/** The phase of this run: questions as they stand in the suites. */
const quality = { phase: 'quality' } as const;

const nothingSeen: Look = { facts: new Map(), errors: 0, warnings: [] };

/** The run with what its servers said of themselves in the manifest. */
function withFacts(run: OpenRun, { facts, warnings: seen }: Look): OpenRun {
  const targets = run.manifest.targets.map((target) => ({
    ...target,
    facts: facts.get(target.id) ?? target.facts,
  }));
  const warnings = [...new Set([...run.manifest.warnings, ...seen])];
  return { ...run, manifest: { ...run.manifest, targets, warnings } };
}

interface Means {
  readonly prepared: Prepared;
  readonly keys: ReadonlyMap<string, string>;
  readonly program: string;
  /** What is risky about the targets, for the report. */
  readonly warnings: readonly string[];
}

interface Asked {
  readonly aborted: ExecuteResult['aborted'];
  /** Targets that stopped answering in the speed phase. */
  readonly gone: readonly string[];
  readonly signal: 'SIGINT' | 'SIGTERM' | null;
}

/** null: the look found a fault, and nothing was sent. */
async function lookAndAsk(
  run: OpenRun,
  means: Means,
  options: EvalOptions,
  streams: Streams,
): Promise<Asked | null> {
  let tidy = (): void => run.lock.release();
  const signals = watchSignals(
    options.graceMs,
    () => streams.warn('stopping: waiting for what is in flight (again to leave now)'),
    () => tidy(),
  );
  try {
    const { targets } = means.prepared.targets;
    const look = options.preflight
      ? await lookAt(targets, means.keys, run.open, streams, signals.stop)
      : nothingSeen;
    const early = signals.received();
    if (early !== null) return { aborted: [], gone: [], signal: early };
    if (look.errors > 0) return null;
    const leftOut = leftOutWarnings(targets, run.open, look.facts);
    for (const warning of leftOut) sayWarning(streams, warning);
    const seen = { ...look, warnings: [...means.warnings, ...leftOut, ...look.warnings] };
    const under = {
      signals,
      facts: look.facts,
      onProgress: (progress: Progress) => {
        tidy = () => {
          progress.stop();
          run.lock.release();
        };
      },
    };
    return await askAll(withFacts(run, seen), means, options, streams, under);
  } finally {
    signals.done();
  }
}

interface Circumstances {
  readonly signals: Signals;
  readonly facts: Look['facts'];
  readonly onProgress: (progress: Progress) => void;
}

async function askAll(
  run: OpenRun,
  { prepared, keys, program }: Means,
  options: EvalOptions,
  streams: Streams,
  { signals, facts, onProgress }: Circumstances,
): Promise<Asked> {
  const clock = startClock();
  const { targets } = prepared.targets;
  const endpoints = await openEndpoints(targets, keys, program, clock, imagesOf(prepared), facts);
  const redact = redactor([...keys.values()]);
  let progress: Progress | null = null;
  let sent = 0;
  let result: ExecuteResult;
  let leg: Leg;
  try {
    const samples = openJournal(path.join(run.folder, files.samples));
    const readings = openJournal(path.join(run.folder, files.readings));
    const ids = targets.map((target) => target.id);
    leg = startLeg(run.manifest);
    writeManifest(run.folder, withLeg(run.manifest, leg));
    const watch = watchMemory({
      targets,
      pids: endpoints.pids,
      leg: leg.id,
      take: (reading) => readings.append(redactRecord(reading, redact)),
      say: (text) => streams.warn(safeLine(text, 300)),
    });
    const totals = new Map(ids.map((id) => [id, run.open.filter((cell) => cell.target === id).length]));
    const shown = startProgress({ stream: streams.err, totals, quiet: options.quiet || options.json, clock });
    progress = shown;
    onProgress(shown);
    const own = startWatch({ clock, now: Date.now });
    try {
      await watch.measure('idle', quality);
      await watch.startLoad(quality);
      result = await execute({
        lanes: order(run.open, targets, run.manifest.seed).map((lane) => lane.blocks),
        askers: endpoints.askers,
        attemptsBefore: run.attemptsBefore,
        cutBefore: run.cutBefore,
        watch: own,
        leg: leg.id,
        clock,
        random: Math.random,
        record: (sample: Sample) => {
          samples.append(redactRecord(sample, redact));
          sent += 1;
        },
        stop: signals.stop,
        cut: signals.cut,
        say: (text) => streams.warn(text),
        onSettled: (cell, sample) => shown.tick(cell.target, sample.outcome.kind === 'failed'),
      });
      await watch.endLoad();
      // Who is told to leave has no time for a thorough look.
      if (signals.received() === null) await watch.measure('after', quality);
    } finally {
      own.stop();
      await watch.close();
    }
    samples.close();
    readings.close();
  } finally {
    progress?.stop();
    await endpoints.stop();
  }
  const failed = signals.received() !== null || result.aborted.length > 0;
  const gone =
    failed || run.speedOpen.length === 0
      ? []
      : await measureSpeed(
          run,
          {
            prepared,
            keys,
            program,
            facts,
            signals,
            leg: leg.id,
            quiet: options.quiet || options.json,
            onProgress,
          },
          streams,
        );
  const signal = signals.received();
  const end =
    signal !== null ? 'interrupted' : result.aborted.length + gone.length > 0 ? 'aborted' : 'complete';
  const code =
    signal === 'SIGINT'
      ? exitCode.interrupted
      : signal === 'SIGTERM'
        ? exitCode.terminated
        : result.aborted.length + gone.length > 0
          ? exitCode.aborted
          : null;
  writeManifest(
    run.folder,
    withLeg(run.manifest, { ...leg, endedAt: new Date().toISOString(), end, exitCode: code, sent }),
  );
  return { aborted: redactRecord(result.aborted, redact), gone, signal };
}

function withLeg(manifest: Manifest, leg: Leg): Manifest {
  return { ...manifest, legs: [...manifest.legs, leg] };
}
