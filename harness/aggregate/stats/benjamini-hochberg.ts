/**
 * p values after Benjamini and Hochberg's step-up correction over all of them (1995), in the order given: bounds the
 * share of false finds among the finds, not the chance of any. For exploration only.
 */
export function benjaminiHochberg(raw: readonly number[]): number[] {
  const order = raw.map((p, index) => ({ p, index })).toSorted((a, b) => b.p - a.p || b.index - a.index);
  const adjusted = raw.map(() => 1);
  let lowest = 1;
  for (const [place, { p, index }] of order.entries()) {
    lowest = Math.min(lowest, (p * raw.length) / (raw.length - place));
    adjusted[index] = lowest;
  }
  return adjusted;
}
