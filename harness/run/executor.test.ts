/**
 * What every way of asking keeps: the order of the blocks, the limits, an end when it is told to stop, and each cell at
 * least once. A new carrier is one more row.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis, type RedisServer } from '../../fixtures/queue/redis-server.ts';
import { makeCell, makeTarget } from '../../fixtures/test/made-up.ts';
import { order } from '../plan/order.ts';
import type { Ask, AttemptContext, Cell, Sample, Target } from '../types.ts';
import { executeHere, type Executor, type ExecuteResult, type Orders } from './execute.ts';
import { failure } from './failure.ts';
import { notAsked } from './queue/not-asked.ts';
import { openBroker } from './queue/broker.ts';
import type { BrokerAddress } from './queue/greeting.ts';
import { defaultTimes, type QueueTimes } from './queue/names.ts';
import { executeOverQueue } from './queue/over-queue.ts';
import { work } from './queue/work.ts';

const questions: Readonly<Record<string, string>> = {
  ar: 'كم الناتج؟',
  hi: 'कितना होता है?',
  th: 'เท่ากับเท่าไร',
  zh: '等于多少？',
};

const makeCells = (target: string, count: number): Cell[] =>
  Array.from({ length: count }, (_, at) => {
    const [language = '', content = ''] = Object.entries(questions)[Math.floor((at * 4) / count)] ?? [];
    return makeCell(target, at, { language, messages: [{ role: 'user', content }] });
  });

const answer = (target: Target, cell: Cell, context: AttemptContext): Sample => ({
  ...notAsked(target, cell, context),
  status: 'ok',
  http: 200,
  outcome: {
    kind: 'answered',
    text: `${cell.messages[0]?.content ?? ''} ៥ ๕ ५`,
    reasoning: '',
    toolCalls: [],
    refusal: null,
    finish: 'stop',
  },
});

type Script = (cell: Cell, context: AttemptContext) => Sample | Promise<Sample>;

interface Ground {
  readonly targets: readonly Target[];
  readonly cells: readonly Cell[];
  readonly ask: Ask;
}

/** An executor over these cells, and how it is put away. */
type Carrier = (ground: Ground) => Promise<{ executor: Executor; close: () => Promise<void> }>;

const here: Carrier = async ({ targets, ask }) => ({
  executor: executeHere(new Map(targets.map((target) => [target.id, { target, ask }]))),
  close: async () => {},
});

let redis: RedisServer | null = null;
let runs = 0;
const times: QueueTimes = { ...defaultTimes, lookMs: 50, beatMs: 50 };

const overQueue: Carrier = async ({ targets, cells, ask }) => {
  const address: BrokerAddress = {
    host: '127.0.0.1',
    port: redis?.port ?? 0,
    db: 0,
    username: null,
    password: null,
    tls: false,
    shown: 'redis',
  };
  const run = { run: `run-${(runs += 1)}`, tool: '1', planHash: 'f'.repeat(64) };
  const broker = await openBroker(address);
  const workers = ['one', 'two'].map(async (name) => {
    const own = await openBroker(address);
    const never = new AbortController().signal;
    const end = await work({
      broker: own,
      run,
      name,
      cells: new Map(cells.map((cell) => [cell.key, cell])),
      targets,
      leg: 'leg-1',
      clock: () => performance.now(),
      watch: { disturbed: () => false, full: never, stop: () => {} },
      times,
      open: async () => ({ ask, facts: null }),
      record: (sample) => sample,
      stop: never,
      cut: never,
      waitMs: 10_000,
      say: () => {},
    });
    own.close();
    return end;
  });
  const lost: string[] = [];
  const executor = executeOverQueue({
    broker,
    ...run,
    targets,
    afterCrash: false,
    times,
    flush: async () => {},
    say: () => {},
    onFacts: () => {},
    onLost: (keys) => lost.push(...keys),
    onSurplus: () => {},
  });
  return {
    executor,
    close: async () => {
      // A run that was stopped has workers that wait for its next start: it is over when one has ended by itself.
      await executor({ ...idle, lanes: [] });
      expect((await Promise.all(workers)).map((end) => end.why)).toEqual(['closed', 'closed']);
      broker.close();
      expect(lost).toEqual([]);
    },
  };
};

const idle = {
  attemptsBefore: new Map<string, number>(),
  leg: 'leg-1',
  clock: (): number => performance.now(),
  random: (): number => 0,
  record: (): void => {},
  stop: new AbortController().signal,
  cut: new AbortController().signal,
};

interface Ran {
  readonly result: ExecuteResult;
  readonly recorded: readonly Sample[];
  /** Cell keys in the order in which they were asked. */
  readonly asked: readonly string[];
  readonly peak: number;
  readonly overlaps: number;
}

interface Wish {
  readonly script?: Script;
  readonly concurrency?: number;
  readonly record?: (sample: Sample) => void;
  readonly stop?: AbortSignal;
  readonly cut?: AbortSignal;
  readonly attemptsBefore?: ReadonlyMap<string, number>;
  readonly onEvent?: NonNullable<Orders['onEvent']>;
}

async function run(
  carrier: Carrier,
  counts: Readonly<Record<string, number>>,
  wish: Wish = {},
): Promise<Ran> {
  const targets = Object.keys(counts).map((id) => makeTarget(id, wish.concurrency ?? 4));
  const cells = Object.entries(counts).flatMap(([id, count]) => makeCells(id, count));
  const asked: string[] = [];
  const recorded: Sample[] = [];
  const inFlight = new Map<string, number>();
  let peak = 0;
  let overlaps = 0;
  const ask: Ask = async (cell, context) => {
    const target = targets.find(({ id }) => id === cell.target);
    if (target === undefined) throw new Error('nobody of that name');
    asked.push(cell.key);
    const now = (inFlight.get(cell.target) ?? 0) + 1;
    inFlight.set(cell.target, now);
    peak = Math.max(peak, now);
    if ([...inFlight].some(([id, count]) => id !== cell.target && count > 0)) overlaps += 1;
    const end = wish.script?.(cell, context) ?? answer(target, cell, context);
    await new Promise((resolve) => setTimeout(resolve, 2));
    const sample = await end;
    inFlight.set(cell.target, now - 1 < 0 ? 0 : (inFlight.get(cell.target) ?? 1) - 1);
    return context.signal.aborted ? notAsked(target, cell, context) : sample;
  };
  const { executor, close } = await carrier({ targets, cells, ask });
  try {
    const result = await executor({
      ...idle,
      lanes: order(cells, targets, 42).map((lane) => lane.blocks),
      ...wish,
      record: (sample) => {
        wish.record?.(sample);
        recorded.push(sample);
      },
    });
    return { result, recorded, asked, peak, overlaps };
  } finally {
    await close();
  }
}

const carriers: readonly (readonly [string, Carrier])[] = [
  ['in this process', here],
  ...(hasRedis() ? [['over a queue', overQueue] as const] : []),
];

beforeAll(async () => {
  if (hasRedis()) redis = await startRedis();
});
afterAll(async () => {
  await redis?.close();
});

describe.each(carriers)('an executor %s', (_name, carrier) => {
  it('records every cell once, with its answer in any script, under the attempt and block of this run', async () => {
    const { result, recorded } = await run(
      carrier,
      { a: 40, b: 40 },
      { attemptsBefore: new Map([['a-3', 2]]) },
    );
    expect(result).toEqual({ aborted: [], sent: 80 });
    expect(new Set(recorded.map((sample) => sample.cell)).size).toBe(80);
    expect(recorded).toHaveLength(80);
    const texts = new Set(
      recorded.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.text : 'failed')),
    );
    expect([...texts]).toEqual(Object.values(questions).map((text) => `${text} ៥ ๕ ५`));
    expect(recorded.find((sample) => sample.cell === 'a-3')?.attempt).toBe(3);
    expect(recorded.filter((sample) => sample.attempt !== 1)).toHaveLength(1);
    expect(new Set(recorded.map((sample) => sample.turn))).toEqual(new Set(['AB', 'BA']));
    expect(recorded.every((sample) => sample.block >= 0 && sample.leg === 'leg-1')).toBe(true);
  }, 30_000);

  it('keeps the order: targets of one host take turns, and at one at a time nothing overtakes', async () => {
    const { recorded, overlaps, asked } = await run(carrier, { a: 10, b: 10 }, { concurrency: 1 });
    expect(overlaps).toBe(0);
    const targets = Array.from({ length: 2 }, (_, at) => makeTarget(['a', 'b'][at] ?? '', 1));
    const planned = order([...makeCells('a', 10), ...makeCells('b', 10)], targets, 42)
      .flatMap((lane) => lane.blocks)
      .flatMap((block) => block.cells.map((cell) => cell.key));
    expect(asked).toEqual(planned);
    expect(recorded.map((sample) => sample.cell)).toEqual(planned);
  }, 30_000);

  it('holds back: never more in flight than the target takes, however many are open', async () => {
    const { peak, asked } = await run(carrier, { a: 150 }, { concurrency: 3 });
    expect(peak).toBe(3);
    expect(asked).toHaveLength(150);
  }, 30_000);

  it('asks again what failed, and gives a cell up after its attempts', async () => {
    const busy = (cell: Cell, context: AttemptContext, target: Target): Sample => ({
      ...notAsked(target, cell, context),
      status: 'http-error',
      http: 503,
      outcome: {
        kind: 'failed',
        failure: failure('http-error', 'overloaded', 'busy', { http: 503 }),
        partial: '',
      },
    });
    const target = makeTarget('a', 4);
    const tries = new Map<string, number>();
    const { recorded } = await run(
      carrier,
      { a: 20 },
      {
        script: (cell, context) => {
          const number = (tries.get(cell.key) ?? 0) + 1;
          tries.set(cell.key, number);
          const isBad = cell.test === 't7' || (cell.test === 't5' && number < 3);
          return isBad ? busy(cell, context, target) : answer(target, cell, context);
        },
      },
    );
    const of = (test: string): unknown[] =>
      recorded.filter((sample) => sample.test === test).map((sample) => [sample.attempt, sample.status]);
    expect(of('t5')).toEqual([
      [1, 'http-error'],
      [2, 'http-error'],
      [3, 'ok'],
    ]);
    expect(of('t7')).toEqual([
      [1, 'http-error'],
      [2, 'http-error'],
      [3, 'http-error'],
    ]);
    expect(recorded.filter((sample) => sample.status === 'ok')).toHaveLength(19);
  }, 30_000);

  it('says when an endpoint asked for patience, once for all that were told so at the same time', async () => {
    const target = makeTarget('a', 4);
    let answers = 0;
    const slow = (cell: Cell, context: AttemptContext): Sample => ({
      ...notAsked(target, cell, context),
      status: 'http-error',
      http: 429,
      outcome: {
        kind: 'failed',
        failure: failure('http-error', 'rate-limited', 'slow', { http: 429, retryAfterMs: 120 }),
        partial: '',
      },
    });
    const seen: unknown[] = [];
    const { recorded } = await run(
      carrier,
      { a: 12 },
      {
        script: (cell, context) => {
          answers += 1;
          return answers === 2 || answers === 3 ? slow(cell, context) : answer(target, cell, context);
        },
        onEvent: ({ event, target: id, because }) => seen.push([event, id, because]),
      },
    );
    expect(recorded.filter(({ http }) => http === 429)).toHaveLength(2);
    expect(seen).toEqual([['cool-down', 'a', 'rate-limited, HTTP 429']]);
  });

  it('ends when it is stopped, and records what was in flight', async () => {
    const stop = new AbortController();
    const { recorded, asked } = await run(
      carrier,
      { a: 200 },
      {
        stop: stop.signal,
        record: () => {
          if (!stop.signal.aborted) stop.abort();
        },
      },
    );
    // The first question is asked alone.
    expect(recorded.length).toBeGreaterThan(0);
    expect(recorded.length).toBeLessThan(20);
    expect(new Set(asked).size).toBe(recorded.length);
  }, 30_000);

  it('writes down nothing that it cut itself', async () => {
    const cut = new AbortController();
    const { recorded } = await run(
      carrier,
      { a: 60 },
      {
        stop: cut.signal,
        cut: cut.signal,
        record: (sample) => {
          if (sample.status === 'cancelled') throw new Error('recorded a cut attempt');
          if (Number(sample.test.slice(1)) > 10) cut.abort();
        },
      },
    );
    expect(recorded.length).toBeGreaterThan(0);
    expect(recorded.length).toBeLessThan(30);
    expect(recorded.every((sample) => sample.status === 'ok')).toBe(true);
  }, 30_000);

  it('ends with the error when a sample cannot be recorded', async () => {
    const ended = run(
      carrier,
      { a: 40 },
      {
        record: () => {
          throw new Error('no space');
        },
      },
    );
    await expect(ended).rejects.toThrow('no space');
  }, 30_000);
});
