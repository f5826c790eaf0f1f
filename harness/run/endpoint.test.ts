/** The rules of patience, each by itself: times are numbers here. */
import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';
import { Flow, patienceMs } from './flow.ts';
import { LastMinute } from './last-minute.ts';
import { RetryBudget } from './retry-budget.ts';

describe('the last minute', () => {
  it('forgets what is older, by the second', () => {
    const counts = new LastMinute();
    for (let second = 0; second < 90; second += 1) counts.add(second * 1000, second % 2 === 0);
    expect(counts.totals(89_999)).toEqual({ all: 60, marked: 30 });
    expect(counts.totals(100_000)).toEqual({ all: 49, marked: 24 });
    expect(counts.totals(1_000_000)).toEqual({ all: 0, marked: 0 });
  });
});

describe('the breaker', () => {
  it.each([
    ['unreachable', 5],
    ['broken', 20],
  ] as const)('opens after %s %d times in a row, and not before', (evidence, times) => {
    const breaker = new Breaker();
    for (let count = 1; count < times; count += 1) breaker.learn(evidence, count);
    expect(breaker.openSince).toBeNull();
    breaker.learn(evidence, times);
    expect(breaker.openSince).toBe(times);
    expect(breaker.probeAt).toBe(times + 15_000);
  });

  it('counts anew after a sign of life', () => {
    const breaker = new Breaker();
    for (let count = 0; count < 100; count += 1)
      breaker.learn(count % 5 === 4 ? 'alive' : 'unreachable', count * 3000);
    expect(breaker.openSince).toBeNull();
  });

  it('opens when more than half of forty attempts in a minute are lost', () => {
    const breaker = new Breaker();
    for (let count = 0; count < 39; count += 1) breaker.learn(count % 3 === 0 ? 'alive' : 'broken', count);
    expect(breaker.openSince).toBeNull();
    breaker.learn('broken', 40);
    expect(breaker.openSince).toBe(40);
  });

  it('doubles its pause up to five minutes, and begins again when the endpoint is back', () => {
    const breaker = new Breaker();
    breaker.open(0);
    const pauses: number[] = [];
    for (let now = breaker.probeAt, count = 0; count < 7; count += 1) {
      breaker.probed(false, now);
      pauses.push(breaker.probeAt - now);
      now = breaker.probeAt;
    }
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000]);
    breaker.probed(true, 1);
    expect(breaker.openSince).toBeNull();
    breaker.open(10);
    expect(breaker.probeAt).toBe(15_010);
  });
});

describe('flow control', () => {
  it('halves once per episode, then takes a fifth, never below one', () => {
    const flow = new Flow(16);
    flow.pressed(0, 1000, true);
    flow.pressed(100, 1000, true);
    expect(flow.limit).toBe(8);
    expect(flow.coolUntil).toBe(1100);
    const limits = [16_000, 32_000, 48_000, 64_000, 80_000, 96_000, 112_000, 128_000].map((at) => {
      flow.pressed(at, 0, true);
      return flow.limit;
    });
    expect(limits).toEqual([6, 4, 3, 2, 1, 1, 1, 1]);
  });

  it('does not cut for a 503 with a time to wait', () => {
    const flow = new Flow(16);
    flow.pressed(0, 5000, false);
    expect([flow.limit, flow.coolUntil]).toEqual([16, 5000]);
  });

  it('grows by a twentieth per clean round, and only where the limit was nearly used', () => {
    const flow = new Flow(40);
    flow.pressed(0, 0, true);
    for (let count = 0; count < 20; count += 1) flow.answered(1, 20);
    expect(flow.limit).toBe(21);
    for (let count = 0; count < 100; count += 1) flow.answered(1, 3);
    expect(flow.limit).toBe(21);
    for (let count = 0; count < 10_000; count += 1) flow.answered(1, 40);
    expect(flow.limit).toBe(40);
  });

  it('begins its round again after a fault of another kind', () => {
    const flow = new Flow(8);
    flow.pressed(0, 0, true);
    for (let count = 0; count < 50; count += 1) {
      flow.answered(1, 8);
      if (count % 3 === 0) flow.faulted();
    }
    expect(flow.limit).toBe(4);
  });

  it('loses patience after ten minutes without one answer', () => {
    const flow = new Flow(8);
    flow.pressed(0, 0, true);
    expect(flow.outOfPatience(patienceMs)).toBe(false);
    expect(flow.outOfPatience(patienceMs + 1)).toBe(true);
    flow.answered(patienceMs + 2, 1);
    expect(flow.outOfPatience(patienceMs + 3)).toBe(false);
  });
});

describe('the retry budget', () => {
  it('lets ten through in any minute, and a tenth of the traffic', () => {
    const budget = new RetryBudget();
    for (let count = 0; count < 10; count += 1) budget.note(0, true);
    expect(budget.allows(1)).toBe(false);
    for (let count = 0; count < 95; count += 1) budget.note(1, false);
    expect(budget.allows(2)).toBe(true);
    budget.note(3, true);
    expect(budget.allows(4)).toBe(false);
    expect(budget.allows(61_000)).toBe(true);
  });
});
