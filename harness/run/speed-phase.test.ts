import { describe, expect, it } from 'vitest';
import { answered, cell, failed, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Ask, AttemptContext, BlockReading, Cell, Load, Sample, SpeedRequest } from '../types.ts';
import { dialectNamed } from './dialects.ts';
import { sleep } from './sleep.ts';
import type { LoadTarget } from './load-here.ts';
import { runSpeedPhase } from './speed-phase.ts';

const request = (block: number, at: number, more: Partial<SpeedRequest> = {}): SpeedRequest => ({
  key: `key-${block}-${at}`,
  series: 'all',
  level: 'c2',
  load: { kind: 'closed', concurrency: 2 },
  target: block % 2 === 0 ? 'a' : 'b',
  cell: block % 2 === 0 ? 'cell-a' : 'cell-b',
  language: 'th',
  cluster: 'item',
  unit: 'pair 1',
  repeat: 1,
  block,
  turn: 'AB',
  nonce: `nonce-${block}-${at}`,
  atMs: null,
  maxTokens: 8,
  ...more,
});
const blocks = (count: number, more: Partial<SpeedRequest> = {}): SpeedRequest[] =>
  Array.from({ length: count }, (_, block) => [0, 1, 2, 3].map((at) => request(block, at, more))).flat();

interface Seen {
  readonly target: string;
  readonly cell: Cell;
  readonly context: AttemptContext;
}

/** Answers after a few ms; `script` says what instead. */
function bench(script: (seen: Seen, count: number) => Partial<Sample> = () => ({}), blockedUntilMs = 0) {
  const seen: Seen[] = [];
  const start = performance.now();
  const clock = () => performance.now() - start;
  const samples: Sample[] = [];
  const readings: BlockReading[] = [];
  const stopper = new AbortController();
  const ask =
    (target: string): Ask =>
    async (asked, context) => {
      const one = { target, cell: asked, context };
      seen.push(one);
      const t0 = clock();
      await sleep(3, new AbortController().signal);
      return sample(asked, {
        cell: asked.key,
        target,
        phase: context.phase ?? 'quality',
        warmup: context.warmup,
        block: context.block,
        http: 200,
        usage: { prompt: 3, completion: 8, reasoning: null, cached: null, source: 'usage' },
        timing: { ...sample(asked).timing, t0, tOut1: t0 + 1, tLast: clock() },
        flags: [],
        outcome: answered(),
        ...script(one, seen.length),
      });
    };
  const target = (id: string): LoadTarget => ({
    ask: ask(id),
    dialect: dialectNamed('generic'),
    ignoreEos: 'unknown',
  });
  const run = (requests: readonly SpeedRequest[]) =>
    runSpeedPhase({
      requests,
      cells: new Map(
        ['a', 'b'].map((id) => [
          `cell-${id}`,
          cell({ target: id, messages: [{ role: 'user', content: 'สวัสดี' }] }),
        ]),
      ),
      targets: new Map(['a', 'b'].map((id) => [id, target(id)])),
      leg: 'leg-1',
      clock,
      record: (one) => samples.push(one),
      note: (reading) => readings.push(reading),
      stop: stopper.signal,
      cut: new AbortController().signal,
      now: () => 1,
      watch: { disturbed: (from) => from < blockedUntilMs },
    });
  return { run, seen, samples, readings, stop: () => stopper.abort() };
}

const planned = (samples: readonly Sample[]): Sample[] => samples.filter((one) => !one.warmup);

describe('the speed phase', () => {
  it('marks what came while this process could not keep the time', async () => {
    const { run, samples } = bench(undefined, Number.POSITIVE_INFINITY);
    await run(blocks(2));
    expect(planned(samples).every(({ flags }) => flags.includes('tainted'))).toBe(true);
    const calm = bench();
    await calm.run(blocks(2));
    expect(planned(calm.samples).some(({ flags }) => flags.includes('tainted'))).toBe(false);
  });

  it('sends block after block, one target at a time, each request once', async () => {
    const { run, samples, readings, seen } = bench();
    const all = blocks(4);
    expect(await run(all)).toEqual({ gone: [] });
    expect(
      planned(samples)
        .map((one) => one.cell)
        .toSorted(),
    ).toEqual(all.map((one) => one.key).toSorted());
    expect(
      planned(samples)
        .map((one) => one.target)
        .join(''),
    ).toBe('aaaabbbbaaaabbbb');
    expect(readings.map(({ block, target, maxInFlight }) => [block, target, maxInFlight])).toEqual([
      [0, 'a', 2],
      [1, 'b', 2],
      [2, 'a', 2],
      [3, 'b', 2],
    ]);
    expect(seen.every(({ context }) => context.phase === 'speed' && context.concurrency === 2)).toBe(true);
  });

  it('warms each target up with prompts that are none of the measured ones', async () => {
    const { run, seen } = bench();
    await run(blocks(2));
    const first = (one: Seen): string => one.cell.messages[0]?.content.split('\n')[0] ?? '';
    const warm = seen.filter((one) => one.context.warmup).map(first);
    const measured = seen.filter((one) => !one.context.warmup).map(first);
    expect(warm.length).toBeGreaterThanOrEqual(8);
    expect(warm.length).toBeLessThanOrEqual(20);
    expect(new Set([...warm, ...measured]).size).toBe(warm.length + measured.length);
    // All of it before the first block.
    expect(seen.findIndex((one) => !one.context.warmup)).toBe(warm.length);
  });

  it('takes a failure for a result: it is neither tried again nor waited for', async () => {
    const { run, samples } = bench((one, count) =>
      count % 5 === 0 && !one.context.warmup ? { status: 'timeout', http: null, outcome: failed() } : {},
    );
    await run(blocks(4));
    const measured = planned(samples);
    expect(measured).toHaveLength(16);
    expect(measured.some((one) => one.status === 'timeout')).toBe(true);
    expect(new Set(measured.map((one) => one.cell)).size).toBe(16);
  });

  it('gives a target up that nobody answers for any more, and leaves its blocks open', async () => {
    const { run, readings, seen } = bench((one) =>
      one.target === 'b' ? { status: 'connect-failed', http: null, outcome: failed('connect-refused') } : {},
    );
    expect(await run(blocks(20))).toEqual({ gone: ['b'] });
    expect(readings.every((reading) => reading.target === 'a')).toBe(true);
    expect(readings).toHaveLength(10);
    expect(seen.filter((one) => one.target === 'b').length).toBeLessThanOrEqual(24);
  });

  it('stops sending ignore_eos to a server that refuses it', async () => {
    const { run, seen, samples } = bench((one) =>
      one.target === 'b' && one.cell.request['ignore_eos'] === true
        ? { status: 'http-error', http: 400, outcome: failed('bad-request-param') }
        : {},
    );
    await run(blocks(2));
    const sent = (target: string): boolean[] =>
      seen
        .filter((one) => one.target === target && !one.context.warmup)
        .map((one) => one.cell.request['ignore_eos'] === true);
    expect(sent('a')).toEqual([true, true, true, true]);
    expect(sent('b')).toEqual([false, false, false, false]);
    expect(planned(samples).every((one) => one.status === 'ok')).toBe(true);
  });

  it('remarks an answer of another length, and a prompt the server knew', async () => {
    const { run, samples } = bench((one) => ({
      usage: {
        prompt: 90,
        completion: one.cell.key === 'key-0-0' ? 5 : 8,
        reasoning: null,
        cached: one.cell.key === 'key-0-1' ? 80 : 10,
        source: 'usage',
      },
    }));
    await run(blocks(1));
    const flags = Object.fromEntries(planned(samples).map((one) => [one.cell, one.flags]));
    expect(flags).toEqual({
      'key-0-0': ['not-fixed-work'],
      'key-0-1': ['prefix-cached'],
      'key-0-2': [],
      'key-0-3': [],
    });
  });

  it('leaves no reading of a block that was cut short', async () => {
    const bed = bench((one) => {
      if (one.cell.key === 'key-1-1') bed.stop();
      return {};
    });
    await bed.run(blocks(4));
    expect(bed.readings.map((reading) => reading.block)).toEqual([0]);
  });

  it('keeps the times of an open loop, whatever is still in flight', async () => {
    const load: Load = { kind: 'open', rate: 100, arrivals: 'constant' };
    const { run, seen, readings } = bench();
    await run([0, 1, 2, 3].map((at) => request(0, at, { load, level: 'r100', atMs: at * 10 })));
    const scheduled = seen.filter((one) => !one.context.warmup).map((one) => one.context.tSched);
    expect(scheduled.slice(1).map((time, at) => Math.round(time - (scheduled[at] ?? 0)))).toEqual([
      10, 10, 10,
    ]);
    expect(readings[0]).toMatchObject({ fullMs: null });
    expect(readings[0]?.client.lagP99Ms).not.toBeNull();
  });
});
