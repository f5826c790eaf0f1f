/** From observations to a `Stat`: which interval a mean gets, and when it gets none. */
import type { Stat } from '../types.ts';
import { flatShare, isFlat } from './no-spread.ts';
import { bcaOfMeans } from './stats/cluster-bootstrap.ts';
import {
  clusteredMean,
  macroMean,
  type Clustered,
  type ClusteredInLanguage,
  type Estimate,
} from './stats/clustered.ts';
import { within, type Interval } from './stats/interval.ts';
import { normalQuantile, normalQuantiles } from './stats/normal.ts';
import type { Chance } from './stats/pcg32.ts';
import { wilson } from './stats/proportion.ts';
import { isSkewed } from './stats/skewness.ts';
import { tQuantile } from './stats/student.ts';

export interface Counts {
  /** Planned observations without a value. */
  readonly missing: number;
  readonly unit: string;
}

/** A `Stat` of observations that are not there. */
export function emptyStat({ missing, unit }: Counts): Stat {
  return { value: null, low: null, high: null, n: 0, missing, unit, method: null };
}

/** Left out at either end: of a 95 % and of a 90 % interval. */
export const tail95 = 0.025;
export const tail90 = 0.05;

/** With fewer clusters the bootstrap misses more often than t. */
const fewestForBootstrap = 20;

/** estimate ± t(G - 1)·SE, leaving out `tail` at either end; null with fewer than two clusters. */
export function tInterval({ value, se, clusters }: Estimate, tail: number): Interval | null {
  if (se === null) return null;
  const half = tQuantile(1 - tail, clusters - 1) * se;
  return { low: value - half, high: value + half };
}

/** One value of an item: a share of 0..1 and the number of planned repeats it is the mean of. */
export interface ItemShare extends ClusteredInLanguage {
  readonly repeats: number;
}

/** Over what: the items of one language, or all languages, each weighing the same. */
export type Over = 'language' | 'languages';

/**
 * Mean share (0..1) of items of one language. Yes/no values of independent items asked once get Wilson's interval;
 * anything else t over clusters, or BCa where they are skewed.
 */
export function shareStat(items: readonly ItemShare[], counts: Counts, chance: Chance): Stat {
  return statOver('language', items, counts, chance);
}

/** Mean of the language means of shares, t over clusters, or BCa where they are skewed. */
export function macroShareStat(items: readonly ItemShare[], counts: Counts, chance: Chance): Stat {
  return statOver('languages', items, counts, chance);
}

/** The two-sided interval of a mean share at any confidence (0..1), as gates need it; null where there is none. */
export function shareInterval(
  items: readonly ItemShare[],
  over: Over,
  chance: Chance,
): (confidence: number) => Interval | null {
  if (items.length === 0) return () => null;
  const { at } = analyseShares(over, items, chance);
  return (confidence) => at((1 - confidence) / 2).interval;
}

/**
 * Mean of amounts that cannot be negative, such as tokens or rates; t, over clusters where items share them. Amounts
 * that are all the same get no interval: they have no upper end that could bound what was not seen.
 */
export function amountStat(values: readonly Clustered[], counts: Counts): Stat {
  if (values.length === 0) return emptyStat(counts);
  const found = clusteredMean(values);
  const interval = isFlat(found) ? null : tInterval(found, tail95);
  const method = found.clusters === values.length ? 't' : 'cr1-t';
  return statOf(found.value, interval && within(interval, 0, Infinity), values.length, counts, method);
}

function isBinary(items: readonly ItemShare[]): boolean {
  return items.every(({ value, repeats }) => repeats === 1 && (value === 0 || value === 1));
}

interface ShareAnalysis {
  readonly value: number;
  /** Leaving out `tail` at either end. */
  readonly at: (tail: number) => { readonly interval: Interval | null; readonly method: string };
}

function analyseShares(over: Over, items: readonly ItemShare[], chance: Chance): ShareAnalysis {
  const found = over === 'language' ? clusteredMean(items) : macroMean(items);
  const { value, clusters } = found;
  const independent = over === 'language' && clusters === items.length;
  if (independent && isBinary(items) && items.length > 1) {
    const passed = items.filter((item) => item.value === 1).length;
    const at = (tail: number): Interval => wilson(passed, items.length, zOf(tail));
    return { value, at: (tail) => ({ interval: at(tail), method: 'wilson' }) };
  }
  if (isFlat(found))
    return { value, at: (tail) => ({ interval: flatShare(items, zOf(tail)), method: 'wilson' }) };
  const isBootstrapped = clusters >= fewestForBootstrap && isSkewed(found.influences);
  return {
    value,
    at: (tail) => {
      const bca = isBootstrapped ? (bcaOfMeans(items, value, [tail], chance)[0] ?? null) : null;
      const interval = bca ?? tInterval(found, tail);
      return {
        interval: interval && within(interval, 0, 1),
        method: bca !== null ? 'bca' : independent ? 't' : 'cr1-t',
      };
    },
  };
}

/** The quantile that every 95 % interval uses is a constant: no rounding of another way to it. */
function zOf(tail: number): number {
  return tail === tail95 ? normalQuantiles.p975 : -normalQuantile(tail);
}

function statOver(over: Over, items: readonly ItemShare[], counts: Counts, chance: Chance): Stat {
  if (items.length === 0) return emptyStat(counts);
  const { value, at } = analyseShares(over, items, chance);
  const { interval, method } = at(tail95);
  return statOf(value, interval, items.length, counts, method);
}

function statOf(value: number, interval: Interval | null, n: number, counts: Counts, method: string): Stat {
  return {
    value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    n,
    ...counts,
    method: interval === null ? null : method,
  };
}
