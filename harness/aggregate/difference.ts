/** One difference between two targets on paired items: estimate, intervals, test, and what could have been seen. */
import type { Stat } from '../types.ts';
import { fewestClusters } from './label.ts';
import { flatDifference, isFlat } from './no-spread.ts';
import type { Pair, Pairing } from './pairing.ts';
import { emptyStat, tail90, tail95, tInterval, type Over } from './stat.ts';
import {
  clusteredMean,
  macroMean,
  standardError,
  type ClusteredInLanguage,
  type Estimate,
} from './stats/clustered.ts';
import { within, type Interval } from './stats/interval.ts';
import { mcnemarExact } from './stats/mcnemar.ts';
import { normalQuantile, normalQuantiles } from './stats/normal.ts';
import type { Chance } from './stats/pcg32.ts';
import { minimumDetectable } from './stats/power.ts';
import { signFlip } from './stats/sign-flip.ts';
import { tango } from './stats/tango.ts';

export interface Difference {
  readonly difference: Stat;
  readonly clusters: number;
  readonly p: number | null;
  readonly test: string | null;
  readonly onlyOther: number | null;
  readonly onlyBaseline: number | null;
  readonly low90: number | null;
  readonly high90: number | null;
  readonly minimumDetectable: number | null;
}

/**
 * Mean of other - baseline over the pairs of one language. Yes/no scores of independent items asked once: Tango's
 * interval and McNemar's exact test. Else over clusters (a paired t when each cluster is one item) and sign-flip.
 */
export function languageDifference(pairing: Pairing, chance: Chance): Difference {
  return differenceOf(pairing, 'language', chance);
}

/**
 * Mean over languages of their mean differences, each language weighing the same; an item in all its languages is one
 * cluster. t over clusters and a sign-flip of whole clusters. n is the number of clusters. Never BCa: differences are mostly
 * 0 with few on either side, and the skewness of such a sample is chance.
 */
export function overallDifference(pairing: Pairing, chance: Chance): Difference {
  return differenceOf(pairing, 'languages', chance);
}

/** The difference with its 95 % interval alone, without a test. */
export function differenceStat({ pairs, gaps }: Pairing, over: Over): Stat {
  if (pairs.length === 0) return emptyStat({ missing: gaps.length, unit: 'share' });
  const analysis = analyse(pairs, over);
  const { at, method } = intervalsOf(analysis);
  return statOf(analysis, gaps.length, at(tail95), method);
}

/** The two-sided interval of a difference at any confidence (0..1), as gates need it; null where there is none. */
export function differenceInterval({ pairs }: Pairing, over: Over): (confidence: number) => Interval | null {
  if (pairs.length === 0) return () => null;
  const { at } = intervalsOf(analyse(pairs, over));
  return (confidence) => at((1 - confidence) / 2);
}

interface Analysis {
  readonly found: Estimate;
  readonly values: readonly ClusteredInLanguage[];
  /** What `Stat.n` counts. */
  readonly n: number;
  readonly method: string;
  /** Items only one of both passed, where the scores are yes/no and the items independent. */
  readonly counts: { readonly onlyOther: number; readonly onlyBaseline: number } | null;
}

function analyse(pairs: readonly Pair[], over: Over): Analysis {
  const values = pairs.map(toValue);
  if (over === 'languages') {
    const found = macroMean(values);
    return { found, values, n: found.clusters, method: 'cr1-t', counts: null };
  }
  const found = clusteredMean(values);
  const independent = found.clusters === pairs.length;
  const counts =
    independent && pairs.every(isBinary)
      ? {
          onlyOther: values.filter(({ value }) => value > 0).length,
          onlyBaseline: values.filter(({ value }) => value < 0).length,
        }
      : null;
  return { found, values, n: pairs.length, method: independent ? 't' : 'cr1-t', counts };
}

function toValue({ cluster, language, other, baseline }: Pair): ClusteredInLanguage {
  return { cluster, language, value: other - baseline };
}

function isBinary({ once, other, baseline }: Pair): boolean {
  return once && (other === 0 || other === 1) && (baseline === 0 || baseline === 1);
}

interface Intervals {
  /** Leaving out `tail` at either end, cut to -1..1; null with fewer than two clusters. */
  readonly at: (tail: number) => Interval | null;
  readonly method: string;
}

function intervalsOf({ found, values, method, counts }: Analysis): Intervals {
  if (found.clusters < 2) return { at: () => null, method };
  if (counts !== null) {
    const { onlyOther, onlyBaseline } = counts;
    const at = (tail: number): Interval =>
      tango(onlyOther, onlyBaseline, found.clusters, -normalQuantile(tail));
    return { at, method: 'tango' };
  }
  if (isFlat(found)) return { at: (tail) => flatDifference(values, -normalQuantile(tail)), method: 'tango' };
  const at = (tail: number): Interval | null => {
    const interval = tInterval(found, tail);
    return interval && within(interval, -1, 1);
  };
  return { at, method };
}

function differenceOf({ pairs, gaps }: Pairing, over: Over, chance: Chance): Difference {
  if (pairs.length === 0) return nothing(gaps.length);
  const analysis = analyse(pairs, over);
  const { found, counts } = analysis;
  const { at, method } = intervalsOf(analysis);
  const [interval, narrow] = [at(tail95), at(tail90)];
  return {
    difference: statOf(analysis, gaps.length, interval, method),
    clusters: found.clusters,
    ...(found.clusters < fewestClusters ? { p: null, test: null } : testOf(analysis, chance)),
    onlyOther: counts?.onlyOther ?? null,
    onlyBaseline: counts?.onlyBaseline ?? null,
    low90: narrow?.low ?? null,
    high90: narrow?.high ?? null,
    minimumDetectable: interval && detectable(errorOf(analysis), interval),
  };
}

function testOf({ found, counts }: Analysis, chance: Chance): Pick<Difference, 'p' | 'test'> {
  if (counts !== null)
    return { p: mcnemarExact(counts.onlyOther, counts.onlyBaseline), test: 'mcnemar-exact' };
  const { p, test } = signFlip(found.contributions, chance.seed, chance.seq);
  return { p, test };
}

function errorOf({ found, values, counts }: Analysis): number {
  return counts === null ? (found.se ?? 0) : standardError(values.map(({ value }) => value));
}

/** Without spread the error is taken from the interval that stands in for it. */
function detectable(se: number, { low, high }: Interval): number {
  const error = isFlat({ value: 0, se }) ? (high - low) / (2 * normalQuantiles.p975) : se;
  return minimumDetectable(error);
}

function statOf({ found, n }: Analysis, missing: number, interval: Interval | null, method: string): Stat {
  const { low, high } = interval ?? { low: null, high: null };
  return {
    value: found.value,
    low,
    high,
    n,
    missing,
    unit: 'share',
    method: interval === null ? null : method,
  };
}

function nothing(missing: number): Difference {
  return {
    difference: emptyStat({ missing, unit: 'share' }),
    clusters: 0,
    p: null,
    test: null,
    onlyOther: null,
    onlyBaseline: null,
    low90: null,
    high90: null,
    minimumDetectable: null,
  };
}
