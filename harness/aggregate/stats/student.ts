/** Student's t distribution, from the incomplete beta. */
import { incompleteBeta } from './special-functions.ts';

/** P(T > t) for t >= 0 and df > 0; near 0 from the middle outwards, since df / (df + t²) would round to 1. */
function upperTail(t: number, df: number): number {
  const squared = t * t;
  return squared < df
    ? (1 - incompleteBeta(squared / (df + squared), 0.5, df / 2)) / 2
    : incompleteBeta(df / (df + squared), df / 2, 0.5) / 2;
}

/** P(T <= t), df > 0. Abramowitz and Stegun 26.7.1. */
export function tCdf(t: number, df: number): number {
  return t < 0 ? upperTail(-t, df) : 1 - upperTail(t, df);
}

/** Two-sided p of an estimate that lies `t` standard errors from what is tested: P(|T| >= |t|). */
export function tTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * upperTail(Math.abs(t), df));
}

const quantiles = new Map<string, number>();

/**
 * Quantile of t for df > 0, by bisection on the incomplete beta; remembered by (p, df). ∓∞ at p = 0 and 1; a p outside
 * 0..1 is a RangeError.
 */
export function tQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in 0..1, not ${p}`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -tQuantile(1 - p, df);
  if (p === 1) return Infinity;
  const name = `${p} ${df}`;
  const known = quantiles.get(name);
  if (known !== undefined) return known;
  const beyond = 1 - p;
  let low = 0;
  let high = 1;
  while (upperTail(high, df) > beyond) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (upperTail(middle, df) > beyond) low = middle;
    else high = middle;
  }
  const found = (low + high) / 2;
  quantiles.set(name, found);
  return found;
}
