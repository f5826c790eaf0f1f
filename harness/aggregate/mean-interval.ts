/** Which interval a mean over clusters gets: t as a rule, BCa where the clusters are skewed, a bound where nothing varies. */
import { isFlat } from './no-spread.ts';
import { bcaOfMeans } from './stats/cluster-bootstrap.ts';
import type { ClusteredInLanguage, Estimate } from './stats/clustered.ts';
import type { Interval } from './stats/interval.ts';
import type { Chance } from './stats/pcg32.ts';
import { isSkewed } from './stats/skewness.ts';
import { tQuantile } from './stats/student.ts';

/** Left out at either end: of a 95 % and of a 90 % interval. */
export const tail95 = 0.025;
export const tail90 = 0.05;

/** With fewer clusters the bootstrap misses more often than t. */
const fewestForBootstrap = 20;

export interface MeanIntervals {
  /** One for each tail asked for; null with fewer than two clusters. */
  readonly intervals: readonly (Interval | null)[];
  readonly method: string;
}

export interface MeanInput {
  readonly found: Estimate;
  readonly values: readonly ClusteredInLanguage[];
  /** `t` where clusters hold one value each, else `cr1-t`. */
  readonly method: string;
  readonly chance: Chance;
  /** The interval that stands in where no cluster differs from another, leaving out `tail` at either end. */
  readonly flat: { readonly method: string; readonly interval: (tail: number) => Interval };
}

/** Intervals of a mean, one for each of `tails`, not yet cut to what the quantity can be. */
export function meanIntervals(input: MeanInput, tails: readonly number[]): MeanIntervals {
  const { found, values, method, chance, flat } = input;
  if (isFlat(found)) return { intervals: tails.map(flat.interval), method: flat.method };
  if (found.clusters >= fewestForBootstrap && isSkewed(found.influences)) {
    const intervals = bcaOfMeans(values, found.value, tails, chance);
    if (intervals.every((interval) => interval !== null)) return { intervals, method: 'bca' };
  }
  return { intervals: tails.map((tail) => tInterval(found, tail)), method };
}

/** estimate ± t(G - 1)·SE, leaving out `tail` at either end; null with fewer than two clusters. */
export function tInterval({ value, se, clusters }: Estimate, tail: number): Interval | null {
  if (se === null) return null;
  const half = tQuantile(1 - tail, clusters - 1) * se;
  return { low: value - half, high: value + half };
}
