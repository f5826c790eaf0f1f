/** One difference between two targets on paired items: estimate, intervals, test, and what could have been seen. */
import type { Stat } from '../types.ts';
import { fewestClusters } from './label.ts';
import { flatDifference, isFlat } from './no-spread.ts';
import type { Pair, Pairing } from './pairing.ts';
import { emptyStat, tInterval } from './stat.ts';
import {
  clusteredMean,
  macroMean,
  standardError,
  type ClusteredInLanguage,
  type Estimate,
} from './stats/clustered.ts';
import { within, type Interval } from './stats/interval.ts';
import { mcnemarExact } from './stats/mcnemar.ts';
import { minimumDetectable } from './stats/power.ts';
import { signFlip } from './stats/sign-flip.ts';
import { normalQuantiles } from './stats/normal.ts';
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

/** Seed and stream of a test that draws (see `pcg32`). */
export interface Chance {
  readonly seed: number;
  readonly seq: number;
}

/**
 * Mean of other - baseline over the pairs of one language. Yes/no scores of independent items asked once: Tango's
 * interval and McNemar's exact test. Else t over clusters (a paired t when each cluster is one item) and sign-flip.
 */
export function languageDifference({ pairs, gaps }: Pairing, chance: Chance): Difference {
  if (pairs.length === 0) return nothing(gaps.length);
  const values = pairs.map(toValue);
  const found = clusteredMean(values);
  const independent = found.clusters === pairs.length;
  if (!independent || !pairs.every(isBinary)) {
    return overClusters(found, values, {
      n: pairs.length,
      missing: gaps.length,
      method: independent ? 't' : 'cr1-t',
      chance,
    });
  }
  const onlyOther = values.filter(({ value }) => value > 0).length;
  const onlyBaseline = values.filter(({ value }) => value < 0).length;
  const n = pairs.length;
  const counted = { clusters: n, onlyOther, onlyBaseline };
  if (n === 1)
    return { ...nothing(gaps.length), ...counted, difference: stat(found.value, null, 1, gaps.length, null) };
  const interval = tango(onlyOther, onlyBaseline, n);
  const narrow = tango(onlyOther, onlyBaseline, n, normalQuantiles.p95);
  const tested = n >= fewestClusters;
  return {
    ...counted,
    difference: stat(found.value, interval, n, gaps.length, 'tango'),
    p: tested ? mcnemarExact(onlyOther, onlyBaseline) : null,
    test: tested ? 'mcnemar-exact' : null,
    low90: narrow.low,
    high90: narrow.high,
    minimumDetectable: detectable(standardError(values.map(({ value }) => value)), interval),
  };
}

/**
 * Mean over languages of their mean differences, each language weighing the same; an item in all its languages is one
 * cluster. t over clusters and a sign-flip of whole clusters. n is the number of clusters.
 */
export function overallDifference({ pairs, gaps }: Pairing, chance: Chance): Difference {
  if (pairs.length === 0) return nothing(gaps.length);
  const values = pairs.map(toValue);
  const found = macroMean(values);
  return overClusters(found, values, { n: found.clusters, missing: gaps.length, method: 'cr1-t', chance });
}

function toValue({ cluster, language, other, baseline }: Pair): ClusteredInLanguage {
  return { cluster, language, value: other - baseline };
}

function isBinary({ once, other, baseline }: Pair): boolean {
  return once && (other === 0 || other === 1) && (baseline === 0 || baseline === 1);
}

interface Terms {
  readonly n: number;
  readonly missing: number;
  readonly method: string;
  readonly chance: Chance;
}

function overClusters(
  found: Estimate,
  values: readonly ClusteredInLanguage[],
  { n, missing, method, chance }: Terms,
): Difference {
  const { interval, narrow, name } = intervalsOf(found, values, method);
  const flip =
    found.clusters >= fewestClusters ? signFlip(found.contributions, chance.seed, chance.seq) : null;
  return {
    difference: stat(found.value, interval, n, missing, name),
    clusters: found.clusters,
    p: flip?.p ?? null,
    test: flip?.test ?? null,
    onlyOther: null,
    onlyBaseline: null,
    low90: narrow?.low ?? null,
    high90: narrow?.high ?? null,
    minimumDetectable: interval === null || found.se === null ? null : detectable(found.se, interval),
  };
}

interface Intervals {
  readonly interval: Interval | null;
  readonly narrow: Interval | null;
  readonly name: string;
}

/** t over clusters, cut to -1..1; without any spread between them, the interval that stands in for it. */
function intervalsOf(found: Estimate, values: readonly ClusteredInLanguage[], method: string): Intervals {
  if (isFlat(found)) {
    return {
      interval: flatDifference(values, normalQuantiles.p975),
      narrow: flatDifference(values, normalQuantiles.p95),
      name: 'tango',
    };
  }
  const cut = (interval: Interval | null): Interval | null => interval && within(interval, -1, 1);
  return { interval: cut(tInterval(found, 0.975)), narrow: cut(tInterval(found, 0.95)), name: method };
}

/** Without spread the error is taken from the interval that stands in for it. */
function detectable(se: number, { low, high }: Interval): number {
  const error = isFlat({ value: 0, se }) ? (high - low) / (2 * normalQuantiles.p975) : se;
  return minimumDetectable(error);
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

function stat(
  value: number,
  interval: Interval | null,
  n: number,
  missing: number,
  method: string | null,
): Stat {
  const { low, high } = interval ?? { low: null, high: null };
  return { value, low, high, n, missing, unit: 'share', method: interval === null ? null : method };
}
