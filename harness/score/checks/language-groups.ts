/** Languages that nothing here can tell apart, and those that would only be confused with each other. */

/**
 * One language each as far as a verdict goes: an identifier may take one for the other without either being wrong.
 * Arabic and Chinese are ISO 639-3 macrolanguages, with all their members.
 */
const groups: readonly ReadonlySet<string>[] = [
  'id ms zlm zsm',
  'no nb nn',
  'tl fil',
  'ar aao abh abv acm acq acw acx acy adf aeb aec afb ajp apc apd arb arq ars ary arz auz avl ayh ayl ayn ayp pga shu ssh',
  'zh cdo cjy cmn cpx czh czo gan hak hsn lzh mnp nan wuu yue',
  'fa pes prs',
].map((members) => new Set(members.split(' ')));
/** One language to an identifier as long as it is written in Latin letters. */
const southSlavicLatin: ReadonlySet<string> = new Set(['bs', 'hr', 'sr', 'sh']);
/** Sorani, in Arabic letters; Kurmanji, in Latin ones, is another language. */
const kurdishArabic: ReadonlySet<string> = new Set(['ku', 'ckb']);
/** Neighbours too close for trigrams: with one among the candidates, half of the other's sentences go to it. */
const neighbours: readonly ReadonlySet<string>[] = ['zu xh ss', 'st nso tn', 'rw rn', 'mai bho mag'].map(
  (members) => new Set(members.split(' ')),
);

/** The language itself and those it makes one group with; `latin`: as it is written in Latin letters. */
export function kinOf(language: string, latin: boolean): readonly string[] {
  const pair = latin ? southSlavicLatin : kurdishArabic;
  const sets = [...groups, pair].filter((set) => set.has(language));
  return [...new Set([language, ...sets.flatMap((set) => [...set])])];
}

/**
 * Whether an identifier may take one for the other without either being wrong: Indonesian and Malay, the Norwegians,
 * the Arabic and the Sinitic varieties, Bosnian, Croatian and Serbian in Latin letters.
 */
export function sameGroup(a: string, b: string, latin: boolean): boolean {
  return a === b || kinOf(a, latin).includes(b);
}

/** Whether one must not stand for election against the other. */
export function areNeighbours(a: string, b: string): boolean {
  return neighbours.some((set) => set.has(a) && set.has(b));
}
