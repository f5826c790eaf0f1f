import { logGamma } from './special-functions.ts';

/**
 * Draws the number of successes in n >= 0 trials with chance p (0..1), one word of `next` each, by looking it up in the
 * cumulative distribution.
 */
export function binomial(next: () => number, n: number, p: number): () => number {
  const upTo = cumulative(n, p);
  return () => {
    const share = (next() + 0.5) / 0x100000000;
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 1) < share) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** P(X <= k) for k from 0 to n. */
function cumulative(n: number, p: number): Float64Array {
  const upTo = new Float64Array(n + 1).fill(1);
  if (p <= 0 || p >= 1) {
    if (p >= 1) upTo.fill(0, 0, n);
    return upTo;
  }
  let sum = 0;
  for (let k = 0; k <= n; k += 1) {
    const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
    sum += Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
    upTo[k] = Math.min(1, sum);
  }
  return upTo;
}
