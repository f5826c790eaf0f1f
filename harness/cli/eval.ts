/** `visavis eval`: plan, ask, record, score, report, in this order and with files between. */
import { exitCode, personError } from '../errors.ts';
import type { Durability } from '../record/journal.ts';
import { describeShard, ownCells } from '../plan/shard.ts';
import { writeEarlier } from '../record/earlier.ts';
import { writeManifest } from '../record/manifest.ts';
import { redactRecord } from '../record/redact.ts';
import { findRun, pointLatest } from '../record/run-folder.ts';
import type { EarlierRun, Shard } from '../types.ts';
import { accessWarnings, readAuthority, readKeys } from './credentials.ts';
import { descriptorWarnings } from './descriptors.ts';
import { printDryRun } from './dry-run.ts';
import { readEarlier } from './earlier.ts';
import { recordOf } from './endpoints.ts';
import { exitOf } from './gates.ts';
import { understand } from './invocation.ts';
import { createRun, reopenRun, type OpenRun } from './open-run.ts';
import { resumeCommand, unnamedOrigins, type Naming } from './naming.ts';
import { prepare, type Invocation, type Prepared } from './prepare.ts';
import type { QueueWords } from './queue-address.ts';
import { lookAndAsk, sayWarning, type Asked, type Means } from './quality.ts';
import { withoutSecrets } from './secrets.ts';
import { shardExit } from './shard-exit.ts';
import { spareMemory } from './sparing.ts';
import { measureSpeed } from './speed.ts';
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
  /** Only this part of the plan; null: all of it, or that of the run that is gone on with. */
  readonly shard: Shard | null;
  /** A run to go on with; '' = the newest; null = a new run. */
  readonly resume: string | null;
  readonly retryErrors: boolean;
  /** What the run must bear out: expressions, and files of them. */
  readonly gates: readonly string[];
  /** A run to compare it with; null: none, or with `resume` the one it is compared with already. */
  readonly baseline: string | null;
  /** Load the servers when the questions are answered, and measure them under it. */
  readonly speed: boolean;
  /** How many workers hold that load together; null: this process does, or as many as did before. */
  readonly clients: number | null;
  /** Ask the baseline twice and nobody else: what differs is noise. */
  readonly aa: boolean;
  readonly dryRun: boolean;
  /** Where the questions are put for workers; null: they are asked from here. */
  readonly queue: QueueWords | null;
  /** Look at the endpoints before anything of the plan is sent. */
  readonly preflight: boolean;
  readonly graceMs: number;
  /** `strict`: an answer is counted when it is on the disk. */
  readonly durability: Durability;
  /** Take a run folder over from a process that is silent. */
  readonly forceUnlock: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly color: boolean;
}

export async function runEval(
  suites: readonly string[],
  options: EvalOptions,
  program: string,
): Promise<number> {
  spareMemory('asking');
  const streams = openStreams({ color: options.color, quiet: options.quiet || options.json });
  if (options.retryErrors && options.resume === null) throw personError('--retry-errors goes with --resume');
  const found =
    options.resume === null ? null : findRun(options.output, options.resume === '' ? null : options.resume);
  const { baseline } = options;
  const before = baseline === null ? null : findRun(options.output, baseline === 'latest' ? null : baseline);
  const earlier = before === null ? null : readEarlier(before, (line) => streams.warn(`${before}: ${line}`));
  const { resumed, invocation, moved, naming } = understand({ ...options, suites, earlier: before }, found);
  if (moved) streams.say(`the suites and targets of this run are taken from ${process.cwd()}`);
  if (options.clients !== null) refuseLoneClients(options, invocation);
  const prepared = await prepare(invocation);
  printProblems(streams, prepared.warnings);
  if (options.dryRun) {
    printDryRun(streams, prepared, invocation, options.json);
    return exitCode.done;
  }
  const clients = invocation.clients ?? null;
  const { close, ...means } = await meansOf(prepared, naming, program, { ...options, clients }, streams);
  try {
    for (const warning of means.warnings) sayWarning(streams, warning);
    const opened =
      resumed === null
        ? createRun(options.output, prepared, invocation)
        : reopenRun(resumed, { prepared, invocation, ...options });
    const run = earlier === null ? opened : keepEarlier(opened, earlier);
    try {
      const goOn = resumeCommand(run.folder, prepared.targets.targets, naming);
      return await session(run, means, options, streams, goOn);
    } finally {
      run.lock.release();
    }
  } finally {
    close();
  }
}

/** The words that say who holds the load mean nothing without one, and without anybody to hold it. */
function refuseLoneClients({ queue }: EvalOptions, { speed }: Invocation): void {
  if (queue === null)
    throw personError('--clients says how many workers hold the load, and workers are told over a queue', {
      hint: 'give --queue redis://host:6379 too, or leave --clients out: then this process holds it',
    });
  if (speed !== true)
    throw personError('--clients says how many workers hold the load of the speed phase, and there is none', {
      hint: 'give --speed too, or leave --clients out',
    });
}

/** From here with the keys of the targets, or through workers that hold theirs. */
async function meansOf(
  prepared: Prepared,
  naming: Naming,
  program: string,
  { queue, clients }: EvalOptions,
  streams: Streams,
): Promise<Means & { readonly close: () => void }> {
  const { targets } = prepared.targets;
  if (queue !== null) {
    // Loaded by those who ask for it alone.
    const { openCoordinator } = await import('./queue.ts');
    const coordinator = await openCoordinator({ ...queue, clients }, prepared, streams);
    return { prepared, targets, keys: new Map(), program, warnings: [], ...coordinator };
  }
  const keys = readKeys(targets, naming);
  for (const text of unnamedOrigins(targets, naming)) sayWarning(streams, text);
  for (const target of targets) readAuthority(target);
  const warnings = [...accessWarnings(targets, keys), ...descriptorWarnings(targets)];
  return { prepared, targets, keys, program, warnings, close: () => {} };
}

/** A copy of the run it is compared with, in the folder and named in the manifest. */
function keepEarlier(run: OpenRun, earlier: EarlierRun): OpenRun {
  try {
    writeEarlier(run.folder, redactRecord(earlier, withoutSecrets));
    const manifest = { ...run.manifest, earlier: earlier.name };
    writeManifest(run.folder, manifest);
    return { ...run, manifest };
  } catch (error) {
    run.lock.release();
    throw error;
  }
}

async function session(
  run: OpenRun,
  means: Means,
  options: EvalOptions,
  streams: Streams,
  goOn: string,
): Promise<number> {
  for (const remark of run.remarks) streams.warn(remark);
  for (const target of means.prepared.targets.targets) {
    const { authored } = recordOf(target);
    if (authored !== null) streams.say(streams.paintErr('yellow', `${target.id}: ${safeLine(authored)}`));
  }
  if (options.resume === null) pointLatest(run.folder);
  const { shard } = run.manifest;
  if (shard !== undefined) {
    const { plan } = means.prepared;
    streams.say(
      `${describeShard(shard)}: ${ownCells(plan, shard).length} of ${plan.cells.length} cells are its own`,
    );
  }
  refuseOwnLoad(run, means);
  if (run.open.length === 0 && run.speedOpen.length === 0)
    streams.say('nothing is missing: no request was sent');
  const asked = await askInTurn(run, means, options, streams);
  if (asked === null) {
    streams.warn(`nothing was sent; mend that, then go on with: ${goOn}`);
    return exitCode.aborted;
  }
  if (asked.signal !== null) {
    streams.warn(`interrupted; go on with: ${goOn}`);
    return asked.signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
  }
  const { aborted, gone } = asked;
  if (aborted.some(({ failure }) => failure.code === 'heap-limit')) {
    // Scoring needs memory of its own, and there is none.
    sayAborted(streams, goOn, aborted);
    return exitCode.aborted;
  }
  // Its code takes a third of a run's memory: not before its turn.
  const { deriveRun, printResult } = await import('./derived.ts');
  const report = await deriveRun(run.folder, streams, options.quiet || options.json);
  const { summary } = report;
  printResult(streams, run.folder, summary, options.json);
  if (aborted.length > 0 || gone.length > 0) {
    sayAborted(streams, goOn, aborted);
    return exitCode.aborted;
  }
  return shardExit(report) ?? exitOf(summary);
}

/** A load that several clients were to hold is not held by this process instead. */
function refuseOwnLoad({ speedOpen, manifest, folder }: OpenRun, { load }: Means): void {
  const { clients } = manifest.invocation;
  if (speedOpen.length === 0 || load !== undefined || typeof clients !== 'number') return;
  throw personError(`the load of this run comes from ${clients} clients, over a queue`, {
    hint: `visavis eval --resume ${folder} --queue redis://host:6379`,
  });
}

function sayAborted(streams: Streams, goOn: string, aborted: Asked['aborted']): void {
  for (const { target, failure } of aborted) {
    streams.warn(
      `${streams.paintErr('red', 'error')} target ${target}: ${failure.code}: ${safeLine(failure.message, 300)}`,
    );
  }
  streams.warn(`mend that, then go on with: ${goOn}`);
}

/** The questions, target after target where one server runs at a time; then the load. null: nothing could be sent. */
async function askInTurn(
  run: OpenRun,
  means: Means,
  options: EvalOptions,
  streams: Streams,
): Promise<Asked | null> {
  const { targets, order } = means.prepared.targets;
  const groups = order === 'by-target' ? targets.map((target) => [target]) : [targets];
  let all: Asked = { aborted: [], gone: [], signal: null, manifest: run.manifest };
  for (const group of groups) {
    const open = run.open.filter((cell) => group.some((target) => target.id === cell.target));
    if (open.length === 0) continue;
    const part = { ...run, manifest: all.manifest, open };
    const asked = await lookAndAsk(part, { ...means, targets: group }, options, streams);
    if (asked === null) return null;
    all = { ...asked, aborted: [...all.aborted, ...asked.aborted] };
    if (asked.signal !== null) return all;
  }
  if (run.speedOpen.length === 0 || all.aborted.length > 0) return all;
  const { manifest } = all;
  const measure = means.load ?? measureSpeed;
  return { ...all, ...(await measure({ ...run, manifest }, means, options, streams)) };
}
