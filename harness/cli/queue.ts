/**
 * The coordinator of a run that is spread over workers: it owns the run folder, puts what is open into the queue and
 * writes down what comes back. It asks nobody itself and holds no key of a target.
 */
import path from 'node:path';
import { personError } from '../errors.ts';
import { openBroker, type Broker } from '../run/queue/broker.ts';
import { defaultTimes } from '../run/queue/names.ts';
import { executeOverQueue } from '../run/queue/over-queue.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { SpeedPlan, Targets } from '../types.ts';
import type { Carry } from './carrier.ts';
import { recordLeg } from './leg.ts';
import { leftOutWarnings } from './left-out.ts';
import type { Prepared } from './prepare.ts';
import { readQueueAddress, sameWords, type QueueWords } from './queue-address.ts';
import { sayWarning, withFacts, type MeasureLoad } from './quality.ts';
import { readFacts } from './queue-facts.ts';
import { loadEntry, loadOverQueue, type LoadWords } from './queue-load.ts';
import { fitToSay } from './secrets.ts';
import type { Streams } from './streams.ts';
import { safeLine } from './terminal.ts';
import { version } from './version.ts';

const mostKeysSaid = 20;

export interface CoordinatorWords extends QueueWords {
  /** How many workers hold the load of the speed phase; null: nobody said. */
  readonly clients: number | null;
}

export interface Coordinator {
  readonly carry: Carry;
  /** Where the run has a speed phase. */
  readonly load?: MeasureLoad;
  readonly close: () => void;
}

/** Connects to the queue; throws where it, or what is asked of it, cannot be. */
export async function openCoordinator(
  words: CoordinatorWords,
  prepared: Prepared,
  streams: Streams,
): Promise<Coordinator> {
  const load = loadWords(words, prepared);
  refuseServersOfOurs(prepared.targets);
  const address = readQueueAddress(words);
  const broker = await openBroker(address);
  for (const warning of broker.warnings) sayWarning(streams, warning);
  return {
    carry: carryOverQueue(broker, words, load),
    close: broker.close,
    ...(load === null ? {} : { load: loadOverQueue(broker, load.words, load.plan) }),
  };
}

interface Load {
  readonly words: LoadWords;
  readonly plan: SpeedPlan;
}

/** null: no speed phase. What several clients load is another load, so nobody loads so without having said it. */
function loadWords(words: CoordinatorWords, { speedPlan, targets }: Prepared): Load | null {
  if (speedPlan === null) return null;
  if (words.clients === null)
    throw personError(
      'the speed phase is not spread over workers unasked: what many clients load is another load',
      {
        hint: 'say how many workers will hold it: --clients 2; or ask over the queue without --speed, then measure from one process: visavis eval --resume <run> --speed',
      },
    );
  const embedded = targets.targets.find(({ replay }) => replay !== null);
  if (embedded !== undefined)
    throw personError(`target ${embedded.id} is embedded: each client would load an endpoint of its own`, {
      hint: 'leave --clients and --queue out to load it from this process',
    });
  return { words: { ...words, clients: words.clients }, plan: speedPlan };
}

/** A server that a run starts runs where the run does, and workers are elsewhere. */
export function refuseServersOfOurs({ targets, order }: Targets): void {
  const launched = targets.find((target) => target.launch !== null);
  if (launched !== undefined)
    throw personError(`target ${launched.id} is started by its run, and workers ask from elsewhere`, {
      hint: 'start its server yourself and take "launch" out of the targets file',
    });
  if (order === 'by-target')
    throw personError('"order: by-target" has one server at a time, and workers would wait for each other', {
      hint: 'take it out of the targets file, or run without a queue',
    });
}

const carryOverQueue =
  (broker: Broker, words: QueueWords, load: Load | null): Carry =>
  async ({ run, targets, open, streams }) => {
    const facts = new Map<string, ServerFacts>();
    const name = path.basename(run.folder);
    const say = (text: string): void => streams.warn(safeLine(fitToSay(text), 400));
    say(`run ${name} is asked by workers; start them with: visavis work ${sameWords(words)}`);
    const lastEnd = run.manifest.legs.at(-1)?.end;
    const execute = executeOverQueue({
      broker,
      run: name,
      tool: version,
      planHash: run.manifest.planHash,
      targets,
      load: load === null ? null : loadEntry(load.plan, load.words.clients, run.manifest.seed),
      goesOn: load !== null && run.speedOpen.length > 0,
      afterCrash: lastEnd !== undefined && lastEnd !== 'complete',
      times: words.times ?? defaultTimes,
      flush: async () => {
        await open.samples.flush();
        const trouble = open.storage.trouble();
        if (trouble !== null) throw trouble;
      },
      say,
      onFacts: (target, json) => {
        const seen = readFacts(json);
        if (seen === null || facts.has(target) || !targets.some(({ id }) => id === target)) return;
        facts.set(target, seen);
        // A coordinator that takes over is not told again.
        recordLeg(withFacts(run, { facts, warnings: [] }), open.leg);
      },
      onLost: (keys) =>
        say(
          `${keys.length} ${keys.length === 1 ? 'question was' : 'questions were'} put back 3 times and never came back: ${keys.slice(0, mostKeysSaid).join(' ')}${keys.length > mostKeysSaid ? ' ...' : ''}`,
        ),
      onSurplus: (count) =>
        say(`${count} ${count === 1 ? 'answer' : 'answers'} came a second time and did not count`),
    });
    return {
      execute,
      pids: new Map(),
      learned: () => ({ facts, warnings: leftOutWarnings(targets, run.open, facts) }),
      stop: async () => {},
    };
  };
