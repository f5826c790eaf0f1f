/** The standard normal distribution, in double precision. */

/** The quantiles that two-sided 95 % and 90 % intervals and 80 % power need. */
export const normalQuantiles = {
  p975: 1.959963984540054,
  p95: 1.6448536269514722,
  p80: 0.8416212335729143,
} as const;

const rootTwoPi = Math.sqrt(2 * Math.PI);
/** Beyond this distance from 0 the continued fraction of the tail converges faster than the series. */
const far = 3;

/**
 * Φ(x), any x: the series of Marsaglia (2004) near 0, Laplace's continued fraction of the tail (Abramowitz and Stegun
 * 26.2.14) beyond. Relative error below 1e-13, in the lower tail too.
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) > far) return x < 0 ? tail(-x) : 1 - tail(x);
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / rootTwoPi;
}

/** P(Z > x) for x > 3, from the inside of the fraction outwards. */
function tail(x: number): number {
  let fraction = x;
  for (let k = 120; k > 0; k -= 1) fraction = x + k / fraction;
  return Math.exp(-(x * x) / 2) / (rootTwoPi * fraction);
}

/** Φ⁻¹(p) by bisection on Φ: ∓∞ at p = 0 and 1. A p outside 0..1 is a RangeError. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in 0..1, not ${p}`);
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  let low = -40;
  let high = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
}
