/**
 * Statistics of a whole corpus, such as corpus chrF or BLEU: computed from counts summed over all items, they are no mean
 * of item scores, and neither t nor a sign-flip fits them.
 */
import { draws, percentileInterval, resample } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { pcg32, type Chance } from './pcg32.ts';

/** What a corpus metric sums up, per item or in all: as many counts as the metric takes. */
export type Counts = ArrayLike<number>;

/** A corpus score from summed counts. */
export type CorpusMetric = (sums: Counts) => number;

export interface CorpusItem {
  readonly cluster: string;
  readonly counts: Counts;
}

/** One item under two systems. */
export interface CorpusPair {
  readonly cluster: string;
  readonly first: Counts;
  readonly second: Counts;
}

/** Differences that are closer are ties and count as extreme. */
const tie = 1e-12;

/**
 * p of approximate randomisation (Noreen 1989; Riezler and Maxwell 2005): if two systems are alike, their outputs on each
 * cluster could as well have been swapped. Of 10,000 seeded swappings, those with a difference at least as large as the
 * one seen: (1 + #)/(1 + 10,000). Swapping the systems or the order of the pairs moves nothing. 1 without a pair.
 */
export function approximateRandomisation(
  pairs: readonly CorpusPair[],
  metric: CorpusMetric,
  { seed, seq }: Chance,
): number {
  const first = summed(pairs.map(({ cluster, first: counts }) => ({ cluster, counts })));
  const second = summed(pairs.map(({ cluster, second: counts }) => ({ cluster, counts })));
  if (first.length === 0) return 1;
  const everyone = first.map((_, index) => index);
  const seen = Math.abs(metric(total(first, everyone)) - metric(total(second, everyone))) - tie;
  const next = pcg32(seed, seq);
  const width = first[0]?.length ?? 0;
  const here = new Float64Array(width);
  const there = new Float64Array(width);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    here.fill(0);
    there.fill(0);
    let bits = 0;
    for (const [index, own] of first.entries()) {
      const other = second[index] ?? own;
      if (index % 32 === 0) bits = next();
      const swap = ((bits >>> (index % 32)) & 1) === 1;
      add(here, swap ? other : own);
      add(there, swap ? own : other);
    }
    if (Math.abs(metric(here) - metric(there)) >= seen) extreme += 1;
  }
  return (1 + extreme) / (1 + draws);
}

/** Percentile interval (95 %) of a corpus score over resampled clusters; null below two clusters. */
export function corpusInterval(
  items: readonly CorpusItem[],
  metric: CorpusMetric,
  chance: Chance,
): Interval | null {
  const rows = summed(items);
  if (rows.length < 2) return null;
  return percentileInterval(
    resample(rows.length, (picked) => metric(total(rows, picked)), chance),
    0.025,
  );
}

/** Percentile interval (95 %) of metric(first) - metric(second), both over the same resampled clusters; null below two. */
export function corpusDifference(
  pairs: readonly CorpusPair[],
  metric: CorpusMetric,
  chance: Chance,
): Interval | null {
  const first = summed(pairs.map(({ cluster, first: counts }) => ({ cluster, counts })));
  const second = summed(pairs.map(({ cluster, second: counts }) => ({ cluster, counts })));
  if (first.length < 2) return null;
  const statistic = (picked: Uint32Array): number =>
    metric(total(first, picked)) - metric(total(second, picked));
  return percentileInterval(resample(first.length, statistic, chance), 0.025);
}

function add(sums: Float64Array, counts: Counts): void {
  for (let at = 0; at < sums.length; at += 1) sums[at] = (sums[at] ?? 0) + (counts[at] ?? 0);
}

function total(rows: readonly Float64Array[], picked: Iterable<number>): Float64Array {
  const sums = new Float64Array(rows[0]?.length ?? 0);
  for (const index of picked) {
    const row = rows[index];
    if (row !== undefined) add(sums, row);
  }
  return sums;
}

/** One row per cluster, in the order of their names. */
function summed(items: readonly CorpusItem[]): Float64Array[] {
  const found = new Map<string, Float64Array>();
  for (const { cluster, counts } of items) {
    const sums = found.get(cluster) ?? new Float64Array(counts.length);
    add(sums, counts);
    found.set(cluster, sums);
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
