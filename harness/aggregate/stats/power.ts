/** How much must be asked to see a difference: two-sided test at 5 %, power 80 %. */
import { normalQuantiles } from './normal.ts';

/** z(0.975) + z(0.80) = 2.801585. */
const detectable = normalQuantiles.p975 + normalQuantiles.p80;

/** The smallest true difference that a test with this standard error finds in four of five runs. */
export function minimumDetectable(se: number): number {
  return detectable * se;
}

/** What the difference of one item between two models varies by, in squared score units. */
export interface Variances {
  /** ω²: between items, of the true difference. */
  readonly betweenItems: number;
  /** σ²: between the answers of either model to one item. */
  readonly first: number;
  readonly second: number;
  /** K, answers to each item: from 1, Infinity for their limit. */
  readonly repeats: number;
}

/** Variance of one item's difference: ω² + σ_A²/K + σ_B²/K (Miller 2024). */
export function itemVariance({ betweenItems, first, second, repeats }: Variances): number {
  return betweenItems + (first + second) / repeats;
}

/** Kish's design effect of clusters of k >= 1 items with an intraclass correlation: 1 + (k - 1)·ICC. */
export function designEffect(size: number, icc: number): number {
  return 1 + (size - 1) * icc;
}

/**
 * Items (not rounded) that show a true difference δ ≠ 0 in four of five runs: 7.848880·variance/δ², times the design
 * effect where items come in clusters.
 */
export function itemsNeeded(delta: number, variance: number, effect = 1): number {
  return (effect * detectable ** 2 * variance) / delta ** 2;
}

/** The smallest true difference that n >= 1 items show in four of five runs; the inverse of `itemsNeeded`. */
export function detectableWith(n: number, variance: number, effect = 1): number {
  return minimumDetectable(Math.sqrt((effect * variance) / n));
}

/**
 * Items (not rounded) for McNemar's test, of which a share π is expected to set the models apart and δ to be their
 * difference: (z.975·√π + z.80·√(π - δ²))²/δ² (Connor 1987). 0 < |δ| <= π <= 1, else a RangeError.
 */
export function itemsNeededMcnemar(discordant: number, delta: number): number {
  if (!(delta !== 0 && Math.abs(delta) <= discordant && discordant <= 1))
    throw new RangeError(`0 < |difference| <= discordant <= 1, not ${delta} and ${discordant}`);
  const root =
    normalQuantiles.p975 * Math.sqrt(discordant) + normalQuantiles.p80 * Math.sqrt(discordant - delta ** 2);
  return root ** 2 / delta ** 2;
}
