import { incompleteBeta } from './special-functions.ts';

/**
 * Exact two-sided p of McNemar's test: of the b + c items on which two models disagree, how they split under a fair
 * coin. min(1, 2·P(Bin(b + c, ½) <= min(b, c))); 1 when they never disagree.
 */
export function mcnemarExact(b: number, c: number): number {
  const n = b + c;
  const k = Math.min(b, c);
  if (n === 0 || b === c) return 1;
  // P(Bin(n, ½) <= k) = I_½(n - k, k + 1)
  return Math.min(1, 2 * incompleteBeta(0.5, n - k, k + 1));
}
