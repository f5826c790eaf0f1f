/** Both ends of a two-sided interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** An interval cut to the values its quantity can take: no share lies above 1. */
export function within(interval: Interval, least: number, most: number): Interval {
  const cut = (value: number): number => Math.min(most, Math.max(least, value));
  return { low: cut(interval.low), high: cut(interval.high) };
}
