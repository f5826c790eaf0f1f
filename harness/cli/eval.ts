/** `visavis eval`: plan, ask, record, score, report, in this order and with files between. */
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import { order } from '../plan/order.ts';
import { processProbe } from '../probe/process.ts';
import { poll } from '../probe/poll.ts';
import { openJournal } from '../record/journal.ts';
import { writeManifest } from '../record/manifest.ts';
import { redactor, redactRecord } from '../record/redact.ts';
import { files, findRun, pointLatest } from '../record/run-folder.ts';
import { startClock } from '../run/clock.ts';
import { execute, type ExecuteResult } from '../run/execute.ts';
import type { Leg, Manifest, Sample } from '../types.ts';
import { completeness, deriveRun, printResult } from './derived.ts';
import { printDryRun } from './dry-run.ts';
import { keyWarnings, openEndpoints, readKeys, recordOf } from './endpoints.ts';
import { lookAt, type Look } from './look.ts';
import { createRun, invocationOf, reopenRun, startLeg, type OpenRun } from './open-run.ts';
import { defaultTargets, prepare, type Invocation, type Prepared } from './prepare.ts';
import { startProgress } from './progress.ts';
import { watchSignals } from './signals.ts';
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
  readonly dryRun: boolean;
  /** Look at the endpoints before anything of the plan is sent. */
  readonly preflight: boolean;
  readonly graceMs: number;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly color: boolean;
}

/** Fixed, so that the same suites give the same order everywhere unless a person says otherwise. */
const defaultSeed = 42;

export async function runEval(
  suites: readonly string[],
  options: EvalOptions,
  program: string,
): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.quiet || options.json });
  if (options.retryErrors && options.resume === null) throw personError('--retry-errors goes with --resume');
  const resumed =
    options.resume === null ? null : findRun(options.output, options.resume === '' ? null : options.resume);
  const invocation = invocationFor(suites, options, resumed === null ? null : invocationOf(resumed));
  const prepared = await prepare(invocation);
  printProblems(streams, prepared.warnings);
  if (options.dryRun) {
    printDryRun(streams, prepared, invocation, options.json);
    return exitCode.done;
  }
  const keys = readKeys(prepared.targets.targets);
  for (const warning of keyWarnings(prepared.targets.targets))
    streams.warn(streams.paintErr('yellow', `warning ${warning}`));
  const run =
    resumed === null
      ? createRun(options.output, prepared, invocation)
      : reopenRun(resumed, prepared, options.retryErrors);
  try {
    return await session(run, prepared, keys, options, program, streams);
  } finally {
    run.lock.release();
  }
}

function invocationFor(
  suites: readonly string[],
  options: EvalOptions,
  before: Invocation | null,
): Invocation {
  const named = options.targetsFile !== null || options.targetFlags.length > 0;
  return {
    suites: suites.length > 0 ? suites.map(fromHere) : (before?.suites ?? ['suites']),
    targetsFile: named
      ? options.targetsFile && fromHere(options.targetsFile)
      : (before?.targetsFile ?? (before === null ? defaultTargets : null)),
    targetFlags: named ? options.targetFlags : (before?.targetFlags ?? []),
    concurrency: options.concurrency ?? before?.concurrency ?? null,
    repeat: options.repeat ?? before?.repeat ?? null,
    languages: options.languages ?? before?.languages ?? null,
    filterTests: options.filterTests ?? before?.filterTests ?? null,
    limit: options.limit ?? before?.limit ?? null,
    seed: options.seed ?? before?.seed ?? defaultSeed,
  };
}

/** Run folders travel: paths in them are relative to where the command was given. */
function fromHere(file: string): string {
  return path.isAbsolute(file) ? path.relative(process.cwd(), file) || '.' : file;
}

async function session(
  run: OpenRun,
  prepared: Prepared,
  keys: ReadonlyMap<string, string>,
  options: EvalOptions,
  program: string,
  streams: Streams,
): Promise<number> {
  for (const remark of run.remarks) streams.warn(remark);
  for (const target of prepared.targets.targets) {
    const { authored } = recordOf(target);
    if (authored !== null) streams.say(streams.paintErr('yellow', `${target.id}: ${safeLine(authored)}`));
  }
  if (options.resume === null) pointLatest(run.folder);
  let aborted: ExecuteResult['aborted'] = [];
  if (run.open.length === 0) streams.say('nothing is missing: no request was sent');
  else {
    const look = options.preflight
      ? await lookAt(prepared.targets.targets, keys, run.open, streams)
      : nothingSeen;
    if (look.errors > 0) {
      streams.warn(
        `nothing was sent; mend that, then go on with: visavis eval --resume ${path.basename(run.folder)}`,
      );
      return exitCode.aborted;
    }
    const asked = await askAll(
      withFacts(run, look),
      { prepared, keys, program, facts: look.facts },
      options,
      streams,
    );
    if (asked.signal !== null) {
      streams.warn(`interrupted; go on with: visavis eval --resume ${path.basename(run.folder)}`);
      return asked.signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
    }
    aborted = asked.aborted;
  }
  const { summary } = await deriveRun(run.folder);
  printResult(streams, run.folder, summary, options.json);
  for (const { target, failure } of aborted) {
    streams.warn(
      `${streams.paintErr('red', 'error')} target ${target}: ${failure.code}: ${safeLine(failure.message, 300)}`,
    );
  }
  if (aborted.length > 0) {
    streams.warn(`mend that, then go on with: visavis eval --resume ${path.basename(run.folder)}`);
    return exitCode.aborted;
  }
  return completeness(summary);
}

/** Data URLs of every image in the plan, by SHA-256. */
function imagesOf({ suites }: Prepared): Record<string, string> {
  return Object.fromEntries(suites.flatMap((suite) => Object.entries(suite.images)));
}

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
  readonly facts: Look['facts'];
}

interface Asked {
  readonly aborted: ExecuteResult['aborted'];
  readonly signal: 'SIGINT' | 'SIGTERM' | null;
}

async function askAll(
  run: OpenRun,
  { prepared, keys, program, facts }: Means,
  options: EvalOptions,
  streams: Streams,
): Promise<Asked> {
  const clock = startClock();
  const { targets } = prepared.targets;
  const endpoints = await openEndpoints(targets, keys, program, clock, imagesOf(prepared), facts);
  const redact = redactor([...keys.values()]);
  const samples = openJournal(path.join(run.folder, files.samples));
  const readings = openJournal(path.join(run.folder, files.readings));
  const probe = processProbe(endpoints.pids, Date.now);
  const ids = targets.map((target) => target.id);
  const measure = async (moment: 'idle' | 'after'): Promise<void> => {
    for (const id of ids) readings.append(await probe.read(id, moment));
  };
  const signals = watchSignals(options.graceMs, () =>
    streams.warn('stopping: waiting for the answers in flight (again to leave now)'),
  );
  const leg = startLeg(run.manifest);
  const enterLeg = (ended: Leg): void => writeManifest(run.folder, withLeg(run.manifest, ended));
  enterLeg(leg);
  const totals = new Map(ids.map((id) => [id, run.open.filter((cell) => cell.target === id).length]));
  const progress = startProgress({
    stream: streams.err,
    totals,
    quiet: options.quiet || options.json,
    clock,
  });
  let sent = 0;
  let result: ExecuteResult;
  try {
    await measure('idle');
    const stopPolling = poll(probe, [...endpoints.pids.keys()], (reading) => readings.append(reading));
    try {
      result = await execute({
        lanes: order(run.open, targets, run.manifest.seed).map((lane) => lane.blocks),
        askers: endpoints.askers,
        attemptsBefore: run.attemptsBefore,
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
        onSettled: (cell, sample) => progress.tick(cell.target, sample.outcome.kind === 'failed'),
      });
    } finally {
      stopPolling();
    }
    await measure('after');
    samples.close();
    readings.close();
  } finally {
    progress.stop();
    signals.done();
    await endpoints.stop();
  }
  const signal = signals.received();
  const end = signal !== null ? 'interrupted' : result.aborted.length > 0 ? 'aborted' : 'complete';
  const code =
    signal === 'SIGINT'
      ? exitCode.interrupted
      : signal === 'SIGTERM'
        ? exitCode.terminated
        : result.aborted.length > 0
          ? exitCode.aborted
          : null;
  enterLeg({ ...leg, endedAt: new Date().toISOString(), end, exitCode: code, sent });
  return { aborted: redactRecord(result.aborted, redact), signal };
}

function withLeg(manifest: Manifest, leg: Leg): Manifest {
  return { ...manifest, legs: [...manifest.legs, leg] };
}
