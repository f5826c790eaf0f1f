/** The queue against a real Redis, with coordinator and workers in this process. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis, type RedisServer } from '../../../fixtures/queue/redis-server.ts';
import { makeCell, makeTarget } from '../../../fixtures/test/made-up.ts';
import packageFile from '../../../package.json' with { type: 'json' };
import { order } from '../../plan/order.ts';
import type { Ask, Cell, Sample, Target } from '../../types.ts';
import type { ExecuteResult } from '../execute.ts';
import { failure } from '../failure.ts';
import { openBroker, packages, type Broker } from './broker.ts';
import { judge, type BrokerAddress } from './greeting.ts';
import { defaultTimes, jobKey, queueName, resultsKey } from './names.ts';
import { notAsked } from './not-asked.ts';
import { executeOverQueue } from './over-queue.ts';
import { announceRun } from './registry.ts';
import { entryOf } from './report.ts';
import { work, type WorkEnd, type WorkInput } from './work.ts';

const target = makeTarget('a:b', 3);

const questions: Readonly<Record<string, string>> = {
  th: 'คำถาม',
  hi: 'सवाल',
  ar: 'السؤال',
  zh: '问题',
  ja: '質問',
  ko: '질문',
  sw: 'swali',
  tr: 'soru',
};

const cells: readonly Cell[] = Object.entries(questions).flatMap(([language, content], at) =>
  Array.from({ length: 4 }, (_, number) =>
    makeCell(target.id, 4 * at + number, {
      key: `${at}${number}`.padStart(32, 'e'),
      language,
      messages: [{ role: 'user', content }],
    }),
  ),
);

/** Of one language, so that nothing waits for the end of a block. */
const thai: readonly Cell[] = Array.from({ length: 24 }, (_, at) =>
  makeCell(target.id, 100 + at, { key: `${at}`.padStart(32, 'd') }),
);

const never = new AbortController().signal;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const answered: Ask = async (cell, context) => ({
  ...notAsked(target, cell, context),
  status: 'ok',
  http: 200,
  outcome: {
    kind: 'answered',
    text: `${cell.messages[0]?.content ?? ''}: ๕`,
    reasoning: '',
    toolCalls: [],
    refusal: null,
    finish: 'stop',
  },
});

describe.runIf(hasRedis())('a run over a queue', () => {
  let redis: RedisServer | null = null;
  let runs = 0;
  let brokers: Broker[] = [];
  const times = { ...defaultTimes, lookMs: 50, beatMs: 50 };

  beforeAll(async () => {
    redis = await startRedis(['--appendonly', 'no']);
  });
  afterEach(async () => {
    for (const broker of brokers) broker.close();
    brokers = [];
  });
  afterAll(async () => {
    await redis?.close();
  });

  const addressOf = (password: string | null = null): BrokerAddress => ({
    host: '127.0.0.1',
    port: redis?.port ?? 0,
    db: 0,
    username: null,
    password,
    tls: false,
    shown: 'here',
  });

  async function connect(): Promise<Broker> {
    const broker = await openBroker(addressOf());
    brokers.push(broker);
    return broker;
  }

  const newRun = (): WorkInput['run'] => ({
    run: `run-${(runs += 1)}`,
    tool: '1',
    planHash: 'a'.repeat(64),
  });

  async function hire(
    run: WorkInput['run'],
    ask: Ask,
    wish: Partial<WorkInput> = {},
  ): Promise<{ readonly ended: Promise<WorkEnd>; readonly leave: () => void }> {
    const stop = new AbortController();
    const ended = work({
      broker: await connect(),
      run,
      name: 'worker',
      cells: new Map([...cells, ...thai].map((cell) => [cell.key, cell])),
      targets: [target],
      leg: 'leg-1',
      clock: () => performance.now(),
      watch: { disturbed: () => false, full: never, stop: () => {} },
      times,
      open: async () => ({ ask, facts: '{"seen":"สวัสดี"}' }),
      record: (sample) => sample,
      stop: stop.signal,
      cut: never,
      waitMs: 60_000,
      say: () => {},
      ...wish,
    });
    return { ended, leave: () => stop.abort() };
  }

  interface Coordinated {
    readonly ended: Promise<ExecuteResult>;
    readonly recorded: Sample[];
    readonly lost: string[];
    readonly words: string[];
    readonly facts: string[];
    readonly surplus: () => number;
  }

  interface Wish {
    readonly target?: Target;
    readonly open?: readonly Cell[];
    readonly flush?: () => Promise<void>;
    readonly record?: (sample: Sample) => void;
    readonly stop?: AbortSignal;
    readonly cut?: AbortSignal;
    readonly times?: typeof times;
    readonly broker?: Broker;
  }

  async function coordinate(run: WorkInput['run'], wish: Wish = {}): Promise<Coordinated> {
    const recorded: Sample[] = [];
    const lost: string[] = [];
    const words: string[] = [];
    const facts: string[] = [];
    let surplus = 0;
    const whom = wish.target ?? target;
    const executor = executeOverQueue({
      broker: wish.broker ?? (await connect()),
      ...run,
      targets: [whom],
      afterCrash: false,
      times: wish.times ?? times,
      flush: wish.flush ?? (async () => {}),
      say: (text) => words.push(text),
      onFacts: (_, json) => facts.push(json),
      onLost: (keys) => lost.push(...keys),
      onSurplus: (count) => (surplus += count),
    });
    const ended = executor({
      lanes: order(wish.open ?? cells, [whom], 42).map((lane) => lane.blocks),
      attemptsBefore: new Map(),
      leg: 'leg-1',
      clock: () => performance.now(),
      random: () => 0,
      record: (sample) => {
        wish.record?.(sample);
        recorded.push(sample);
      },
      stop: wish.stop ?? never,
      cut: wish.cut ?? never,
    });
    // Who looks at it later must not be too late to hear of a failure.
    ended.catch(() => {});
    return { ended, recorded, lost, words, facts, surplus: () => surplus };
  }

  it('carries keys only: no word of a prompt is in Redis, and a job is small and gone when it is done', async () => {
    const run = newRun();
    const { client } = await connect();
    const watched = await redis?.watch();
    const { ended } = await hire(run, answered);
    const coordinated = await coordinate(run);
    await coordinated.ended;
    expect((await ended).why).toBe('closed');
    watched?.end();
    expect(coordinated.recorded).toHaveLength(cells.length);
    // It shows words as JSON does.
    const commands = (watched?.lines() ?? []).map((line) => line.replaceAll('\\"', '"'));
    const jobs = commands.flatMap((line) => /\{"run":[^}]*\}/u.exec(line)?.[0] ?? []);
    expect(jobs.length).toBeGreaterThanOrEqual(cells.length);
    for (const job of jobs) {
      expect(Buffer.byteLength(job)).toBeLessThanOrEqual(300);
      expect(Object.keys(JSON.parse(job) as object)).toEqual(['run', 'planHash', 'key']);
    }
    // Answers travel; what was asked does not.
    const told = commands.filter((line) => line.includes('"outcome"'));
    expect(told.length).toBeGreaterThanOrEqual(cells.length);
    expect(commands.filter((line) => line.includes('"messages"') || line.includes('"content"'))).toEqual([]);
    expect(await client.keys(`visavis:${run.run}*`)).toEqual([]);
    expect(await client.exists(resultsKey(run.run))).toBe(0);
    expect(coordinated.facts).toEqual(['{"seen":"สวัสดี"}']);
  }, 30_000);

  it('takes over what an earlier coordinator was told and did not write down, and asks none of it again', async () => {
    const run = newRun();
    const asked: string[] = [];
    let inFlight = 0;
    let peak = 0;
    const slow: Ask = async (cell, context) => {
      asked.push(cell.key);
      inFlight += 1;
      peak = Math.max(peak, inFlight);
      // Those that are under way when the first coordinator ends take their time.
      await pause(asked.length > 10 && asked.length <= 12 ? 2000 : 20);
      inFlight -= 1;
      return answered(cell, context);
    };
    const workers = [await hire(run, slow), await hire(run, slow)];
    // As if it were gone: it waits for nothing, and its workers know nothing of it.
    const gone = new AbortController();
    const first = await coordinate(run, {
      open: thai,
      record: () => {
        if (asked.length > 11) gone.abort();
      },
      stop: gone.signal,
      cut: gone.signal,
    });
    await first.ended;
    const written = new Set(first.recorded.map((sample) => sample.cell));
    const inHand = asked.length;
    expect(inHand).toBeGreaterThan(written.size);
    // The other way round, so that it begins with others than those that are under way.
    const left = thai.filter((cell) => !written.has(cell.key)).toReversed();
    const second = await coordinate(run, { open: left });
    await second.ended;
    await Promise.all(workers.map(({ ended }) => ended));
    // What the first had under way counts against the limit of the second.
    expect(peak).toBe(3);
    expect(asked).toHaveLength(new Set(asked).size);
    expect(new Set([...written, ...second.recorded.map((sample) => sample.cell)]).size).toBe(thai.length);
    expect(second.recorded).toHaveLength(left.length);
  }, 30_000);

  it('acknowledges a report only when it is on the disk: what was never flushed comes again, and does not count again', async () => {
    const run = newRun();
    const { client } = await connect();
    const { ended, leave } = await hire(run, answered);
    const stop = new AbortController();
    let isFlushed = false;
    const first = await coordinate(run, {
      flush: async () => {
        throw new Error('the disk is gone');
      },
      record: () => {
        if (first.recorded.length === 20) stop.abort();
      },
      stop: stop.signal,
    });
    await first.ended;
    const kept = await client.xlen(resultsKey(run.run));
    expect(kept).toBeGreaterThanOrEqual(first.recorded.length);
    const written = new Set(first.recorded.map((sample) => sample.cell));
    const second = await coordinate(run, {
      open: cells.filter((cell) => !written.has(cell.key)),
      flush: async () => {
        isFlushed = true;
      },
    });
    await second.ended;
    expect(isFlushed).toBe(true);
    expect(second.recorded.filter((sample) => written.has(sample.cell))).toEqual([]);
    expect(await client.exists(resultsKey(run.run))).toBe(0);
    leave();
    await ended;
  }, 30_000);

  it('counts an answer once, however often it is reported', async () => {
    const run = newRun();
    const { client } = await connect();
    const { ended } = await hire(run, answered, {
      record: async (sample) => {
        const body = JSON.stringify(sample);
        const report = { kind: 'sample', target: target.id, key: sample.cell, body } as const;
        await client.xadd(resultsKey(run.run), '*', ...entryOf('echo', report));
        return sample;
      },
    });
    const coordinated = await coordinate(run);
    await coordinated.ended;
    await ended;
    expect(coordinated.recorded).toHaveLength(cells.length);
    expect(new Set(coordinated.recorded.map((sample) => sample.cell)).size).toBe(cells.length);
    // The last one may come when nobody listens any more.
    expect(coordinated.surplus()).toBeGreaterThanOrEqual(cells.length - 8);
  }, 30_000);

  it('asks nothing for a server that was started anew until its coordinator lets it', async () => {
    const run = newRun();
    const { client, serverId, jobs } = await connect();
    const [cell] = cells;
    let asked = 0;
    await announceRun(client, { ...run, state: 'open', server: 'the one before' }, 1);
    const { ended, leave } = await hire(run, async (one, context) => {
      asked += 1;
      return answered(one, context);
    });
    const queue = jobs(queueName(run.run, target.id));
    await queue.put({ run: run.run, planHash: run.planHash, key: cell?.key ?? '' });
    const watched = await redis?.watch();
    // Three looks of the worker at the server, and three times it did not ask.
    const looks = (): number => watched?.lines().filter((line) => line.includes('"info"')).length ?? 0;
    while (looks() < 3) await pause(20);
    watched?.end();
    expect(asked).toBe(0);
    await announceRun(client, { ...run, state: 'open', server: await serverId() }, 1);
    while (asked === 0) await pause(20);
    leave();
    await ended;
    await queue.close();
  }, 30_000);

  it('puts a lost job back three times, and leaves its cell open with its key said', async () => {
    const run = newRun();
    const { key } = cells[5] ?? { key: '' };
    let tries = 0;
    const { ended } = await hire(run, answered, {
      record: (sample) => {
        if (sample.cell !== key) return sample;
        tries += 1;
        return { ...sample, language: 'xx' };
      },
    });
    const { recorded, lost, words, ended: done } = await coordinate(run);
    expect((await done).aborted).toEqual([]);
    await ended;
    expect(tries).toBe(4);
    expect(lost).toEqual([key]);
    expect(recorded).toHaveLength(cells.length - 1);
    expect(words).toContain('a report of worker worker is of another cell: it does not count');
  }, 30_000);

  it('puts back what somebody took out of Redis, as soon as nothing of before can be in flight', async () => {
    const run = newRun();
    const { client } = await connect();
    const short = { ...times, lockMs: 2000 };
    const { recorded, words, ended: done } = await coordinate(run, { times: short });
    while ((await client.keys(jobKey(run.run, target.id, 'ee*'))).length === 0) await pause(20);
    await client.flushall();
    const { ended } = await hire(run, answered, { times: short });
    await done;
    expect((await ended).why).toBe('closed');
    expect(recorded).toHaveLength(cells.length);
    expect(words.join('\n')).toContain('the queue is not the one that was left: going on in 2 s');
  }, 30_000);

  it('lets nothing out while a target cools down, whoever has hands free', async () => {
    const run = newRun();
    const askedAt: number[] = [];
    let pressedAt = 0;
    const ask: Ask = async (cell, context) => {
      askedAt.push(performance.now());
      await pause(100);
      if (askedAt.length === 1 || pressedAt > 0) return answered(cell, context);
      pressedAt = performance.now();
      return {
        ...notAsked(target, cell, context),
        status: 'http-error',
        http: 429,
        outcome: {
          kind: 'failed',
          failure: failure('http-error', 'rate-limited', 'slow down', { http: 429, retryAfterMs: 1500 }),
          partial: '',
        },
      };
    };
    const slow = { targets: [{ ...target, concurrency: 1 }] };
    const workers = [await hire(run, ask, slow), await hire(run, ask, slow)];
    const { recorded, ended: done } = await coordinate(run, {
      open: thai.slice(0, 16),
      target: { ...target, concurrency: 8 },
    });
    await done;
    await Promise.all(workers.map(({ ended }) => ended));
    // Two hands would have asked all of the six that waited in the queue.
    const meanwhile = askedAt.filter((at) => at > pressedAt && at < pressedAt + 1400);
    expect(meanwhile.length).toBeLessThanOrEqual(4);
    expect(recorded.filter((sample) => sample.status === 'ok')).toHaveLength(16);
  }, 30_000);

  it('sends a worker away whose plan is not the run any more, and goes on with those that fit', async () => {
    const run = newRun();
    const old = await hire({ ...run, planHash: 'b'.repeat(64) }, answered);
    const coordinated = await coordinate(run);
    const end = await old.ended;
    expect(end).toMatchObject({ why: 'unfit', sent: 0 });
    expect(end.because).toContain('aaaaaaaa');
    const { ended } = await hire(run, answered);
    await coordinated.ended;
    await ended;
    expect(coordinated.recorded).toHaveLength(cells.length);
    expect(coordinated.lost).toEqual([]);
  }, 30_000);

  it('ends the work with the error when an attempt cannot be written down, and reports nothing of it', async () => {
    const run = newRun();
    const { ended } = await hire(run, answered, {
      record: () => {
        throw new Error('no space');
      },
    });
    const coordinated = await coordinate(run);
    await expect(ended).rejects.toThrow('no space');
    expect(coordinated.recorded).toEqual([]);
    const next = await hire(run, answered);
    await coordinated.ended;
    await next.ended;
    expect(coordinated.recorded).toHaveLength(cells.length);
  }, 30_000);

  it('gives up a call that is its own no longer, and does not report it', async () => {
    const run = newRun();
    const { client } = await connect();
    const short = { ...times, lockMs: 1500, stalledMs: 60_000 };
    const [cell] = cells;
    const cuts: boolean[] = [];
    const { ended } = await hire(
      run,
      async (asked, context) => {
        if (asked.key !== cell?.key || cuts.length > 0) return answered(asked, context);
        // Another took the lock, as if this process had been away.
        await client.set(`${jobKey(run.run, target.id, asked.key)}:lock`, 'somebody else');
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
        cuts.push(context.signal.aborted);
        await client.del(
          jobKey(run.run, target.id, asked.key),
          `${jobKey(run.run, target.id, asked.key)}:lock`,
        );
        return notAsked(target, asked, context);
      },
      { times: short },
    );
    const { recorded, ended: done } = await coordinate(run, { open: cells.slice(0, 1), times: short });
    await done;
    await ended;
    expect(cuts).toEqual([true]);
    expect(recorded.map((sample) => sample.status)).toEqual(['ok']);
  }, 30_000);

  it('gives up a call whose hold it cannot renew, since the queue is not there', async () => {
    const own = await startRedis();
    const there = { ...addressOf(), port: own.port };
    const short = { ...times, lockMs: 1500, outageMs: 300 };
    const run = newRun();
    let isCut = false;
    const broker = await openBroker(there);
    const { ended, leave } = await hire(
      run,
      async (cell, context) => {
        await own.kill();
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
        isCut = true;
        return notAsked(target, cell, context);
      },
      { broker, times: short },
    );
    const coordinated = await coordinate(run, { broker: await openBroker(there), times: short });
    await expect(coordinated.ended).rejects.toThrow('there is no queue');
    while (!isCut) await pause(20);
    leave();
    expect((await ended).why).toBe('stopped');
    await own.close();
  }, 30_000);

  it('ends when the queue has been gone for too long, and says how to go on', async () => {
    const own = await startRedis();
    const broker = await openBroker({ ...addressOf(), port: own.port });
    const coordinated = await coordinate(newRun(), { broker, times: { ...times, outageMs: 300 } });
    await pause(300);
    await own.close();
    await expect(coordinated.ended).rejects.toThrow(/there is no queue at here any more.*--resume/u);
  }, 30_000);

  it('says in one line, and without the password, who does not let it in', async () => {
    const own = await startRedis(['--requirepass', 'right-and-secret']);
    try {
      const there = { ...addressOf('wrong-and-secret'), port: own.port };
      const wrong = await openBroker(there).catch((error: unknown) => error);
      expect(String(wrong)).toMatch(/does not take this user and password \(WRONGPASS\).*--queue-env/u);
      const none = await openBroker({ ...there, password: null }).catch((error: unknown) => error);
      expect(String(none)).toMatch(/\(NOAUTH\)/u);
      expect(`${String(wrong)}${String(none)}`).not.toMatch(/secret/u);
      const right = await openBroker({ ...there, password: 'right-and-secret' });
      right.close();
    } finally {
      await own.close();
    }
    const gone = await openBroker({ ...addressOf(), port: own.port }).catch((error: unknown) => error);
    expect(String(gone)).toMatch(/there is no queue at here \(ECONNREFUSED\) - is Redis or Valkey running/u);
    const far = await openBroker({ ...addressOf(), db: 999 }).catch((error: unknown) => error);
    expect(String(far)).toMatch(/no database of that number/u);
  }, 30_000);
});

describe('the server of a queue', () => {
  const address: BrokerAddress = {
    host: 'queue.example',
    port: 1,
    db: 0,
    username: null,
    password: 'x',
    tls: true,
    shown: 'queue.example:1',
  };

  it.each([
    ['redis_version:6.2.14\r\n', /Redis 6\.2\.14, and 7 is the least/u],
    ['redis_version:7.2.4\r\nvalkey_version:7.2.9\r\n', /Valkey 7\.2\.9, and 8 is the least/u],
    ['', /Redis 0/u],
  ])('is refused when it is too old: %j', (info, wanted) => {
    expect(() => judge(info, address)).toThrow(wanted);
  });

  it('is warned of when it may drop jobs, or hears the password in the open', () => {
    const info = 'redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\n';
    expect(judge(info, address)).toEqual([expect.stringContaining('allkeys-lru')]);
    expect(judge(info.replace('allkeys-lru', 'noeviction'), address)).toEqual([]);
    expect(judge('redis_version:7.2.4\r\nvalkey_version:8.1.0\r\n', { ...address, tls: false })).toEqual([
      expect.stringContaining('use rediss://'),
    ]);
    expect(judge('redis_version:7.0.15\r\n', { ...address, tls: false, host: '127.0.0.1' })).toEqual([]);
  });

  it('is spoken to by the packages that the package file names', () => {
    expect(packageFile.peerDependencies).toEqual(packages);
    expect(packageFile.devDependencies).toMatchObject(packages);
    expect(packageFile.peerDependenciesMeta).toEqual({
      bullmq: { optional: true },
      ioredis: { optional: true },
    });
    expect(Object.keys(packageFile.dependencies)).not.toContain('bullmq');
  });
});
