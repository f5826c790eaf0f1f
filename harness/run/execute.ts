/**
 * Sends what the plan says, lane by lane and block by block, and hands every finished attempt to the record before it
 * counts. Retries wait outside the queue, so a waiting cell holds no slot.
 */
import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Ask, Block, Cell, Failure, Sample, Target } from '../types.ts';
import type { Clock } from './clock.ts';
import { waitMs } from './retry.ts';

export interface ExecuteInput {
  /** Each list runs in order; the lists run side by side. */
  readonly lanes: readonly (readonly Block[])[];
  readonly askers: ReadonlyMap<string, { readonly target: Target; readonly ask: Ask }>;
  /** Attempts already on record, by cell key. */
  readonly attemptsBefore: ReadonlyMap<string, number>;
  readonly leg: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Writes the sample down; what it throws ends the run. */
  readonly record: (sample: Sample) => void;
  /** No further attempts from here on. */
  readonly stop: AbortSignal;
  /** Calls in flight are given up. */
  readonly cut: AbortSignal;
  /** A cell is settled: answered, or failed for good. */
  readonly onSettled?: (cell: Cell, sample: Sample) => void;
}

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

/** Faults that are the person's to mend when the very first request meets them, and bad luck later. */
const fatalFirst = new Set([
  'connect-refused',
  'dns',
  'unreachable',
  'timeout-connect',
  'forbidden',
  'bad-request-param',
  'wrong-content-type',
]);
const triesBeforeFirst = 3;
const failuresInARow = 20;

class TargetRun {
  readonly target: Target;
  readonly ask: Ask;
  readonly queue: PQueue;
  answered = false;
  aborted: Failure | null = null;
  private inARow = 0;

  constructor(target: Target, ask: Ask) {
    this.target = target;
    this.ask = ask;
    this.queue = new PQueue({ concurrency: target.concurrency });
  }

  /** Learns from an attempt; decides whether the target is still of use. */
  learn(sample: Sample): void {
    if (sample.outcome.kind === 'answered') {
      this.answered = true;
      this.inARow = 0;
      return;
    }
    const { failure } = sample.outcome;
    if (failure.remedy !== 'final') this.inARow += 1;
    const first = !this.answered && fatalFirst.has(failure.code);
    const tries = failure.status === 'connect-failed' || failure.status === 'timeout' ? triesBeforeFirst : 1;
    if (
      failure.remedy === 'abort' ||
      (first && this.inARow >= tries) ||
      (first && failure.remedy === 'final')
    )
      this.aborted ??= failure;
    if (this.inARow >= failuresInARow) {
      this.aborted ??= {
        ...failure,
        code: 'outage',
        message: `${failuresInARow} failures in a row, the last: ${failure.message}`,
        remedy: 'abort',
      };
    }
  }
}

/** Runs the blocks. Rejects only when a sample could not be recorded, or for a bug. */
export async function execute(input: ExecuteInput): Promise<ExecuteResult> {
  const halt = new AbortController();
  const stop = AbortSignal.any([input.stop, halt.signal]);
  const cut = AbortSignal.any([input.cut, halt.signal]);
  // Every waiting retry listens to the one signal; that is no leak.
  setMaxListeners(0, stop, cut);
  const runs = new Map([...input.askers].map(([id, { target, ask }]) => [id, new TargetRun(target, ask)]));
  let sent = 0;

  const attempt = async (
    run: TargetRun,
    block: Block,
    cell: Cell,
    number: number,
  ): Promise<Sample | null> => {
    if (stop.aborted || run.aborted !== null) return null;
    sent += 1;
    const sample = await run.ask(cell, {
      attempt: number,
      leg: input.leg,
      block: block.index,
      turn: block.turn,
      warmup: false,
      tSched: input.clock(),
      signal: cut,
    });
    // An attempt that we cut ourselves says nothing about the endpoint: its cell stays open.
    if (sample.status === 'cancelled') return null;
    input.record(sample);
    run.learn(sample);
    return sample;
  };

  const settle = async (run: TargetRun, block: Block, cell: Cell): Promise<void> => {
    const before = input.attemptsBefore.get(cell.key) ?? 0;
    for (let tries = 1; ; tries += 1) {
      const sample = await run.queue.add(() => attempt(run, block, cell, before + tries));
      if (sample === null || sample === undefined) return;
      const failed = sample.outcome.kind === 'failed' ? sample.outcome.failure : null;
      if (failed === null || failed.remedy !== 'retry' || tries >= run.target.attempts) {
        input.onSettled?.(cell, sample);
        return;
      }
      if (run.aborted !== null) return;
      await sleep(waitMs(failed.retryAfterMs, tries, input.random), stop);
    }
  };

  const runBlock = async (run: TargetRun, block: Block): Promise<void> => {
    const open = [...block.cells];
    // Until a target has answered once, it is asked one thing at a time: a wrong key or address costs one call.
    for (
      let cell = run.answered ? undefined : open.shift();
      cell !== undefined;
      cell = run.answered ? undefined : open.shift()
    ) {
      await settle(run, block, cell);
      if (run.aborted !== null || stop.aborted) return;
    }
    const pending = new Set<Promise<void>>();
    const thrown: unknown[] = [];
    for (const cell of open) {
      // Cells enter as slots come free: a promise for each of a million would be the largest thing in memory.
      if (run.queue.size >= run.target.concurrency) await run.queue.onSizeLessThan(run.target.concurrency);
      if (thrown.length > 0 || stop.aborted || run.aborted !== null) break;
      const one: Promise<void> = settle(run, block, cell)
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
      const run = runs.get(block.target);
      if (run === undefined) throw new Error(`no asker for target ${block.target}`);
      if (stop.aborted) return;
      if (run.aborted === null) await runBlock(run, block);
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
  const aborted = [...runs].flatMap(([target, { aborted: why }]) =>
    why === null ? [] : [{ target, failure: why }],
  );
  return { aborted, sent };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
