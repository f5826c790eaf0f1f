/**
 * The two figures that a corpus has and no mean of its sentences gives, from statistics added up: what `chrf` and `bleu`
 * write into their details. Both on the scale of 0 to 100.
 */

/** chrF (Popović 2015) of hypothesis n-grams, reference n-grams and matches, three numbers per order. */
export function corpusChrf(sums: ArrayLike<number>, beta: number): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let at = 0; at + 2 < sums.length; at += 3) {
    const hyp = sums[at] ?? 0;
    const ref = sums[at + 1] ?? 0;
    if (hyp === 0 || ref === 0) continue;
    precision += (sums[at + 2] ?? 0) / hyp;
    recall += (sums[at + 2] ?? 0) / ref;
    orders += 1;
  }
  if (precision === 0) return 0;
  const factor = beta ** 2;
  const f = ((1 + factor) * precision * recall) / (factor * precision + recall) / orders;
  return Math.min(100, 100 * f);
}

/**
 * BLEU (Papineni et al. 2002) of `[hypLen, refLen, c1-4, t1-4]`, exponential smoothing as in sacrebleu. Without
 * effective order: where all segments are too short for an order, BLEU is 0.
 */
export function corpusBleu(sums: ArrayLike<number>): number {
  const orders = (sums.length - 2) / 2;
  const [hypothesis, reference] = [sums[0] ?? 0, sums[1] ?? 0];
  let logs = 0;
  let matched = 0;
  let smoothing = 1;
  for (let order = 0; order < orders; order += 1) {
    const match = sums[2 + order] ?? 0;
    const total = sums[2 + orders + order] ?? 0;
    if (total === 0) return 0;
    if (match === 0) smoothing *= 2;
    matched += match;
    logs += Math.log(match === 0 ? 1 / (smoothing * total) : match / total);
  }
  if (matched === 0) return 0;
  const brevity = hypothesis < reference ? Math.exp(1 - reference / hypothesis) : 1;
  return Math.min(100, 100 * brevity * Math.exp(logs / orders));
}
