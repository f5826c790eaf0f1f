/** When this process could not keep the time. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Disturbances, lookEveryMs } from './disturbance.ts';
import { startWatch } from './watch.ts';

const wallAt = Date.UTC(2026, 0, 2);

/** Looks on time up to `until`, from there again after `gap` ms. `step`: the wall clock jumps by so much in the gap. */
function after(until: number, gap: number, step = 0): { found: Disturbances; end: number; wall: number } {
  const found = new Disturbances(0, wallAt);
  for (let at = lookEveryMs; at <= until; at += lookEveryMs) found.look(at, wallAt + at);
  const end = until + gap;
  found.look(end, wallAt + end + step);
  return { found, end, wall: wallAt + end + step };
}

describe('a look that comes late', () => {
  it.each([
    [20, false],
    [60, false],
    [99, false],
    [100, true],
    [450, true],
    [30_000, true],
  ])('after %i ms: disturbed %s', (gap, disturbed) => {
    const { found, end, wall } = after(1000, gap);
    expect(found.overlaps(0, end, end, wall)).toBe(disturbed);
  });

  it('is known for what it covers, and for nothing before and after', () => {
    const { found, end, wall } = after(1000, 200);
    const is = (from: number, to: number): boolean => found.overlaps(from, to, end + 400, wall + 400);
    for (let at = end + 20; at <= end + 400; at += 20) found.look(at, wall + at - end);
    expect(is(0, 999)).toBe(false);
    expect(is(0, 1000)).toBe(true);
    expect(is(1100, 1101)).toBe(true);
    expect(is(1200, 1500)).toBe(true);
    expect(is(1201, 1500)).toBe(false);
    expect(is(900, Number.POSITIVE_INFINITY)).toBe(true);
  });

  it('finds the right one of several', () => {
    const found = new Disturbances(0, wallAt);
    const ends = [500, 1500, 2500];
    for (let at = 20; at <= 3000; at += 20)
      if (!ends.some((end) => at > end - 200 && at < end)) found.look(at, wallAt + at);
    const is = (from: number, to: number): boolean => found.overlaps(from, to, 3000, wallAt + 3000);
    expect([is(0, 250), is(310, 320), is(520, 1280), is(1400, 1410), is(2520, 2990)]).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('counts before the timer has seen it', () => {
    const found = new Disturbances(0, wallAt);
    expect(found.overlaps(10, 30, 30, wallAt + 30)).toBe(false);
    expect(found.overlaps(10, 150, 150, wallAt + 150)).toBe(true);
  });
});

describe('a wall clock that is set', () => {
  it.each([
    [1900, false],
    [-1900, false],
    [2100, true],
    [-2100, true],
    [3_600_000, true],
  ])('by %i ms: disturbed %s', (step, disturbed) => {
    const { found, end, wall } = after(1000, 20, step);
    expect(found.overlaps(0, end, end, wall)).toBe(disturbed);
  });

  it('disturbs once: from then on it is the clock', () => {
    const { found, end, wall } = after(1000, 20, 3_600_000);
    for (let at = 20; at <= 1000; at += 20) found.look(end + at, wall + at);
    expect(found.overlaps(end + 1, end + 1000, end + 1000, wall + 1000)).toBe(false);
  });

  it('does not disturb where a time server bends it little by little', () => {
    const found = new Disturbances(0, wallAt);
    for (let at = 20; at <= 600_000; at += 20) found.look(at, wallAt + at * 1.01);
    expect(found.overlaps(0, 600_000, 600_000, wallAt + 606_000)).toBe(false);
  });
});

describe('a pause of over two seconds', () => {
  const pauses = (gap: number, step = 0): unknown[] => {
    const found: unknown[] = [];
    const seen = new Disturbances(0, wallAt, (ms, onWall) => found.push([ms, onWall]));
    seen.look(20, wallAt + 20);
    seen.look(20 + gap, wallAt + 20 + gap + step);
    return found;
  };

  it('is told with its length, and whether only the clock on the wall saw it', () => {
    expect(pauses(1999)).toEqual([]);
    expect(pauses(2500)).toEqual([[2500, false]]);
    // Where the clock that only runs stands still in sleep.
    expect(pauses(20, 60_000)).toEqual([[60_020, true]]);
    expect(pauses(20, -60_000)).toEqual([]);
  });
});

describe('the watch', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const options = { clock: () => performance.now(), now: () => Date.now() };

  it('says nothing of a process at leisure, and holds no timer after its end', () => {
    const watch = startWatch({ ...options, heapShare: () => 0.79 });
    vi.advanceTimersByTime(60_000);
    expect(watch.disturbed(0, 60_000)).toBe(false);
    expect(watch.full.aborted).toBe(false);
    watch.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives the alarm at four fifths of the heap, not for a moment of it', () => {
    let share = 0.2;
    const watch = startWatch({ ...options, heapShare: () => share });
    vi.advanceTimersByTime(2000);
    share = 0.81;
    vi.advanceTimersByTime(1000);
    share = 0.4;
    vi.advanceTimersByTime(5000);
    expect(watch.full.aborted).toBe(false);
    share = 0.8;
    vi.advanceTimersByTime(2000);
    expect(watch.full.aborted).toBe(true);
    watch.stop();
  });

  it('knows the heap of this process', () => {
    const watch = startWatch(options);
    vi.advanceTimersByTime(3000);
    expect(watch.full.aborted).toBe(false);
    watch.stop();
  });
});
