/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, numpy's default).
 * `sorted` ascending and not empty, 0 <= q <= 1.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const index = Math.floor(position);
  const low = sorted[index] ?? Number.NaN;
  const high = sorted[Math.min(index + 1, sorted.length - 1)] ?? low;
  return low + (position - index) * (high - low);
}

/** The middle of values in any order; NaN for none. */
export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
