/** Times that a server measured itself, of exactly one stretch: the difference of two of its histograms. */
import type { Histogram, ServerTime } from '../types.ts';

type Pair = readonly [before: Histogram | null, after: Histogram | null];

/** ms, from histograms in seconds. null unless every stretch has both, with the same bounds. */
export function serverTime(pairs: readonly Pair[]): ServerTime | null {
  const [first] = pairs;
  const bounds = first?.[1]?.le ?? null;
  if (bounds === null) return null;
  const counts = bounds.map(() => 0);
  let sum: number | null = 0;
  for (const [before, after] of pairs) {
    if (before === null || after === null) return null;
    if (!sameBounds(before.le, bounds) || !sameBounds(after.le, bounds)) return null;
    after.counts.forEach((count, at) => {
      counts[at] = (counts[at] ?? 0) + count - (before.counts[at] ?? 0);
    });
    sum = sum === null || before.sum === null || after.sum === null ? null : sum + after.sum - before.sum;
  }
  const n = counts.at(-1) ?? 0;
  return {
    p50: toMs(quantile(bounds, counts, 0.5)),
    p95: toMs(quantile(bounds, counts, 0.95)),
    mean: sum === null || n === 0 ? null : toMs(sum / n),
    n,
  };
}

/** Where a server only counts seconds and tokens: their ratio, and no percentile. */
export function timeFromCounters(seconds: number | null, tokens: number | null): ServerTime | null {
  if (seconds === null || tokens === null || tokens === 0) return null;
  return { p50: null, p95: null, mean: (1000 * seconds) / tokens, n: tokens };
}

const sameBounds = (a: Histogram['le'], b: Histogram['le']): boolean =>
  a.length === b.length && a.every((le, at) => le === b[at]);

const toMs = (seconds: number | null): number | null => (seconds === null ? null : 1000 * seconds);

/**
 * Linear within its bucket, as Prometheus' `histogram_quantile` does; counts are cumulative. null without observations,
 * and where the quantile lies beyond the last bound: how far is not known.
 */
function quantile(bounds: Histogram['le'], counts: readonly number[], share: number): number | null {
  const n = counts.at(-1) ?? 0;
  if (n <= 0) return null;
  const rank = share * n;
  const at = counts.findIndex((count) => count >= rank);
  const upper = bounds[at] ?? null;
  if (at === -1 || upper === null) return null;
  const lower = at === 0 ? Math.min(0, upper) : (bounds[at - 1] ?? 0);
  const below = at === 0 ? 0 : (counts[at - 1] ?? 0);
  const inside = (counts[at] ?? 0) - below;
  return inside === 0 ? upper : lower + ((upper - lower) * (rank - below)) / inside;
}
