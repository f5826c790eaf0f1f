/**
 * Bootstrap over clusters: whole clusters are drawn with replacement, so that what hangs together stays together (Efron
 * and Tibshirani 1993). Seeded: the same data, seed and stream give the same bits on every machine.
 */
import type { Interval } from './interval.ts';
import { below, pcg32, type Chance } from './pcg32.ts';

/** How often an interval or a test draws. */
export const draws = 10_000;

/**
 * A statistic over `times` resamples of `clusters` >= 1 clusters, sorted ascending. `statistic` is handed the positions
 * drawn, as many as there are clusters; the array is the same every time.
 */
export function resample(
  clusters: number,
  statistic: (picked: Uint32Array) => number,
  { seed, seq }: Chance,
  times = draws,
): Float64Array {
  const place = below(pcg32(seed, seq), clusters);
  const picked = new Uint32Array(clusters);
  const found = new Float64Array(times);
  for (let time = 0; time < times; time += 1) {
    for (let at = 0; at < clusters; at += 1) picked[at] = place();
    found[time] = statistic(picked);
  }
  return found.sort();
}

/**
 * Percentile interval of a sorted, non-empty bootstrap distribution: `tail` (0..½) of it is left out at either end, 0.025
 * for 95 %. Takes order statistics and never interpolates.
 */
export function percentileInterval(sorted: Float64Array, tail: number): Interval {
  return orderStatistics(sorted, tail, tail);
}

/** The values that leave out a share `below` of a sorted, non-empty distribution at its lower and `above` at its upper end. */
export function orderStatistics(sorted: Float64Array, below: number, above: number): Interval {
  const last = sorted.length - 1;
  const at = (index: number): number => sorted[Math.min(last, Math.max(0, index))] ?? Number.NaN;
  return { low: at(Math.floor(below * sorted.length)), high: at(last - Math.floor(above * sorted.length)) };
}
