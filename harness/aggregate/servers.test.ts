import { describe, expect, it } from 'vitest';
import type { Histogram, MetricFigures, Moment, Reading, Sample } from '../types.ts';
import { serverTime, timeFromCounters } from './histogram.ts';
import { memoryNotes } from './memory-notes.ts';
import { serverRows } from './servers.ts';

type Counts = Partial<MetricFigures['values']>;

function reading(moment: Moment, at: number, values: Counts, more: object = {}): Reading {
  return {
    v: 2,
    kind: 'reading',
    target: 'alpha',
    probe: 'prometheus',
    moment,
    phase: 'quality',
    leg: 'leg-1',
    at,
    status: 'read',
    flags: [],
    basis: 'metrics',
    bytes: null,
    server: 'vllm',
    values: {
      kvCapacityTokens: null,
      kvUsedRatio: null,
      kvUsedTokens: null,
      kvPeakTokens: null,
      running: null,
      waiting: null,
      preemptions: null,
      promptTokens: null,
      cachedTokens: null,
      generationTokens: null,
      generationSeconds: null,
      ...values,
    },
    histograms: { ttft: null, tpot: null },
    named: {},
    ...more,
  } as Reading;
}

const sample = (completion: number | null, more: object = {}): Sample =>
  ({
    target: 'alpha',
    phase: 'quality',
    leg: 'leg-1',
    usage: { prompt: 5, completion, reasoning: null, cached: null, source: 'usage' },
    outcome: { kind: 'answered' },
    ...more,
  }) as unknown as Sample;

const rowOf = (readings: readonly Reading[], samples: readonly Sample[] = []) => {
  const [row] = serverRows(['alpha'], readings, samples);
  if (row === undefined) throw new Error('a row');
  return row;
};

const usual = [
  reading('idle', 1, { generationTokens: 1000, promptTokens: 50, waiting: 0 }),
  reading('loaded', 2, { generationTokens: 1600, promptTokens: 60, waiting: 9 }),
  reading('after', 3, { generationTokens: 2000, promptTokens: 90, waiting: 0 }),
];

describe('what a server counted', () => {
  it('is the growth from the quiet point before the load to the one after it', () => {
    for (const order of [usual, usual.toReversed()])
      expect(rowOf(order)).toMatchObject({
        target: 'alpha',
        phase: 'quality',
        server: 'vllm',
        generationTokens: 1000,
        promptTokens: 40,
        peakWaiting: 9,
        preemptions: null,
        readings: 3,
        flags: [],
      });
  });

  it('adds up over starts of the run, and does not count what happened between them', () => {
    const second = [
      reading('idle', 100, { generationTokens: 7000 }, { leg: 'leg-2' }),
      reading('after', 101, { generationTokens: 7500 }, { leg: 'leg-2' }),
    ];
    expect(rowOf([...usual, ...second]).generationTokens).toBe(1500);
  });

  it('keeps phases apart', () => {
    const speed = [
      reading('idle', 10, { generationTokens: 2000 }, { phase: 'speed' }),
      reading('after', 11, { generationTokens: 9000 }, { phase: 'speed' }),
    ];
    const rows = serverRows(['alpha'], [...usual, ...speed], []);
    expect(rows.map(({ phase, generationTokens }) => [phase, generationTokens])).toEqual([
      ['quality', 1000],
      ['speed', 7000],
    ]);
  });

  it('is null where the look after the load is missing', () => {
    expect(rowOf(usual.slice(0, 2))).toMatchObject({ generationTokens: null, mismatch: null });
  });

  it('means nothing when a counter fell: the server was started again', () => {
    const fell = [
      ...usual.slice(0, 2),
      reading('loaded', 2.5, { generationTokens: 20, promptTokens: 3 }),
      reading('after', 3, { generationTokens: 2000, promptTokens: 90 }),
    ];
    const row = rowOf(fell, [sample(1000)]);
    expect(row).toMatchObject({ generationTokens: null, mismatch: null, flags: ['server-restarted'] });
    expect(memoryNotes([], [row])).toMatchObject([{ level: 'warning', code: 'server-restarted' }]);
  });

  it('keeps what was asked for by name: first, last and highest', () => {
    const named = (value: number) => ({ named: { swapped: value } });
    expect(
      rowOf([
        reading('idle', 1, {}, named(2)),
        reading('loaded', 2, {}, named(9)),
        reading('after', 3, {}, named(4)),
      ]).named,
    ).toEqual([{ name: 'swapped', first: 2, last: 4, peak: 9 }]);
  });
});

describe('what was recorded here beside it', () => {
  it.each([
    [990, 0, []],
    [989, 0, ['counter-mismatch']],
    [500, 505, []],
    [1011, 0, ['counter-mismatch']],
  ])('%d and %d tokens against 1000: %j', (one, two, flags) => {
    const row = rowOf(usual, [sample(one), sample(two)]);
    expect(row.usageTokens).toBe(one + two);
    expect(row.flags).toEqual(flags);
  });

  it('says by how much, and in which direction', () => {
    const row = rowOf(usual, [sample(800)]);
    expect(row.mismatch).toBeCloseTo(-0.2, 12);
    expect(memoryNotes([], [row])[0]?.text).toMatch(
      /1000 generated tokens, the recorded answers 800 \(20\.0 % fewer\)/u,
    );
  });

  it('is unknown as soon as one answer does not say what it took', () => {
    expect(rowOf(usual, [sample(1000), sample(null)])).toMatchObject({
      usageTokens: null,
      mismatch: null,
      flags: [],
    });
    // A failed attempt may have taken none.
    const failed = sample(null, { outcome: { kind: 'failed' } });
    expect(rowOf(usual, [sample(1000), failed])).toMatchObject({ usageTokens: 1000, mismatch: 0 });
  });

  it('counts warm-ups, and no other target, phase or start of the run', () => {
    const others = [
      sample(5, { target: 'beta' }),
      sample(5, { phase: 'speed' }),
      sample(5, { leg: 'leg-2' }),
    ];
    expect(rowOf(usual, [sample(995), sample(5, { warmup: true }), ...others]).usageTokens).toBe(1000);
  });
});

const histogram = (counts: readonly number[], sum: number): Histogram => ({
  le: [0.1, 0.5, 1, null],
  counts,
  sum,
  count: counts.at(-1) ?? 0,
});

describe('times by difference of histograms', () => {
  it('are those of the stretch alone', () => {
    const before = histogram([10, 10, 10, 10], 0.5);
    const after = histogram([12, 16, 20, 20], 6.5);
    // Of 10: 2 up to 0.1 s, 4 more up to 0.5 s, 4 more up to 1 s.
    expect(serverTime([[before, after]])).toEqual({
      p50: 1000 * (0.1 + (0.4 * 3) / 4),
      p95: 1000 * (0.5 + (0.5 * 3.5) / 4),
      mean: 600,
      n: 10,
    });
  });

  it('add up over stretches', () => {
    const pair = [histogram([0, 0, 0, 0], 0), histogram([2, 6, 10, 10], 6)] as const;
    expect(serverTime([pair, pair])).toMatchObject({ n: 20, mean: 600 });
  });

  it('have no percentile beyond the last bound: how far is not known', () => {
    expect(serverTime([[histogram([0, 0, 0, 0], 0), histogram([0, 0, 1, 10], 50)]])).toMatchObject({
      p50: null,
      p95: null,
      n: 10,
    });
  });

  it('are nothing when nothing was counted', () => {
    const same = histogram([3, 3, 3, 3], 1);
    expect(serverTime([[same, same]])).toEqual({ p50: null, p95: null, mean: null, n: 0 });
    expect(serverTime([])).toBeNull();
    expect(serverTime([[null, same]])).toBeNull();
    expect(serverTime([[{ ...same, le: [0.2, 0.5, 1, null] }, same]])).toBeNull();
  });

  it('are a mean alone where a server counts seconds and tokens', () => {
    expect(timeFromCounters(2, 400)).toEqual({ p50: null, p95: null, mean: 5, n: 400 });
    expect(timeFromCounters(2, 0)).toBeNull();
    expect(timeFromCounters(null, 4)).toBeNull();
  });
});
