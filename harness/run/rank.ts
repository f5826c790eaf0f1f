/** Ranks of a few times, for decisions while a run goes on. Percentiles that are reported are made elsewhere, from the record. */

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The median; null when there is none. */
export function middle(values: readonly number[]): number | null {
  const sorted = ascending(values);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The value of the nearest rank at `share` (0..1): at these sizes no finer reading of a tail is honest. null for nothing. */
export function nearestRank(values: readonly number[], share: number): number | null {
  return ascending(values)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
}
