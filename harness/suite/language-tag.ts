/** Language tags: BCP 47, with a word for the usual slips (country codes, underscores, English names). */
import type { Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { nearest } from './suggest.ts';

/** Countries and habits that are written where a language is meant. */
const slips: Readonly<Record<string, string>> = {
  jp: 'ja',
  cn: 'zh',
  kr: 'ko',
  ua: 'uk',
  gr: 'el',
  cz: 'cs',
  dk: 'da',
  vn: 'vi',
  ir: 'fa',
  us: 'en-US',
  gb: 'en-GB',
  hk: 'zh-HK',
  al: 'sq',
  rs: 'sr',
  ke: 'sw',
};
/** Slips that are languages too: allowed, but worth a word. */
const doubtful = new Set(['kr']);

let english: Intl.DisplayNames | null = null;
function englishName(tag: string): string | undefined {
  english ??= new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  return english.of(tag);
}

/** The canonical form of a BCP 47 tag, or null. Two spellings of one tag have one canonical form. */
export function canonicalTag(tag: string): string | null {
  let canonical: string | undefined;
  try {
    [canonical] = Intl.getCanonicalLocales(tag);
  } catch {
    return null;
  }
  if (canonical === undefined) return null;
  const language = new Intl.Locale(canonical).language;
  // Two letters are all assigned, and ICU knows them; five to eight letters were never assigned. Of three letters ICU
  // knows some hundreds of several thousand, so an unknown one passes.
  if (language.length === 3 || englishName(language) !== undefined) return canonical;
  return null;
}

/** Says what is wrong with a tag; true when it can be used. */
export function checkTag(tag: string, spot: Spot, problems: ProblemList): boolean {
  if (canonicalTag(tag) === null) {
    const meant = suggestTag(tag);
    problems.error(
      spot,
      `"${tag}" is not a BCP 47 language tag`,
      meant === null ? 'write tags as in en, pt-BR, zh-Hant' : `did you mean "${meant}"?`,
    );
    return false;
  }
  const slip = slips[tag.toLowerCase()];
  if (slip !== undefined && doubtful.has(tag.toLowerCase()))
    problems.warning(
      spot,
      `"${tag}" is ${englishName(tag) ?? 'another language'}`,
      `did you mean "${slip}"?`,
    );
  return true;
}

function suggestTag(tag: string): string | null {
  const lower = tag.trim().toLowerCase();
  const slip = slips[lower];
  if (slip !== undefined) return slip;
  const dashed = tag.trim().replaceAll('_', '-');
  const [language = '', ...rest] = dashed.split('-');
  const mended = [slips[language.toLowerCase()]?.split('-')[0] ?? language, ...rest].join('-');
  if (canonicalTag(mended) !== null && mended !== tag) return Intl.getCanonicalLocales(mended)[0] ?? null;
  const names = new Map<string, string>();
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const a of letters) {
    for (const b of letters) {
      const name = englishName(a + b);
      if (name !== undefined && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), a + b);
    }
  }
  const name = lower.length < 4 ? null : nearest(lower, names.keys());
  return name === null ? null : (names.get(name) ?? null);
}
