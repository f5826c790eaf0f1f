import { describe, expect, it } from 'vitest';
import { answered, cell, failed, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import type { BlockReading, Objectives, Sample, SpeedPlan, SpeedRequest } from '../types.ts';
import { measuredLevels, wholeLoads } from './speed-blocks.ts';
import { speedLevels } from './speed-levels.ts';
import { tokensWithin } from './speed-window.ts';

const tokens = 10;
const request = (block: number, at: number, more: Partial<SpeedRequest> = {}): SpeedRequest => ({
  key: `${block}-${at}`,
  series: 'all',
  level: 'c2',
  load: { kind: 'closed', concurrency: 2 },
  target: 'alpha',
  cell: 'x',
  language: 'th',
  cluster: 'item',
  unit: `pair ${block}`,
  repeat: 1,
  block,
  turn: 'AB',
  nonce: '',
  atMs: null,
  maxTokens: tokens,
  ...more,
});
const reading = (block: number, more: Partial<BlockReading> = {}): BlockReading => ({
  v: 1,
  kind: 'block',
  leg: 'leg-1',
  series: 'all',
  level: 'c2',
  target: 'alpha',
  block,
  startMs: 0,
  fullMs: 0,
  emptyMs: 2000,
  endMs: 4000,
  maxInFlight: 2,
  client: { utilization: 0.1, delayP50Ms: 0, delayP99Ms: 1, lagP99Ms: null },
  at: 1,
  ...more,
});
/** 100 ms to the first of ten tokens, then one every 100 ms. */
const answer = (key: string, start: number, more: Partial<Sample> = {}): Sample =>
  sample(cell(), {
    cell: key,
    phase: 'speed',
    leg: 'leg-1',
    timing: {
      tSched: start,
      tCall: start,
      t0: start,
      tHdr: start,
      tEvt1: start + 100,
      tOut1: start + 100,
      tAns1: start + 100,
      tLast: start + 1000,
      tDone: start + 1000,
    },
    iclMs: Array.from({ length: tokens - 1 }, () => 100),
    chunks: tokens,
    reads: tokens,
    flags: [],
    usage: { prompt: 5, completion: tokens, reasoning: null, cached: null, source: 'usage' },
    outcome: answered(),
    ...more,
  });
/** Two in flight, four each: 0, 1000, 2000, 3000 ms on two lanes. */
const lanes = (block: number): Sample[] =>
  [0, 0, 1000, 1000, 2000, 2000, 3000, 3000].map((start, at) => answer(`${block}-${at}`, start));
const planOf = (requests: readonly SpeedRequest[], objectives: Objectives | null = null): SpeedPlan => ({
  requests,
  objectives: { all: objectives },
});
const full = [1, 2, 3, 4].flatMap((block) => Array.from({ length: 8 }, (_, at) => request(block, at)));
const rows = (plan: SpeedPlan, samples: readonly Sample[], readings: readonly BlockReading[]) =>
  speedLevels(measuredLevels(plan, samples, readings), plan.objectives);
const all = [1, 2, 3, 4].flatMap(lanes);
const ends = [1, 2, 3, 4].map((block) => reading(block, { emptyMs: 3000 }));

describe('a level of the speed phase', () => {
  it('takes its rates while the loop is full, and its times from every answer', () => {
    const [row] = rows(planOf(full), all, ends);
    expect(row).toMatchObject({
      planned: 32,
      answered: 32,
      failed: 0,
      unmeasured: 0,
      work: 'fixed',
      window: 'steady',
      windowMs: 12_000,
      ttftMs: { p50: 100, n: 32, missing: 0 },
      tpotMs: { p50: 100 },
      e2eMs: { p50: 1000 },
      e2eFromSchedMs: null,
      doubt: null,
      maxInFlight: 2,
      goodput: null,
    });
    // Two lanes of ten tokens a second: the tokens of the last answers fall behind the window.
    expect(row?.tokensPerSecond.value).toBeCloseTo(20 - 2 / 3, 9);
    expect(row?.tokensPerSecond).toMatchObject({ n: 4, missing: 0, unit: 'tokens/s' });
    expect(row?.requestsPerSecond.value).toBeCloseTo(2, 9);
  });

  it('counts what is good by every objective, and a time that is not known as none of it', () => {
    const plan = planOf(full, { ttftMs: 100, tpotMs: 100, e2eMs: null });
    expect(rows(plan, all, ends)[0]?.goodput?.value).toBeCloseTo(2, 9);
    const strict = planOf(full, { ttftMs: 99, tpotMs: null, e2eMs: null });
    expect(rows(strict, all, ends)[0]?.goodput?.value).toBe(0);
    const uncounted = all.map((one) => ({
      ...one,
      usage: { prompt: null, completion: null, reasoning: null, cached: null, source: 'none' as const },
    }));
    expect(rows(plan, uncounted, ends)[0]).toMatchObject({
      goodput: { value: 0 },
      tokensPerSecond: { value: null, n: 0, missing: 4 },
      work: 'natural-length',
    });
  });

  it('keeps failures beside the times, never in them', () => {
    const lost = all.map((one, at) =>
      at % 8 === 0 ? { ...one, status: 'timeout' as const, outcome: failed() } : one,
    );
    expect(rows(planOf(full), lost, ends)[0]).toMatchObject({
      answered: 28,
      failed: 4,
      e2eMs: { n: 28, missing: 4 },
    });
  });

  it('leaves out a block that was not measured to its end, and says how much that is', () => {
    const [row] = rows(planOf(full), all, ends.slice(0, 3));
    expect(row).toMatchObject({
      planned: 32,
      answered: 24,
      unmeasured: 8,
      tokensPerSecond: { n: 3, missing: 1 },
    });
  });

  it('counts the samples of the start that measured the block, not those of one that was cut', () => {
    const cut = lanes(1).map((one) => ({ ...one, leg: 'leg-0', iclMs: [], chunks: 1 }));
    expect(rows(planOf(full), [...cut, ...all], ends)).toEqual(rows(planOf(full), all, ends));
  });

  it('takes whole blocks where too few answers ended while the loop was full', () => {
    const [row] = rows(
      planOf(full),
      all,
      ends.map((end) => ({ ...end, fullMs: null })),
    );
    expect(row).toMatchObject({ window: 'whole', windowMs: 16_000 });
    expect(row?.tokensPerSecond.value).toBeCloseTo(20, 9);
  });

  it('marks answers of another length, and leaves their total times out where the work was fixed', () => {
    const odd = all.map((one, at) => (at % 8 === 0 ? { ...one, flags: ['not-fixed-work'] } : one));
    expect(rows(planOf(full), odd, ends)[0]).toMatchObject({
      work: 'mixed',
      otherLength: 4,
      e2eMs: { n: 28 },
    });
    const none = all.map((one) => ({ ...one, flags: ['not-fixed-work'] }));
    expect(rows(planOf(full), none, ends)[0]).toMatchObject({ work: 'natural-length', e2eMs: { n: 32 } });
  });

  it('leaves answers out of every time that came while the client could not keep it, and counts them', () => {
    const odd = all.map((one, at) => (at % 8 < 2 ? { ...one, flags: ['tainted'] } : one));
    expect(rows(planOf(full), odd, ends)[0]).toMatchObject({
      answered: 32,
      tainted: 8,
      ttftMs: { n: 24, missing: 8 },
      tpotMs: { n: 24 },
      e2eMs: { n: 24 },
      queueMs: { n: 24 },
    });
  });

  it.each([
    ['a busy event loop', { utilization: 0.8 }, {}, /at its limit: its event loop was at work 80 %/u],
    ['a late event loop', { delayP99Ms: 12 }, {}, /at its limit: its event loop was 12\.0 ms late/u],
    ['a schedule not kept', { lagP99Ms: 9 }, {}, /behind its own schedule/u],
    ['a hidden cap of connections', {}, { maxInFlight: 1 }, /fewer requests were open/u],
  ])('doubts its figures for %s', (_, client, more, doubt) => {
    const busy = ends.map((end) => ({ ...end, ...more, client: { ...end.client, ...client } }));
    expect(rows(planOf(full), all, busy)[0]?.doubt).toMatch(doubt);
    // One bad block of four is chance.
    if (Object.keys(client).length > 0)
      expect(rows(planOf(full), all, [...busy.slice(0, 1), ...ends.slice(1)])[0]?.doubt).toBeNull();
  });

  it('measures an open loop from its schedule: waiting is part of it', () => {
    const open = full.map((one, at) => ({
      ...one,
      level: 'r2',
      load: { kind: 'open', rate: 2, arrivals: 'constant' } as const,
      atMs: at * 500,
    }));
    const late = all.map((one) => ({
      ...one,
      timing: { ...one.timing, tSched: (one.timing.t0 ?? 0) - 250 },
    }));
    const [row] = rows(
      planOf(open),
      late,
      ends.map((end) => ({ ...end, level: 'r2', fullMs: null })),
    );
    expect(row).toMatchObject({
      e2eMs: { p50: 1000 },
      e2eFromSchedMs: { p50: 1250 },
      queueMs: { p50: 250 },
      window: 'whole',
    });
  });
});

describe('tokens in a window', () => {
  it('are shared out over adjacent windows without loss', () => {
    const one = answer('1-0', 0);
    const cuts = [0, 130, 480, 700, 1001];
    const parts = cuts
      .slice(1)
      .map((toMs, at) => tokensWithin(one, { fromMs: cuts[at] ?? 0, toMs, closed: false }) ?? 0);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(tokens, 9);
    expect(parts.every((part) => part > 0)).toBe(true);
  });

  it('are all there or not at all where nobody knows when they came', () => {
    const packed = answer('1-0', 0, { flags: ['fake-stream'] });
    expect(tokensWithin(packed, { fromMs: 0, toMs: 900, closed: false })).toBe(0);
    expect(tokensWithin(packed, { fromMs: 900, toMs: 1100, closed: false })).toBe(tokens);
  });
});

describe('a level that several clients held', () => {
  const held = { utilization: 0.1, delayP50Ms: 0, delayP99Ms: 1, lagP99Ms: null };
  /** Of one lane each, the second client with a clock that began 7000 ms later and a start 500 ms later. */
  const clients = (errorMs = 1): NonNullable<BlockReading['clients']> => [
    {
      client: 'ก',
      share: 1,
      startMs: 0,
      fullMs: 0,
      emptyMs: 3000,
      endMs: 4000,
      maxInFlight: 1,
      load: held,
      offsetMs: 0,
      errorMs,
    },
    {
      client: '乙',
      share: 1,
      startMs: -6500,
      fullMs: -6500,
      emptyMs: -3500,
      endMs: -2500,
      maxInFlight: 1,
      load: held,
      offsetMs: 7000,
      errorMs,
    },
  ];
  const spreadOver = (block: number, errorMs?: number): BlockReading =>
    reading(block, { startMs: 0, fullMs: 500, emptyMs: 3000, endMs: 4500, clients: clients(errorMs) });
  const answers = (block: number): Sample[] =>
    [0, 1000, 2000, 3000].flatMap((start, at) => [
      answer(`${block}-${2 * at}`, start, { client: 'ก' }),
      answer(`${block}-${2 * at + 1}`, start - 6500, { client: '乙' }),
    ]);
  const blocks = [1, 2, 3, 4];

  it('has the tokens of the stretch in which all were full over that stretch, and durations of each own clock', () => {
    const [row] = rows(
      planOf(full),
      blocks.flatMap(answers),
      blocks.map((block) => spreadOver(block)),
    );
    expect(row).toMatchObject({
      window: 'steady',
      // 500 to 3000 ms on the clock in common.
      windowMs: 4 * 2500,
      clients: { n: 2, errorMs: 2, uncertain: 0 },
      answered: 32,
      maxInFlight: 2,
    });
    // The first client's at 500 … 1000, 1100 … 2000 and 2100 … 2900: what comes at the very end belongs to what follows.
    const first = 6 + 10 + 9;
    // The other's at 600 … 1500, 1600 … 2500 and 2600 … 2900.
    const second = 10 + 10 + 4;
    expect(row?.tokensPerSecond.value).toBeCloseTo((1000 * (first + second)) / 2500, 6);
    expect(row?.ttftMs.p50).toBe(100);
    expect(row?.e2eMs.p50).toBe(1000);
  });

  it('has no rate where the clocks agree too little for its length, and its durations all the same', () => {
    const doubtful = [
      ...[1, 2, 3].map((block) => spreadOver(block)),
      // Twice 63 ms is more than 5 % of 2500.
      spreadOver(4, 63),
    ];
    const [row] = rows(planOf(full), blocks.flatMap(answers), doubtful);
    expect(row).toMatchObject({ clients: { uncertain: 1, errorMs: 126 } });
    expect(row?.tokensPerSecond).toMatchObject({ n: 3, missing: 1 });
    expect(row?.e2eMs).toMatchObject({ n: 32, p50: 1000 });
    const [nothing] = rows(
      planOf(full),
      blocks.flatMap(answers),
      blocks.map((block) => spreadOver(block, 63)),
    );
    expect(nothing?.tokensPerSecond).toMatchObject({ value: null, n: 0 });
    expect(nothing?.requestsPerSecond).toMatchObject({ value: null, n: 0 });
  });

  it('is not measured by some of its blocks, as one that a single process loaded is', () => {
    const some = [1, 2, 3];
    const rowsOf = (readings: readonly BlockReading[]) => {
      const plan = planOf(full);
      const found = wholeLoads(measuredLevels(plan, some.flatMap(answers), readings));
      return speedLevels(found, plan.objectives);
    };
    const [held] = rowsOf(some.map((block) => spreadOver(block)));
    expect(held).toMatchObject({
      unmeasured: 32,
      answered: 0,
      tokensPerSecond: { value: null },
      ttftMs: { p50: null, n: 0 },
      doubt: 'not measured: its clients did not hold it to its end',
    });
    const [alone] = rowsOf(some.map((block) => reading(block)));
    expect(alone).toMatchObject({ unmeasured: 8, answered: 24, ttftMs: { p50: 100 }, doubt: null });
  });

  it('is doubted where one client was at its limit, whatever the others were', () => {
    const busy = blocks.map((block) => ({
      ...spreadOver(block),
      client: { ...held, utilization: 0.9 },
    }));
    const [row] = rows(planOf(full), blocks.flatMap(answers), busy);
    expect(row?.doubt).toMatch(/at its limit/u);
  });
});
