import type { Interval } from './interval.ts';
import { normalQuantiles } from './normal.ts';

/**
 * Tango's score interval for the difference of two proportions on the same n >= 1 items (Tango 1998): the δ at which
 * (b - c - nδ) / sqrt(n(2p + δ(1 - δ))) is ±z, p being the restricted estimate of the share of items that only the
 * second passed. `b` items only the first passed, `c` only the second; the difference is (b - c)/n.
 */
export function tango(b: number, c: number, n: number, z: number = normalQuantiles.p975): Interval {
  const difference = (b - c) / n;
  const at = (delta: number): number => tangoStatistic(b, c, n, delta);
  return {
    low: bisect(-1, difference, (delta) => at(delta) > z),
    high: bisect(difference, 1, (delta) => at(delta) > -z),
  };
}

/**
 * Standard deviations that (b - c)/n lies above δ, -1 <= δ <= 1: the score test behind the interval, whose upper tail is
 * the one-sided p of "the difference is at most δ". Infinite where δ leaves no variance.
 */
export function tangoStatistic(b: number, c: number, n: number, delta: number): number {
  const quadratic = 2 * n;
  const linear = -b - c + (2 * n - b + c) * delta;
  const constant = -c * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant));
  const p = (root - linear) / (2 * quadratic);
  const variance = n * (2 * p + delta * (1 - delta));
  const numerator = b - c - n * delta;
  if (numerator === 0) return 0;
  // At the ends of the scale the variance vanishes: any distance from the estimate is infinitely many deviations.
  return variance <= 0 ? Math.sign(numerator) * Infinity : numerator / Math.sqrt(variance);
}

/** Where `holds` turns false between low and high; it is true on the left side. */
function bisect(low: number, high: number, holds: (delta: number) => boolean): number {
  let left = low;
  let right = high;
  if (holds(right)) return right;
  for (let step = 0; step < 100; step += 1) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) break;
    if (holds(middle)) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
