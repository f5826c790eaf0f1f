/** p values after Holm's step-down correction over all of them (Holm 1979), in the order given. */
export function holm(raw: readonly number[]): number[] {
  const order = raw.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p || a.index - b.index);
  const adjusted = raw.map(() => 1);
  let highest = 0;
  for (const [rank, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (raw.length - rank) * p));
    adjusted[index] = highest;
  }
  return adjusted;
}
