/**
 * Bias-corrected and accelerated bootstrap interval (BCa; Efron 1987): percentiles of the bootstrap distribution, moved
 * for its median bias and its skewness, so that each end of an interval for a skewed mean misses about as often.
 */
import { orderStatistics } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { tQuantile } from './student.ts';

/** Values closer than this, of 1 or of their own size, are ties: sums in another order differ in the last bits. */
const tie = 1e-12;

/** z0 = Φ⁻¹(share below the estimate + half of the ties): the median bias in standard deviations. */
export function medianBias(shareBelow: number, shareTied: number): number {
  return normalQuantile(shareBelow + shareTied / 2);
}

/** a = Σ(j̄ - j)³ / (6(Σ(j̄ - j)²)^1.5) over the estimates j without one cluster each; 0 when they are all alike. */
export function acceleration(leftOut: readonly number[]): number {
  const centre = leftOut.reduce((sum, each) => sum + each, 0) / leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const each of leftOut) {
    squares += (centre - each) ** 2;
    cubes += (centre - each) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/**
 * The shares of the distribution to leave out at its two ends in place of `tail`; null when the correction breaks down
 * (the estimate lies outside its own distribution, or the acceleration turns the scale over).
 */
export function bcaTails(z0: number, a: number, tail: number): { below: number; above: number } | null {
  const z = normalQuantile(tail);
  const moved = (step: number): number => z0 + (z0 + step) / (1 - a * (z0 + step));
  if (!Number.isFinite(z0) || 1 - a * (z0 + z) <= 0 || 1 - a * (z0 - z) <= 0) return null;
  return { below: normalCdf(moved(z)), above: normalCdf(-moved(-z)) };
}

/**
 * The tail to ask for in place of `tail` from n >= 2 clusters: Φ(√(n/(n - 1))·t(tail; n - 1)). The bootstrap spreads as if
 * divided by n and knows no t: with few clusters it is too narrow by both (Hesterberg 2015, "expanded percentile").
 */
export function expandedTail(tail: number, n: number): number {
  return normalCdf(Math.sqrt(n / (n - 1)) * tQuantile(tail, n - 1));
}

export interface BcaInput {
  readonly estimate: number;
  /** Bootstrap distribution of the estimate, ascending. */
  readonly sorted: Float64Array;
  /** The estimate without each of the clusters in turn. */
  readonly leftOut: readonly number[];
}

/** BCa intervals, one for each of `tails` (0.025 for 95 %); null where the correction breaks down. */
export function bcaIntervals(
  { estimate, sorted, leftOut }: BcaInput,
  tails: readonly number[],
): (Interval | null)[] {
  const near = tie * Math.max(1, Math.abs(estimate));
  let lower = 0;
  let tied = 0;
  for (const value of sorted) {
    if (Math.abs(value - estimate) <= near) tied += 1;
    else if (value < estimate) lower += 1;
  }
  const z0 = medianBias(lower / sorted.length, tied / sorted.length);
  const a = acceleration(leftOut);
  return tails.map((tail) => {
    const cut = bcaTails(z0, a, tail);
    return cut && orderStatistics(sorted, cut.below, cut.above);
  });
}
