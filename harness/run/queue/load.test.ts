/** A load held by clients over a real Redis, all of them in this process. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis, type RedisServer } from '../../../fixtures/queue/redis-server.ts';
import { makeCell, makeTarget } from '../../../fixtures/test/made-up.ts';
import type { Ask, Cell, MachineState, Sample, SpeedRequest } from '../../types.ts';
import { dialectNamed } from '../dialects.ts';
import type { Batch, LoadItem } from '../load-here.ts';
import { sleep } from '../sleep.ts';
import { openBroker, type Broker } from './broker.ts';
import { holdLoad, type LoadMeans } from './load-client.ts';
import { openCrew, type Crew, type CrewOptions } from './load-crew.ts';
import { readReply, wordsOf, type Order, type Reply } from './load-words.ts';
import { beatKey, clientKey, defaultTimes, ordersKey, repliesKey } from './names.ts';
import { notAsked } from './not-asked.ts';
import { announceRun, beat } from './registry.ts';
import { work } from './work.ts';

const target = makeTarget('hedef', 4);
const cell: Cell = makeCell(target.id, 1, {
  messages: [{ role: 'user', content: '이것은 무엇입니까? ما هذا؟' }],
});
const requests: readonly SpeedRequest[] = Array.from({ length: 16 }, (_, at) => ({
  key: `${at}`.padStart(32, '0'),
  series: 'all',
  level: 'c4',
  load: { kind: 'closed', concurrency: 4 },
  target: target.id,
  cell: cell.key,
  language: 'ko',
  cluster: 'item',
  unit: 'pair 1',
  repeat: 1,
  block: 7,
  turn: 'AB',
  nonce: `${at}`.padStart(16, 'a'),
  atMs: null,
  maxTokens: 8,
}));
const batch = (more: Partial<Batch> = {}): Batch => ({
  target: target.id,
  items: requests.map((request) => ({ request, question: request })),
  load: { kind: 'closed', concurrency: 4 },
  spreadMs: 0,
  warmup: false,
  withoutEos: false,
  isOver: () => false,
  ...more,
});
const never = new AbortController().signal;
const machine: MachineState = {
  at: 1,
  load1: null,
  governors: null,
  turbo: null,
  clockMhz: null,
  throttles: null,
  ticks: null,
  stolenTicks: null,
  memoryAvailableBytes: null,
  swapUsedBytes: null,
  swappedPages: null,
  gpus: null,
};

describe.runIf(hasRedis())('a load over a queue', () => {
  let redis: RedisServer | null = null;
  let runs = 0;
  let brokers: Broker[] = [];
  let endings: (() => Promise<unknown>)[] = [];
  const times = { ...defaultTimes, lookMs: 40, beatMs: 40, gatherMs: 2000 };

  beforeAll(async () => {
    redis = await startRedis(['--appendonly', 'no']);
  });
  afterEach(async () => {
    for (const end of endings) await end();
    for (const broker of brokers) broker.close();
    [endings, brokers] = [[], []];
  });
  afterAll(async () => {
    await redis?.close();
  });

  async function connect(): Promise<Broker> {
    const port = redis?.port ?? 0;
    const place = { host: '127.0.0.1', port, db: 0, username: null, password: null, tls: false };
    const broker = await openBroker({ ...place, shown: 'here' });
    brokers.push(broker);
    return broker;
  }

  /** A run with a coordinator that gives signs of life until it is told not to. */
  async function newRun(): Promise<{ readonly run: string; readonly fall: () => Promise<void> }> {
    const run = `run-${(runs += 1)}`;
    const { client } = await connect();
    const alive = (): void => void beat(client, run, times.beatMs).catch(() => {});
    alive();
    const timer = setInterval(alive, times.beatMs);
    endings.push(async () => clearInterval(timer));
    return {
      run,
      fall: async () => {
        clearInterval(timer);
        await client.del(beatKey(run));
      },
    };
  }

  interface Seen {
    inFlight: number;
    peak: number;
    readonly asked: { readonly client: string; readonly cell: Cell }[];
  }
  const nothingSeen = (): Seen => ({ inFlight: 0, peak: 0, asked: [] });

  const asker =
    (client: string, seen: Seen, answerMs: number): Ask =>
    async (asked, context) => {
      seen.inFlight += 1;
      seen.peak = Math.max(seen.peak, seen.inFlight);
      seen.asked.push({ client, cell: asked });
      const from = performance.now();
      await sleep(answerMs, context.signal);
      seen.inFlight -= 1;
      const sample = notAsked(target, asked, context);
      if (context.signal.aborted) return sample;
      const timing = { ...sample.timing, tCall: from, t0: from, tOut1: from, tLast: performance.now() };
      return {
        ...sample,
        phase: 'speed',
        status: 'ok',
        http: 200,
        timing,
        usage: { ...sample.usage, completion: 8, source: 'usage' },
        outcome: {
          kind: 'answered',
          text: '답',
          reasoning: '',
          toolCalls: [],
          refusal: null,
          finish: 'length',
        },
      };
    };

  interface Wish {
    readonly seen: Seen;
    readonly answerMs?: number;
    readonly means?: Partial<LoadMeans>;
  }

  async function hire(
    run: string,
    name: string,
    { seen, answerMs = 5, means = {} }: Wish,
  ): Promise<() => void> {
    const stop = new AbortController();
    const ended = holdLoad({
      broker: await connect(),
      run,
      name,
      requests: new Map(requests.map((request) => [request.key, request])),
      cells: new Map([[cell.key, cell]]),
      targets: [target],
      clock: () => performance.now(),
      times,
      record: (sample) => sample,
      stop: stop.signal,
      means: {
        planOf: () => ({ hash: '', requests }),
        open: async () => ({
          targets: new Map([
            [
              target.id,
              { ask: asker(name, seen, answerMs), dialect: dialectNamed('vllm'), ignoreEos: 'yes' as const },
            ],
          ]),
          facts: new Map(),
        }),
        roundTrips: async () => [],
        floors: async () => [],
        machine: async () => machine,
        host: name,
        pid: 1,
        watch: { disturbed: () => false, disturbances: () => [], full: never, stop: () => {} },
        ...means,
      },
    });
    endings.push(async () => {
      stop.abort();
      await ended;
    });
    return () => stop.abort();
  }

  interface Ordered {
    readonly crew: Crew;
    readonly words: string[];
    readonly stop: AbortController;
    readonly send: (batch: Batch) => Promise<{
      readonly end: Awaited<ReturnType<Crew['loader']['drive']>>;
      readonly samples: Sample[];
    }>;
  }

  async function order(run: string, more: Partial<CrewOptions> = {}): Promise<Ordered> {
    const words: string[] = [];
    const stop = new AbortController();
    const crew = await openCrew(
      {
        broker: await connect(),
        run,
        leg: 'leg-2',
        cells: new Map([[cell.key, cell]]),
        times,
        clients: 2,
        stop: stop.signal,
        cut: never,
        say: (text) => words.push(text),
        hint: 'start them',
        ...more,
      },
      4,
    );
    if (crew === null) throw new Error('it was stopped');
    endings.push(() => crew.close());
    const send: Ordered['send'] = async (one) => {
      const samples: Sample[] = [];
      const end = await crew.loader.drive(one, (_: LoadItem, sample) => samples.push(sample));
      return { end, samples };
    };
    return { crew, words, stop, send };
  }

  it('has as many streams open as it is told, each client its share, and one clock for all', async () => {
    const { run } = await newRun();
    const seen = nothingSeen();
    for (const name of ['b', 'a', 'c']) await hire(run, name, { seen });
    const { crew, send } = await order(run);
    // The first by name: nobody is chosen by how fast it came.
    expect(crew.members.map(({ client }) => client)).toEqual(['a', 'b']);
    const { end, samples } = await send(batch());
    expect(seen.peak).toBe(4);
    expect(samples.map((one) => one.cell).toSorted()).toEqual(requests.map(({ key }) => key));
    expect(
      new Set(samples.map(({ leg, block, turn, concurrency }) => `${leg} ${block} ${turn} ${concurrency}`)),
    ).toEqual(new Set(['leg-2 7 AB 4']));
    for (const name of ['a', 'b']) {
      expect(samples.filter(({ client }) => client === name)).toHaveLength(8);
      expect(seen.asked.filter(({ client }) => client === name)).toHaveLength(8);
    }
    expect(seen.asked.every(({ cell: asked }) => asked.request['ignore_eos'] === true)).toBe(true);
    expect(end?.clients?.map(({ client, share, maxInFlight }) => [client, share, maxInFlight])).toEqual([
      ['a', 2, 2],
      ['b', 2, 2],
    ]);
    // All clients are in one process here: what is added to their one clock is the same, as near as they can tell.
    const [one, two] = end?.clients ?? [];
    const apart = Math.abs((one?.offsetMs ?? 0) - (two?.offsetMs ?? 0));
    expect(apart).toBeLessThanOrEqual((one?.errorMs ?? 0) + (two?.errorMs ?? 0));
    expect(end?.events.maxInFlight).toBe(4);
    expect(end?.events.fullMs).not.toBeNull();
    // Nothing is kept where it does not belong.
    expect(await brokers[0]?.client.xlen(repliesKey(run))).toBe(0);
  });

  it('leaves one stream to one client, and asks a warm-up behind its own nonces', async () => {
    const { run } = await newRun();
    const seen = nothingSeen();
    await hire(run, 'a', { seen });
    await hire(run, 'b', { seen });
    const { send } = await order(run);
    const [first] = requests;
    if (first === undefined) throw new Error('no request');
    const nonce = 'fedcba9876543210';
    const items = [{ request: first, question: { ...first, key: `warm-up ${nonce}`, nonce } }];
    const { end, samples } = await send(
      batch({ items, load: { kind: 'closed', concurrency: 1 }, warmup: true }),
    );
    expect(end?.clients?.map(({ client }) => client)).toEqual(['a']);
    expect(samples).toMatchObject([{ cell: `warm-up ${nonce}`, warmup: true, client: 'a' }]);
    expect(seen.asked[0]?.cell.messages[0]?.content.split('\n')[0]).toBe(nonce);
  });

  it('takes out of the times what another client could not keep the time for', async () => {
    const { run } = await newRun();
    const seen = nothingSeen();
    const long = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const watch = { disturbed: () => true, disturbances: () => [long], full: never, stop: () => {} };
    await hire(run, 'a', { seen });
    await hire(run, 'b', { seen, means: { watch } });
    const { samples } = await (await order(run)).send(batch());
    expect(samples.filter(({ flags }) => flags.includes('tainted'))).toHaveLength(16);
  });

  it('is not measured once a client is gone, and nothing is sent after that', async () => {
    const { run } = await newRun();
    const seen = nothingSeen();
    await hire(run, 'a', { seen, answerMs: 30 });
    const leave = await hire(run, 'b', { seen, answerMs: 30 });
    const { crew, send, words } = await order(run);
    const under = send(batch());
    while (seen.asked.length < 6) await new Promise((resolve) => setTimeout(resolve, 2));
    leave();
    const { end } = await under;
    expect(end).toBeNull();
    expect(crew.lost()).toMatch(/^the load was left by client b-1$|^client b-1 is gone$/u);
    expect(words.at(-1)).toContain('stays open');
    const before = seen.asked.length;
    expect((await send(batch())).end).toBeNull();
    expect(seen.asked).toHaveLength(before);
  });

  it('ends when it is stopped, with what had come, and when its coordinator is gone', async () => {
    const { run, fall } = await newRun();
    const seen = nothingSeen();
    await hire(run, 'a', { seen, answerMs: 30 });
    await hire(run, 'b', { seen, answerMs: 30 });
    const { send, stop } = await order(run);
    const under = send(batch());
    while (seen.asked.length < 6) await new Promise((resolve) => setTimeout(resolve, 2));
    stop.abort();
    expect((await under).samples.length).toBeLessThan(16);
    expect(seen.asked.length).toBeLessThan(16);
    // A coordinator that falls silent in the middle.
    const slow = nothingSeen();
    const other = await newRun();
    await hire(other.run, 'c', { seen: slow, answerMs: 60_000 });
    const second = await order(other.run, { clients: 1, leg: 'leg-3' });
    void second.send(batch());
    while (slow.asked.length < 4) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(slow.inFlight).toBe(4);
    await Promise.all([fall(), other.fall()]);
    while (slow.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(slow.asked).toHaveLength(4);
  });

  it('has heard of an end that comes with the beginning', async () => {
    const { run } = await newRun();
    const seen = nothingSeen();
    await hire(run, 'a', { seen, answerMs: 30 });
    await hire(run, 'b', { seen, answerMs: 30 });
    const { client } = (await order(run)).crew.members[0] ?? { client: '' };
    const broker = await connect();
    const head = { session: 's', client, turn: 99 } as const;
    const load: Order = {
      ...head,
      kind: 'load',
      body: {
        target: target.id,
        items: requests.map(({ key }) => [key, null]),
        load: { kind: 'closed', concurrency: 4 },
        place: { first: 0, step: 1, of: 4 },
        spreadMs: 0,
        withoutEos: false,
        dialect: 'vllm',
        ignoreEos: 'yes',
        epochMs: 0,
        waits: false,
      },
    };
    const key = ordersKey(run);
    await broker.client
      .multi()
      .xadd(key, '*', ...wordsOf(load))
      .xadd(key, '*', ...wordsOf({ ...head, kind: 'halt', body: { cut: false } }))
      .exec();
    const replies = async (): Promise<(Reply | null)[]> =>
      (await broker.client.xrange(repliesKey(run), '-', '+')).map(([, words]) => readReply(words));
    const isDone = (reply: Reply | null): boolean => reply?.kind === 'done';
    while (!(await replies()).some(isDone)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await replies()).find(isDone)).toMatchObject({ body: { samples: 0, isCut: true } });
    expect(seen.asked).toEqual([]);
  });

  it('does not begin with fewer clients than were told, or with one that cannot ask', async () => {
    const { run } = await newRun();
    const seen = nothingSeen();
    await hire(run, 'a', { seen });
    const early = { times: { ...times, gatherMs: 100 } };
    await expect(order(run, early)).rejects.toThrow(
      'the load is to come from 2 clients, and after 0 s 1 is there - start them',
    );
    await hire(run, 'b', { seen, means: { open: async () => 'its look at hedef found a fault' } });
    await expect(order(run)).rejects.toThrow(/the load cannot begin: client b cannot: its look at hedef/u);
    expect(seen.asked).toEqual([]);
  });

  it('takes no worker whose plan of the load is another', async () => {
    const run = `run-${(runs += 1)}`;
    const broker = await connect();
    const plan = {
      run,
      tool: '1',
      planHash: 'a'.repeat(64),
      load: { clients: 2, seed: 7, hash: 'b'.repeat(64) },
    };
    await announceRun(broker.client, { ...plan, state: 'open', server: await broker.serverId() }, 1);
    const asked: unknown[] = [];
    const end = await work({
      broker,
      run: plan,
      name: 'worker',
      cells: new Map([[cell.key, cell]]),
      targets: [target],
      leg: 'leg-1',
      clock: () => performance.now(),
      watch: { disturbed: () => false, full: never, stop: () => {} },
      times,
      open: async () => 'not asked',
      record: (sample) => sample,
      stop: never,
      cut: never,
      waitMs: 60_000,
      say: () => {},
      load: {
        planOf: (entry: unknown) => {
          asked.push(entry);
          return { hash: 'c'.repeat(64), requests: [] };
        },
      } as unknown as LoadMeans,
    });
    expect(asked).toEqual([{ clients: 2, seed: 7, hash: 'b'.repeat(64) }]);
    expect(end).toMatchObject({ why: 'unfit', because: 'its load is bbbbbbbb, and here it is cccccccc' });
    expect(await broker.client.exists(clientKey(run, 'leg-1'))).toBe(0);
  });
});
