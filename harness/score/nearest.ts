/** The only door of fastest-levenshtein in this room: what a misspelt name was probably meant to be. */
import { distance } from 'fastest-levenshtein';

/** `did you mean "x"?` for the nearest name within a third of its letters, else null. */
export function didYouMean(word: string, names: readonly string[]): string | null {
  const wanted = word.slice(0, 100).toLowerCase();
  const [best] = names
    .map((name) => ({ name, cost: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, cost }) => cost <= Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3)))
    .toSorted((a, b) => a.cost - b.cost);
  return best === undefined ? null : `did you mean "${best.name}"?`;
}
