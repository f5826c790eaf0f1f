import { describe, expect, it } from 'vitest';
import { order } from '../plan/order.ts';
import type { AttemptContext, Cell, Failure, Sample, Target } from '../types.ts';
import { execute, type ExecuteInput } from './execute.ts';
import { failure } from './failure.ts';

const makeTarget = (id: string, concurrency = 4): Target => ({
  id,
  baseUrl: 'http://127.0.0.1:1/v1',
  model: id,
  replay: null,
  apiKeyEnv: null,
  concurrency,
  params: {},
  timeouts: { connectMs: 1, firstContentMs: 1, idleMs: 1, contentIdleMs: 1, totalMs: 1, tailMs: 1 },
  attempts: 3,
  languages: null,
  license: null,
});

const makeCells = (target: string, count: number): Cell[] =>
  Array.from({ length: count }, (_, at) => ({
    key: `${target}-${at}`,
    suite: 's',
    test: `t${at}`,
    cluster: `t${at}`,
    language: 'th',
    variant: null,
    target,
    model: target,
    repeat: 1,
    messages: [],
    request: {},
    checks: [],
    metadata: {},
    observe: false,
  }));

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

type Script = (cell: Cell, context: AttemptContext) => Failure | null;

async function run(counts: Record<string, number>, script: Script, options: Partial<ExecuteInput> = {}) {
  const targets = Object.keys(counts).map((id) => makeTarget(id));
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
    clock: () => 0,
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

  it('stops asking a target that went away in mid-run, and leaves its cells open', async () => {
    let served = 0;
    const { result, samples } = await run({ a: 200 }, () => {
      served += 1;
      return served <= 50 ? null : failure('connect-failed', 'connect-refused', 'gone');
    });
    expect(result.aborted[0]?.failure.code).toBe('outage');
    expect(samples.length).toBeLessThan(80);
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
