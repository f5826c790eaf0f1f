/**
 * `visavis work`: asks for a run that is coordinated elsewhere. It makes the plan from its own suites and targets and takes
 * part only where it is the same, holds its own keys, and writes every attempt into a run folder of its own before anybody
 * else hears of it.
 */
import { hostname } from 'node:os';
import { exitCode, personError } from '../errors.ts';
import type { Durability } from '../record/journal.ts';
import { hashLines } from '../record/plan-file.ts';
import { redactSample } from '../record/redact.ts';
import { startClock } from '../run/clock.ts';
import { openBroker, type Broker } from '../run/queue/broker.ts';
import { defaultTimes } from '../run/queue/names.ts';
import { findRuns, whyUnfit, type RunEntry } from '../run/queue/registry.ts';
import { work, type Opened, type WorkEnd } from '../run/queue/work.ts';
import { sleep } from '../run/sleep.ts';
import { startWatch } from '../run/watch.ts';
import type { RunEvent, Target } from '../types.ts';
import { pauseWords } from './beside.ts';
import { accessWarnings, readAuthority, readKeys } from './credentials.ts';
import { openEndpoints, type Endpoints } from './endpoints.ts';
import { understand, type Words } from './invocation.ts';
import { closeLeg, recordLeg, startLeg } from './leg.ts';
import { lookAtMachine } from './machine.ts';
import { createRun, planLines, type OpenRun } from './open-run.ts';
import { imagesIn, prepare, type Prepared } from './prepare.ts';
import { sayWarning } from './quality.ts';
import { readQueueAddress, type QueueWords } from './queue-address.ts';
import { refuseServersOfOurs } from './queue.ts';
import { fitToSay, withoutSecrets, type Keys } from './secrets.ts';
import { watchSignals, type Signals } from './signals.ts';
import { openStorage } from './storage.ts';
import { openStreams, printProblems, type Streams } from './streams.ts';
import { safeLine } from './terminal.ts';
import { version } from './version.ts';
import { loadMeans, lookOnce, type Looks } from './work-load.ts';

export interface WorkOptions extends Omit<
  Words,
  'suites' | 'seed' | 'speed' | 'clients' | 'shard' | 'gates' | 'earlier'
> {
  readonly queue: QueueWords;
  /** The one run to take part in; null: the newest that fits. */
  readonly run: string | null;
  readonly output: string;
  readonly preflight: boolean;
  readonly graceMs: number;
  /** `strict`: an answer is reported when it is on the disk. */
  readonly durability: Durability;
  /** How long to stay without a run or its coordinator, ms. */
  readonly waitMs: number;
  readonly quiet: boolean;
  readonly color: boolean;
}

interface Means {
  readonly prepared: Prepared;
  readonly keys: Keys;
  readonly broker: Broker;
  readonly program: string;
  readonly signals: Signals;
  readonly streams: Streams;
}

export async function runWork(
  suites: readonly string[],
  options: WorkOptions,
  program: string,
): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.quiet });
  const address = readQueueAddress(options.queue);
  const { invocation, naming } = understand(
    { ...options, suites, seed: null, speed: false, shard: null, gates: [] },
    null,
  );
  const prepared = await prepare(invocation);
  printProblems(streams, prepared.warnings);
  const { targets } = prepared.targets;
  refuseServersOfOurs(prepared.targets);
  const keys = readKeys(targets, naming);
  for (const target of targets) readAuthority(target);
  for (const warning of accessWarnings(targets, keys)) sayWarning(streams, warning);
  const broker = await openBroker(address);
  let tidy = (): void => {};
  const signals = watchSignals(
    options.graceMs,
    () => streams.warn('stopping: waiting for what is in flight (again to leave now)'),
    () => tidy(),
  );
  try {
    for (const warning of broker.warnings) sayWarning(streams, warning);
    const planHash = hashLines(planLines(prepared.plan));
    const found = await waitForRun(broker, planHash, options, signals, streams);
    if (found === null) return leftBy(signals) ?? exitCode.aborted;
    const own = createRun(options.output, prepared, invocation);
    tidy = () => own.lock.release();
    try {
      return await session(own, found, { prepared, keys, broker, program, signals, streams }, options);
    } finally {
      own.lock.release();
    }
  } finally {
    signals.done();
    broker.close();
  }
}

function leftBy(signals: Signals): number | null {
  const signal = signals.received();
  return signal === null ? null : signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
}

/** The run that wants this worker; null: none came in time. Throws where there are runs and none of them does. */
async function waitForRun(
  broker: Broker,
  planHash: string,
  { run, waitMs, queue }: WorkOptions,
  { stop }: Signals,
  streams: Streams,
): Promise<RunEntry | null> {
  const times = queue.times ?? defaultTimes;
  const self = { tool: version, planHash };
  const clock = startClock();
  for (let said = false; !stop.aborted; said = true) {
    const found = await broker.whileThere(findRuns(broker.client, self, run), waitMs);
    if (found === null)
      throw personError(`there is no queue at ${broker.address.shown} any more`, { exit: exitCode.aborted });
    const { fitting, others } = found;
    if (fitting !== null) return fitting;
    const [other] = others;
    if (other !== undefined)
      throw personError(
        safeLine(`run ${other.run} is not for this worker: ${whyUnfit(other, self) ?? ''}`, 300),
        {
          hint: 'a worker takes the same visavis, suites and targets as its run, and the same words that choose among them',
        },
      );
    if (!said) streams.say(`no run has the plan ${planHash.slice(0, 8)} yet: waiting`);
    if (clock() >= waitMs) break;
    await sleep(times.beatMs, stop);
  }
  if (!stop.aborted) streams.warn(`no run came in ${Math.round(waitMs / 1000)} s`);
  return null;
}

async function session(own: OpenRun, found: RunEntry, means: Means, options: WorkOptions): Promise<number> {
  const { prepared, broker, signals, streams } = means;
  const { targets } = prepared.targets;
  const clock = startClock();
  const started = startLeg(own.manifest, 'quality', await lookAtMachine(targets));
  // No other worker's start has this name, so the folders of all can be put together with merge.
  const leg = { ...started, id: `${own.manifest.run}-${started.id}` };
  const { folder, lock } = own;
  const storage = openStorage({
    folder,
    lock,
    durability: options.durability,
    say: (text) => streams.warn(text),
  });
  const { samples } = storage;
  const watch = startWatch({
    clock,
    now: Date.now,
    onPause: (ms, onWall) =>
      storage.readings.append({
        v: 1,
        kind: 'event',
        event: 'sleep',
        target: null,
        phase: 'quality',
        leg: leg.id,
        ms: Math.round(ms),
        because: pauseWords(onWall),
        at: Date.now() - Math.round(ms),
      } satisfies RunEvent),
  });
  const opened: Endpoints[] = [];
  const looks: Looks = new Map();
  recordLeg(own, leg);
  streams.say(`working for run ${safeLine(found.run)}; own records in ${folder}`);
  let end: WorkEnd;
  try {
    end = await work({
      broker,
      run: found,
      name: `${hostname()}-${process.pid}`,
      cells: new Map(prepared.plan.cells.map((cell) => [cell.key, cell])),
      targets,
      leg: leg.id,
      clock,
      watch,
      times: options.queue.times ?? defaultTimes,
      open: async (target) => openTarget(target, means, options, { clock, opened, looks }),
      load: loadMeans({ ...means, preflight: options.preflight, clock, watch, opened, looks }),
      // What the disk refuses is held and reported all the same: the coordinator's may take it.
      record: async (sample) => {
        const record = redactSample(sample, withoutSecrets);
        samples.append(record);
        await samples.settled();
        return record;
      },
      stop: AbortSignal.any([signals.stop, storage.stop, watch.full]),
      cut: AbortSignal.any([signals.cut, storage.cut]),
      waitMs: options.waitMs,
      say: (text) => streams.warn(safeLine(fitToSay(text), 300)),
    });
    const isAborted = end.why !== 'closed' && end.why !== 'stopped';
    await closeLeg(own, { leg, signals, storage }, { isAborted, targets });
  } finally {
    watch.stop();
    await Promise.all(opened.map((endpoints) => endpoints.stop()));
    await storage.close();
  }
  const refused = storage.verdict();
  if (refused !== null && signals.received() === null) throw refused;
  return leftBy(signals) ?? sayEnd(end, streams);
}

interface Opening {
  readonly clock: () => number;
  readonly opened: Endpoints[];
  readonly looks: Looks;
}

/** The look at a target, then a client for it: in the slot of the first question, so nothing is in flight beside it. */
async function openTarget(
  target: Target,
  { prepared, keys, program, signals, streams }: Means,
  { preflight }: WorkOptions,
  { clock, opened, looks }: Opening,
): Promise<Opened | string> {
  const look = await lookOnce(target, looks, { prepared, keys, signals, streams, preflight });
  if (typeof look === 'string') return look;
  const endpoints = await openEndpoints([target], keys, program, clock, imagesIn(prepared), look);
  opened.push(endpoints);
  const asker = endpoints.askers.get(target.id);
  if (asker === undefined) throw new Error(`no asker for target ${target.id}`);
  const seen = look.get(target.id);
  return { ask: asker.ask, facts: seen === undefined ? null : JSON.stringify(seen) };
}

function sayEnd({ why, because, sent }: WorkEnd, streams: Streams): number {
  const attempts = `${sent} ${sent === 1 ? 'attempt' : 'attempts'} made`;
  switch (why) {
    case 'closed':
      streams.say(`the run is over: ${attempts}`);
      return exitCode.done;
    case 'unfit':
      streams.warn(`this worker is not for this run any more: ${safeLine(because)}; ${attempts}`);
      return exitCode.invalid;
    case 'barred':
    case 'alone':
    case 'stopped':
      streams.warn(
        `${safeLine(because === '' ? 'the memory of this process is nearly full' : because)}; ${attempts}`,
      );
      return exitCode.aborted;
  }
}
