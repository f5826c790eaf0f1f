import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCell, makeTarget } from '../../fixtures/test/made-up.ts';
import { order } from '../plan/order.ts';
import type { AttemptContext, Cell, Failure, Sample } from '../types.ts';
import { execute, type ExecuteInput } from './execute.ts';
import { failure } from './failure.ts';

const makeCells = (target: string, count: number): Cell[] =>
  Array.from({ length: count }, (_, at) => makeCell(target, at));

const sampleOf = (cell: Cell, context: AttemptContext, failed: Failure | null): Sample => ({
  v: 1,
  cell: cell.key,
  suite: cell.suite,
  test: cell.test,
  language: cell.language,
  variant: null,
  target: cell.target,
  repeat: 1,
  attempt: context.attempt,
  leg: context.leg,
  phase: 'quality',
  warmup: false,
  concurrency: 1,
  block: context.block,
  turn: context.turn,
  status: failed?.status ?? 'ok',
  http: failed === null ? 200 : null,
  timing: { tSched: 0, tCall: 0, t0: 0, tHdr: 0, tEvt1: 0, tOut1: 0, tAns1: 0, tLast: 0, tDone: 0 },
  chunks: 1,
  reads: 1,
  iclMs: [],
  usage: { prompt: null, completion: null, reasoning: null, cached: null, source: 'none' },
  answerChars: 0,
  reasoningChars: 0,
  bytes: 0,
  finishRaw: 'stop',
  flags: [],
  reusedSocket: null,
  modelEcho: null,
  outcome:
    failed === null
      ? { kind: 'answered', text: '', reasoning: '', toolCalls: [], refusal: null, finish: 'stop' }
      : { kind: 'failed', failure: failed, partial: '' },
  endedAt: 0,
});

let looks = 0;

type Script = (cell: Cell, context: AttemptContext) => Failure | null;

async function run(
  counts: Record<string, number>,
  script: Script,
  options: Partial<ExecuteInput> & { concurrency?: number } = {},
) {
  const targets = Object.keys(counts).map((id) => makeTarget(id, options.concurrency));
  const cells = Object.entries(counts).flatMap(([id, count]) => makeCells(id, count));
  const samples: Sample[] = [];
  const inFlight = new Map<string, number>();
  const overlaps = new Set<string>();
  let peak = 0;
  const ask = async (cell: Cell, context: AttemptContext): Promise<Sample> => {
    inFlight.set(cell.target, (inFlight.get(cell.target) ?? 0) + 1);
    peak = Math.max(peak, inFlight.get(cell.target) ?? 0);
    const others = [...inFlight].filter(([id, count]) => id !== cell.target && count > 0);
    if (others.length > 0) overlaps.add(cell.target);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight.set(cell.target, (inFlight.get(cell.target) ?? 0) - 1);
    if (context.signal.aborted) return sampleOf(cell, context, failure('cancelled', 'cancelled', ''));
    return sampleOf(cell, context, script(cell, context));
  };
  const never = new AbortController().signal;
  const result = await execute({
    lanes: order(cells, targets, 42).map((lane) => lane.blocks),
    askers: new Map(targets.map((target) => [target.id, { target, ask }])),
    attemptsBefore: new Map(),
    leg: 'leg-1',
    // Every look at it takes a while, as it does.
    clock: () => performance.now() + (looks += 1) / 1000,
    random: () => 0,
    record: (sample) => samples.push(sample),
    stop: never,
    cut: never,
    ...options,
  });
  return { result, samples, peak, overlaps };
}

const overloaded = failure('http-error', 'overloaded', 'busy', { http: 503 });

describe('execute', () => {
  it('asks every cell once, within the concurrency, and never two targets of one host at a time', async () => {
    const { result, samples, peak, overlaps } = await run({ a: 50, b: 50 }, () => null);
    expect(samples).toHaveLength(100);
    expect(new Set(samples.map((sample) => sample.cell)).size).toBe(100);
    expect(result).toEqual({ aborted: [], sent: 100 });
    expect(peak).toBe(4);
    expect(overlaps.size).toBe(0);
  });

  it('begins with the other target from block to block', async () => {
    const { samples } = await run({ a: 24, b: 24 }, () => null);
    const turns = samples
      .filter((sample, at) => sample.block !== samples[at - 1]?.block)
      .map((sample) => sample.target);
    expect(turns).toEqual(['a', 'b', 'b', 'a']);
  });

  it('tries again, counts the attempts, and keeps the failures on record', async () => {
    const { samples } = await run({ a: 10 }, (cell, context) =>
      cell.test === 't5' && context.attempt < 3 ? overloaded : null,
    );
    const tries = samples.filter((sample) => sample.test === 't5');
    expect(tries.map((sample) => [sample.attempt, sample.status])).toEqual([
      [1, 'http-error'],
      [2, 'http-error'],
      [3, 'ok'],
    ]);
  });

  it('gives a cell up after its attempts and goes on with the others', async () => {
    const { result, samples } = await run({ a: 10 }, (cell) => (cell.test === 't5' ? overloaded : null));
    expect(samples.filter((sample) => sample.test === 't5')).toHaveLength(3);
    expect(samples.filter((sample) => sample.status === 'ok')).toHaveLength(9);
    expect(result.aborted).toEqual([]);
  });

  it('spends one request on a wrong key', async () => {
    const { result, samples } = await run({ a: 30, b: 30 }, (cell) =>
      cell.target === 'a' ? failure('http-error', 'auth', 'no', { http: 401, remedy: 'abort' }) : null,
    );
    expect(samples.filter((sample) => sample.target === 'a')).toHaveLength(1);
    expect(samples.filter((sample) => sample.target === 'b')).toHaveLength(30);
    expect(result.aborted.map((abort) => [abort.target, abort.failure.code])).toEqual([['a', 'auth']]);
  });

  it('spends three requests on an address where nothing listens', async () => {
    const { result, samples } = await run({ a: 30 }, () =>
      failure('connect-failed', 'connect-refused', 'nothing'),
    );
    expect(samples).toHaveLength(3);
    expect(result.aborted[0]?.failure.code).toBe('connect-refused');
  });

  it('does not write down what it cut itself', async () => {
    const stop = new AbortController();
    let count = 0;
    const { samples } = await run({ a: 40 }, () => null, {
      stop: stop.signal,
      cut: stop.signal,
      record: (sample) => {
        if (sample.status === 'cancelled') throw new Error('recorded a cancelled attempt');
        count += 1;
        if (count === 5) stop.abort();
      },
    });
    expect(samples).toHaveLength(0);
    expect(count).toBeLessThan(10);
  });

  it('ends with the error when a sample cannot be recorded', async () => {
    await expect(
      run({ a: 40 }, () => null, {
        record: () => {
          throw new Error('no space');
        },
      }),
    ).rejects.toThrow('no space');
  });
});

/** A minute is a moment here: timers and the clock are the test's own. */
describe('an endpoint in trouble', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  type Ran = Awaited<ReturnType<typeof run>>;
  async function through(minutes: number, started: Promise<Ran>): Promise<Ran | 'still running'> {
    let ended: Ran | 'still running' = 'still running';
    const noted = started.then((result) => (ended = result));
    for (let step = 0; step < minutes * 60 && ended === 'still running'; step += 1)
      await vi.advanceTimersByTimeAsync(1000);
    if (ended !== 'still running') await noted;
    return ended;
  }
  const finished = (ran: Ran | 'still running'): Ran => {
    if (ran === 'still running') throw new Error('the run did not end');
    return ran;
  };
  const gone = failure('connect-failed', 'connect-refused', 'gone');
  const reset = failure('connection-lost', 'reset-before-headers', 'cut');
  const answeredCells = (ran: Ran) =>
    new Set(ran.samples.filter((sample) => sample.status === 'ok').map((sample) => sample.cell));

  it.each([1, 4, 32])(
    '104 that is gone for two minutes loses no cell and is asked hardly at all meanwhile, %i at a time',
    async (concurrency) => {
      let served = 0;
      let knocks = 0;
      const words: string[] = [];
      const events: unknown[] = [];
      const ran = finished(
        await through(
          10,
          run(
            { a: 200 },
            (cell) => {
              const isDown = served >= 50 && performance.now() < 120_000;
              if (cell.key === 'knock') knocks += 1;
              if (!isDown && cell.key !== 'knock') served += 1;
              return isDown ? gone : null;
            },
            {
              say: (text) => words.push(text),
              onEvent: ({ event, target, ms, because }) => events.push([target, event, ms, because]),
              concurrency,
            },
          ),
        ),
      );
      expect(answeredCells(ran).size).toBe(200);
      expect(ran.result.aborted).toEqual([]);
      // What was in flight when it went is lost on the wire and asked again.
      const lost = ran.samples.filter((sample) => sample.status !== 'ok').length;
      expect(lost).toBeLessThan(16 + 2 * concurrency);
      expect(ran.result.sent + knocks).toBeLessThan(1.1 * 200 + 2 * concurrency);
      expect(
        ran.samples.some(({ outcome }) => outcome.kind === 'failed' && outcome.failure.remedy === 'final'),
      ).toBe(false);
      expect(knocks).toBeGreaterThan(1);
      expect(knocks).toBeLessThan(8);
      expect(words).toEqual(['a does not answer; waiting for it', 'a answers again']);
      expect(events).toEqual([
        ['a', 'breaker-open', null, expect.stringMatching(/^[a-z-]+$/u)],
        ['a', 'breaker-closed', expect.any(Number), ''],
      ]);
    },
  );

  it('that is gone for good ends the target after ten minutes and leaves its cells open', async () => {
    let served = 0;
    const ran = finished(
      await through(
        30,
        run({ a: 100 }, () => ((served += 1) <= 20 ? null : gone)),
      ),
    );
    expect(ran.result.aborted.map(({ failure: why }) => [why.code, why.remedy])).toEqual([
      ['outage', 'abort'],
    ]);
    expect(performance.now()).toBeGreaterThan(600_000);
    expect(
      ran.samples
        .filter((sample) => sample.status !== 'ok')
        .every((sample) => sample.outcome.kind === 'failed' && sample.outcome.failure.remedy === 'retry'),
    ).toBe(true);
  });

  it.each([
    [30_000, /^no answer for 45 seconds$/u],
    [3_600_000, /^no answer for 6\d minutes$/u],
  ])('that is gone for good is waited for as long as the target says: %i ms', async (maxOutageMs, wanted) => {
    let served = 0;
    const target = { ...makeTarget('a'), maxOutageMs };
    const script = (): Failure | null => ((served += 1) <= 20 ? null : gone);
    const ask = async (cell: Cell, context: AttemptContext): Promise<Sample> =>
      sampleOf(cell, context, script());
    const ran = finished(
      await through(90, run({ a: 100 }, script, { askers: new Map([['a', { target, ask }]]) })),
    );
    const [abort] = ran.result.aborted;
    expect(abort?.failure.message).toMatch(wanted);
    expect(performance.now()).toBeGreaterThan(maxOutageMs);
    expect(performance.now()).toBeLessThan(maxOutageMs + 6 * 60_000);
  });

  it('that breaks most of its answers for a minute is given a rest, and what it lost may be asked again', async () => {
    let count = 0;
    let knocks = 0;
    const isBad = (): boolean => (count += 1) > 60 && performance.now() < 60_000 && count % 3 > 0;
    const script: Script = (cell) => {
      if (cell.key === 'knock') knocks += 1;
      return cell.key !== 'knock' && isBad() ? reset : null;
    };
    const ran = finished(await through(20, run({ a: 300 }, script)));
    expect(knocks).toBeGreaterThan(0);
    expect(answeredCells(ran).size).toBeGreaterThan(200);
    expect(ran.result.aborted).toEqual([]);
    const remedies = ran.samples.map(({ outcome }) =>
      outcome.kind === 'failed' ? outcome.failure.remedy : null,
    );
    expect(new Set(remedies)).toEqual(new Set([null, 'retry']));
  });

  it('that never answered is not waited for', async () => {
    const ran = finished(
      await through(
        10,
        run({ a: 30 }, () => failure('http-error', 'server-error', `busy ${(looks += 1)}`, { http: 500 })),
      ),
    );
    expect(ran.result.aborted[0]?.failure.code).toBe('outage');
    expect(ran.samples).toHaveLength(20);
  });

  it('fails the one cell whose prompt ends the connection each time, by name', async () => {
    const ran = finished(
      await through(
        10,
        run({ a: 60 }, (cell) => (cell.test === 't30' ? reset : null)),
      ),
    );
    expect(answeredCells(ran).size).toBe(59);
    const tries = ran.samples.filter((sample) => sample.test === 't30');
    expect(tries).toHaveLength(3);
    expect(tries.at(-1)?.outcome).toMatchObject({ failure: { code: 'kills-server', remedy: 'final' } });
  });

  it('tries a question that does not end once more, and no third time', async () => {
    const endless = failure('timeout', 'timeout-total', 'too long', { http: 200 });
    const ran = finished(
      await through(
        10,
        run({ a: 60 }, (cell) => (cell.test === 't30' ? endless : null)),
      ),
    );
    const tries = ran.samples.filter((sample) => sample.test === 't30');
    expect(tries).toHaveLength(2);
    expect(tries.at(-1)?.outcome).toMatchObject({ failure: { code: 'timeout-total', remedy: 'final' } });
  });

  it('takes the same 500 twice for a fault of the question', async () => {
    const rejects = failure('http-error', 'server-error', 'Invalid grammar', { http: 500 });
    const ran = finished(
      await through(
        10,
        run({ a: 60 }, (cell) => (cell.test === 't30' ? rejects : null)),
      ),
    );
    const tries = ran.samples.filter((sample) => sample.test === 't30');
    expect(tries).toHaveLength(2);
    expect(tries.at(-1)?.outcome).toMatchObject({ failure: { code: 'server-rejects', remedy: 'final' } });
  });

  it('slows down for 429 without spending attempts, and comes back to its pace', async () => {
    let inFlight = 0;
    let refused = 0;
    const limited = failure('http-error', 'rate-limited', 'slow down', { http: 429, retryAfterMs: 1000 });
    const ran = finished(
      await through(
        20,
        run({ a: 400 }, (cell) => {
          inFlight += 1;
          const isMany = cell.key !== 'knock' && performance.now() < 5000 && inFlight % 4 === 0;
          if (isMany) refused += 1;
          return isMany ? limited : null;
        }),
      ),
    );
    expect(refused).toBeGreaterThan(2);
    expect(answeredCells(ran).size).toBe(400);
    expect(ran.result.aborted).toEqual([]);
  });

  it('109 is asked fewer at a time where our own files run out, and is not taken for down', async () => {
    const words: string[] = [];
    let inFlight = 0;
    let knocks = 0;
    const full = failure('connect-failed', 'fd-limit', 'no more file descriptors');
    const target = { ...makeTarget('a', 8), attempts: 4 };
    const ask = async (cell: Cell, context: AttemptContext): Promise<Sample> => {
      if (cell.key === 'knock') knocks += 1;
      inFlight += 1;
      const isFull = inFlight > 5;
      await new Promise((resolve) => setTimeout(resolve, 20));
      inFlight -= 1;
      return sampleOf(cell, context, isFull ? full : null);
    };
    const askers = new Map([['a', { target, ask }]]);
    const options = { askers, say: (text: string) => words.push(text), concurrency: 8 };
    const ran = finished(
      await through(
        10,
        run({ a: 120 }, () => null, options),
      ),
    );
    expect(answeredCells(ran).size).toBe(120);
    expect(ran.result.aborted).toEqual([]);
    expect(words[0]).toBe('a is asked 4 at a time now');
    expect(knocks).toBe(0);
  });

  it('that puts everybody off for ten minutes is left for today', async () => {
    let served = 0;
    const limited = failure('http-error', 'rate-limited', 'slow down', { http: 429, retryAfterMs: 60_000 });
    const ran = finished(
      await through(
        30,
        run({ a: 100 }, () => ((served += 1) <= 10 ? null : limited)),
      ),
    );
    expect(ran.result.aborted[0]?.failure.code).toBe('rate-limited-long');
  });

  it('is asked again after one refused key, and given up after three in a row', async () => {
    let served = 0;
    const refused = failure('http-error', 'auth', 'no', { http: 401, remedy: 'abort' });
    const once = finished(
      await through(
        5,
        run({ a: 40 }, () => ((served += 1) === 20 ? refused : null)),
      ),
    );
    expect(answeredCells(once).size).toBe(40);
    served = 0;
    const forGood = finished(
      await through(
        5,
        run({ a: 40 }, () => ((served += 1) >= 20 ? refused : null)),
      ),
    );
    expect(forGood.result.aborted[0]?.failure.code).toBe('auth');
    expect(forGood.samples.filter((sample) => sample.status !== 'ok').length).toBeLessThanOrEqual(3 + 4);
  });

  it('ends at once when the run is stopped while it is waited for', async () => {
    const stop = new AbortController();
    let served = 0;
    const started = run({ a: 100 }, () => ((served += 1) <= 20 ? null : gone), {
      stop: stop.signal,
      cut: stop.signal,
    });
    await vi.advanceTimersByTimeAsync(60_000);
    stop.abort();
    expect(finished(await through(1, started)).result.aborted).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
