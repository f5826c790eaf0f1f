/** BLEU (Papineni et al. 2002) with the rules of sacrebleu 2.6: order 4, exponential smoothing, closest reference length. */
import { ngramCount, type NgramIndex } from './ngrams.ts';

export const bleuOrder = 4;

/**
 * `[hypLen, refLen, c1-4, t1-4]`: tokens of the hypothesis and of the reference closest in length, n-grams found in a
 * reference, n-grams of the hypothesis. Statistics of several segments add up to those of the corpus.
 */
export function bleuStats(hypothesis: readonly string[], references: NgramIndex<string>): number[] {
  const length = hypothesis.length;
  const stats = [length, closestLength(length, references.lengths), ...references.matches(hypothesis)];
  for (let order = 1; order <= bleuOrder; order += 1) stats.push(ngramCount(length, order));
  return stats;
}

/** Of equally close ones the shorter. */
function closestLength(length: number, lengths: readonly number[]): number {
  let closest = Number.POSITIVE_INFINITY;
  for (const each of lengths) {
    const difference = Math.abs(each - length) - Math.abs(closest - length);
    if (difference < 0 || (difference === 0 && each < closest)) closest = each;
  }
  return closest;
}

/**
 * BLEU of statistics on the 0-100 scale; rounding may lift it above 100 by 1e-13. `effectiveOrder` leaves out orders
 * that the hypothesis is too short for, as single sentences need; without it they make 0.
 */
export function bleuOf(stats: readonly number[], effectiveOrder: boolean): number {
  const [hypothesis = 0, reference = 0] = stats;
  const matches = stats.slice(2, 2 + bleuOrder);
  const totals = stats.slice(2 + bleuOrder);
  if (matches.every((count) => count === 0)) return 0;
  let logs = 0;
  let orders = 0;
  let smoothing = 1;
  for (const [index, total] of totals.entries()) {
    if (total === 0) break;
    const match = matches[index] ?? 0;
    if (match === 0) smoothing *= 2;
    logs += Math.log(match === 0 ? 100 / (smoothing * total) : (100 * match) / total);
    orders += 1;
  }
  if (orders < bleuOrder && !effectiveOrder) return 0;
  const brevity = hypothesis < reference ? Math.exp(1 - reference / hypothesis) : 1;
  return brevity * Math.exp(logs / orders);
}
