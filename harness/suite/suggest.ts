/** "Did you mean": the nearest of the words there are. */
import { distance } from 'fastest-levenshtein';

/** The candidate a slip of the pen away from `word` (about one letter in three, at least one), or null. Case counts half. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.normalize('NFC').slice(0, 100);
  let best: { readonly candidate: string; readonly cost: number } | null = null;
  for (const candidate of candidates) {
    const other = candidate.normalize('NFC');
    const folded = distance(wanted.toLowerCase(), other.toLowerCase());
    const cost = folded + (wanted === other ? 0 : 0.5);
    const allowed = Math.max(
      1,
      Math.floor(Math.max(Array.from(wanted).length, Array.from(other).length) / 3),
    );
    if (folded <= allowed && folded < Array.from(other).length && (best === null || cost < best.cost))
      best = { candidate, cost };
  }
  return best?.candidate ?? null;
}

/** `did you mean "x"?`, else what there is, else null. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  const near = nearest(word, candidates);
  if (near !== null) return `did you mean "${near}"?`;
  return candidates.length === 0 || candidates.length > 24 ? null : `known: ${candidates.join(', ')}`;
}
