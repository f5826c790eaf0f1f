/**
 * Sends what the plan says, lane by lane and block by block, and hands every finished attempt to the record before it
 * counts. Retries wait outside the queue, so a waiting cell holds no slot.
 */
import { setMaxListeners } from 'node:events';
import type { Ask, Block, Cell, Failure, Sample, Target } from '../types.ts';
import type { Clock } from './clock.ts';
import { Endpoint, type EndpointEvent } from './endpoint.ts';
import { failure } from './failure.ts';
import { waitMs } from './retry.ts';
import { sleep } from './sleep.ts';
import { isTainted, type Watch } from './watch.ts';

export interface ExecuteInput {
  /** Each list runs in order; the lists run side by side. */
  readonly lanes: readonly (readonly Block[])[];
  readonly askers: ReadonlyMap<string, { readonly target: Target; readonly ask: Ask }>;
  /** Attempts already on record, by cell key. */
  readonly attemptsBefore: ReadonlyMap<string, number>;
  /** Keys of cells with an attempt on record that failed after some of its answer had come. */
  readonly cutBefore?: ReadonlySet<string>;
  readonly leg: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Writes the sample down. A promise is waited for before the sample counts; what it throws ends the run. */
  readonly record: (sample: Sample) => unknown;
  /** No further attempts from here on. */
  readonly stop: AbortSignal;
  /** Calls in flight are given up. */
  readonly cut: AbortSignal;
  /** Tells when this process could not keep the time, and when its heap is full. */
  readonly watch?: Watch;
  /** A cell is settled: answered, or failed for good. */
  readonly onSettled?: (cell: Cell, sample: Sample) => void;
  /** A word for people while an endpoint is waited for. */
  readonly say?: (text: string) => void;
  /** An endpoint asked for patience: nothing goes to this target for so many ms. */
  readonly onCool?: (target: string, ms: number) => void;
  /** Something happened to an endpoint that explains a wait. */
  readonly onEvent?: (happened: EndpointEvent & { readonly target: string }) => void;
}

/** What every way of asking is told; how it reaches the targets is its own. */
export type Orders = Omit<ExecuteInput, 'askers'>;

/**
 * A way to get the open cells answered: in this process, or over a queue. It keeps the order of the blocks and the limits
 * of the targets, records each cell at least once unless it was stopped, and writes down nothing that it cut itself.
 */
export type Executor = (orders: Orders) => Promise<ExecuteResult>;

export interface Abort {
  readonly target: string;
  readonly failure: Failure;
}

export interface ExecuteResult {
  /** Targets that were given up, and why. */
  readonly aborted: readonly Abort[];
  /** Attempts sent. */
  readonly sent: number;
}

/** What a cell has been through in this start. */
interface Trial {
  readonly block: Block;
  readonly cell: Cell;
  /** Attempts on record, of earlier starts too. */
  attempts: number;
  /** Attempts of this start that count against its allowance: flow control does not. */
  spent: number;
  /** An attempt failed after some of its answer had come. */
  wasCut: boolean;
  /** No attempt of this start was recorded yet. */
  isFirst: boolean;
  /** Clock of its first attempt. */
  readonly since: number;
  last: Failure | null;
}

/** From this process, with askers of its own. */
export function executeHere(askers: ExecuteInput['askers']): Executor {
  return (orders) => execute({ ...orders, askers });
}

/** Runs the blocks. Rejects only when a sample could not be recorded, or for a bug. */
export async function execute(input: ExecuteInput): Promise<ExecuteResult> {
  const halt = new AbortController();
  const { watch } = input;
  const stop = AbortSignal.any([input.stop, halt.signal, ...(watch === undefined ? [] : [watch.full])]);
  const cut = AbortSignal.any([input.cut, halt.signal]);
  // Every waiting retry listens to the one signal; that is no leak.
  setMaxListeners(0, stop, cut);
  const { clock, random, say } = input;
  const endpoints = new Map(
    [...input.askers].map(([id, { target, ask }]) => [
      id,
      new Endpoint({
        target,
        ask,
        clock,
        random,
        stop,
        say,
        onCool: (ms) => input.onCool?.(id, ms),
        onEvent: (happened) => input.onEvent?.({ ...happened, target: id }),
      }),
    ]),
  );
  const unsettled = new Map<string, number>();
  for (const { target, cells } of input.lanes.flat())
    unsettled.set(target, (unsettled.get(target) ?? 0) + cells.length);
  let sent = 0;

  /** One attempt, or null when none was made or it was cut by us. */
  const attempt = async (endpoint: Endpoint, trial: Trial): Promise<Sample | null> => {
    await endpoint.ready();
    if (stop.aborted || endpoint.aborted !== null) return null;
    sent += 1;
    const now = clock();
    endpoint.budget.note(now, trial.spent > 0);
    const asked = await endpoint.ask(trial.cell, {
      attempt: trial.attempts + 1,
      leg: input.leg,
      block: trial.block.index,
      turn: trial.block.turn,
      warmup: false,
      tSched: now,
      signal: cut,
    });
    // An attempt that we cut ourselves says nothing about the endpoint: its cell stays open.
    if (asked.status === 'cancelled') return null;
    const sample = withRemarks(withHindsight(asked, trial, endpoint), trial, watch);
    await input.record(sample);
    if (sample.status !== 'ok' && sample.chunks > 0) trial.wasCut = true;
    trial.attempts += 1;
    if (!endpoint.learn(sample, trial.isFirst)) trial.spent += 1;
    trial.isFirst = false;
    return sample;
  };

  const settle = async (endpoint: Endpoint, block: Block, cell: Cell): Promise<void> => {
    const trial: Trial = {
      block,
      cell,
      attempts: input.attemptsBefore.get(cell.key) ?? 0,
      spent: 0,
      wasCut: input.cutBefore?.has(cell.key) === true,
      isFirst: true,
      since: clock(),
      last: null,
    };
    for (let isProven = false; ;) {
      // Above the budget, a retry stands behind those that wait for their first turn.
      const priority = trial.spent > 0 && !endpoint.budget.allows(clock()) ? -1 : 0;
      const sample = (await endpoint.queue.add(() => attempt(endpoint, trial), { priority })) ?? null;
      if (sample === null) return;
      const failed = sample.outcome.kind === 'failed' ? sample.outcome.failure : null;
      const isLost = failed === null || failed.remedy === 'final' || endpoint.aborted !== null;
      const isSpent = trial.spent >= endpoint.target.attempts;
      // An outage fails no cell: without the head of an answer it is the endpoint that must be shown to be there.
      const hadHead = failed !== null && failed.http !== null && failed.http < 300;
      const isJudged = isProven || hadHead || !endpoint.answered;
      if (isLost || (isSpent && (isJudged || (endpoint.aliveAt ?? 0) > trial.since))) {
        unsettled.set(cell.target, (unsettled.get(cell.target) ?? 0) - 1);
        input.onSettled?.(cell, sample);
        return;
      }
      trial.last = failed;
      if (isSpent) {
        await endpoint.proveAlive(trial.since);
        isProven = true;
      } else await sleep(waitMs(failed.retryAfterMs, Math.max(1, trial.spent), random), stop);
    }
  };

  const runBlock = async (endpoint: Endpoint, block: Block): Promise<void> => {
    const open = [...block.cells];
    // Until a target has answered once, it is asked one thing at a time: a wrong key or address costs one call.
    for (
      let cell = endpoint.answered ? undefined : open.shift();
      cell !== undefined;
      cell = endpoint.answered ? undefined : open.shift()
    ) {
      await settle(endpoint, block, cell);
      if (endpoint.aborted !== null || stop.aborted) return;
    }
    const pending = new Set<Promise<void>>();
    const thrown: unknown[] = [];
    const { queue, target } = endpoint;
    for (const cell of open) {
      // Cells enter as slots come free: a promise for each of a million would be the largest thing in memory.
      if (queue.size >= target.concurrency) await queue.onSizeLessThan(target.concurrency);
      if (thrown.length > 0 || stop.aborted || endpoint.aborted !== null) break;
      const one: Promise<void> = settle(endpoint, block, cell)
        .catch((error: unknown) => {
          thrown.push(error);
        })
        .finally(() => pending.delete(one));
      pending.add(one);
    }
    await Promise.all(pending);
    if (thrown.length > 0) throw thrown[0];
  };

  const runLane = async (blocks: readonly Block[]): Promise<void> => {
    for (const block of blocks) {
      const endpoint = endpoints.get(block.target);
      if (endpoint === undefined) throw new Error(`no asker for target ${block.target}`);
      if (stop.aborted) return;
      if (endpoint.aborted === null) await runBlock(endpoint, block);
    }
  };

  const lanes = input.lanes.map((blocks) =>
    runLane(blocks).catch((error: unknown) => {
      halt.abort();
      throw error;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const aborted = [...endpoints].flatMap(([target, { aborted: why }]) => {
    const isLeft = watch?.full.aborted === true && (unsettled.get(target) ?? 0) > 0;
    const found = why ?? (isLeft ? heapLimit : null);
    return found === null ? [] : [{ target, failure: found }];
  });
  return { aborted, sent };
}

const heapLimit = failure(
  'cancelled',
  'heap-limit',
  'the memory of this process is nearly full: nothing more was sent; NODE_OPTIONS=--max-old-space-size=<MB> gives it more',
  { remedy: 'abort' },
);

/** What is known of an attempt beside its own answer: what came before it, and how this process did meanwhile. */
function withRemarks(sample: Sample, trial: Trial, watch: Watch | undefined): Sample {
  const flags: string[] = [];
  if (isTainted(watch, sample)) flags.push('tainted');
  if (trial.wasCut && sample.status === 'ok') flags.push('retried-after-output');
  return flags.length === 0 ? sample : { ...sample, flags: [...sample.flags, ...flags].toSorted() };
}

/**
 * What only the attempts before can tell. A key that worked before is worth another try. A 500 with the same words twice,
 * from an endpoint that answers others, is about the question; so is a connection that ends at each attempt.
 */
function withHindsight(sample: Sample, trial: Trial, endpoint: Endpoint): Sample {
  if (sample.outcome.kind === 'answered') return sample;
  const { failure: why } = sample.outcome;
  const changed = (changes: Partial<Failure>): Sample => ({
    ...sample,
    outcome: {
      kind: 'failed',
      failure: { ...why, ...changes },
      partial: sample.outcome.kind === 'failed' ? sample.outcome.partial : '',
    },
  });
  if (why.code === 'auth' && endpoint.answered) return changed({ remedy: 'retry' });
  // Long once may be bad luck; twice is a question that does not end.
  if (why.code === 'timeout-total' && trial.last?.code === 'timeout-total')
    return changed({ remedy: 'final' });
  const othersAnswered = (endpoint.aliveAt ?? 0) > trial.since;
  const isSame = why.http === 500 && trial.last?.http === 500 && trial.last.message === why.message;
  if (isSame && (othersAnswered || !endpoint.answered))
    return changed({ code: 'server-rejects', remedy: 'final' });
  const isLast = trial.spent + 1 >= endpoint.target.attempts;
  if (isLast && why.status === 'connection-lost' && othersAnswered && endpoint.isSound)
    return changed({ code: 'kills-server', remedy: 'final' });
  return sample;
}
