/** What language one line is in, or that this cannot be said: script first, then the identifiers. */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage, countLetters, scriptsOf, type LetterCount } from '../scripts.ts';
import type { Identifier } from './identify.ts';
import type { RareIdentifier } from './identify-rare.ts';
import { isTigrinya } from './tigrinya.ts';

export type LineVerdict =
  | { readonly kind: 'match' }
  /** A base language, or `und-Latn` when only the script is known. */
  | { readonly kind: 'other'; readonly language: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too_short' };

export interface Identifiers {
  readonly common: Identifier;
  readonly rare: RareIdentifier;
}

/** The language a script gives away by itself, because hardly any other is written in it. */
const scriptLanguage: Readonly<Record<string, string>> = {
  Thai: 'th',
  Grek: 'el',
  Hebr: 'he',
  Geor: 'ka',
  Armn: 'hy',
  Khmr: 'km',
  Laoo: 'lo',
  Mymr: 'my',
  Taml: 'ta',
  Telu: 'te',
  Knda: 'kn',
  Mlym: 'ml',
  Gujr: 'gu',
  Guru: 'pa',
  Orya: 'or',
  Sinh: 'si',
  Tibt: 'bo',
  Ethi: 'am',
  Thaa: 'dv',
  Olck: 'sat',
  Tfng: 'zgh',
  Yiii: 'ii',
  Hang: 'ko',
  Hira: 'ja',
  Kana: 'ja',
  Hani: 'zh',
};
/** Among Han letters and kana together: at least this share of kana makes it Japanese, less Chinese. */
const kanaShare = 0.05;
/** Han letters without kana or Hangul from which on Chinese is meant. */
const hanLetters = 10;

const match: LineVerdict = { kind: 'match' };
const unknown: LineVerdict = { kind: 'unknown' };
const other = (language: string): LineVerdict => ({ kind: 'other', language });

const groups: readonly ReadonlySet<string>[] = [
  'id ms zlm zsm',
  'no nb nn',
  'tl fil',
  'ar arb arz apc ary acm ajp aeb ars',
  'zh yue cmn wuu hak gan hsn lzh nan',
  'fa pes prs',
].map((members) => new Set(members.split(' ')));
/** One language to an identifier as long as it is written in Latin letters. */
const southSlavicLatin = new Set(['bs', 'hr', 'sr', 'sh']);
/** What eld calls Kurdish is Sorani in Arabic letters; it has never seen Kurmanji in Latin ones. */
const kurdishArabic = new Set(['ku', 'ckb']);

/**
 * Whether an identifier may take one for the other without either being wrong: Indonesian and Malay, the Norwegians,
 * the Arabic and the Sinitic varieties, Bosnian, Croatian and Serbian in Latin letters.
 */
export function sameGroup(a: string, b: string, latin: boolean): boolean {
  if (a === b) return true;
  const pair = latin ? southSlavicLatin : kurdishArabic;
  if (pair.has(a) && pair.has(b)) return true;
  return groups.some((group) => group.has(a) && group.has(b));
}

/** A line against one expected language. */
export function judgeLine(
  line: string,
  expected: LanguageTag,
  minLetters: number,
  identifiers: Identifiers,
): LineVerdict {
  const language = baseLanguage(expected);
  const count = countLetters(line, scriptsOf(expected));
  if (count.letters === 0) return { kind: 'too_short' };
  const [strongest = 'Zyyy', strength = 0] = count.others[0] ?? [];
  if (strength > count.wanted)
    return other(foreignLanguage(line, strongest, count.letters >= minLetters, identifiers));
  return byScript(line, language, count) ?? byIdentifier(line, expected, count, minLetters, identifiers);
}

/** A line against several languages, any of which will do: the first that matches, else what the first one says. */
export function judgeLineOfAny(
  line: string,
  expected: readonly LanguageTag[],
  minLetters: number,
  identifiers: Identifiers,
): LineVerdict {
  const verdicts = expected.map((language) => judgeLine(line, language, minLetters, identifiers));
  const undecided = verdicts.find(({ kind }) => kind === 'unknown' || kind === 'too_short');
  return verdicts.find(({ kind }) => kind === 'match') ?? undecided ?? verdicts[0] ?? unknown;
}

/** Scripts that decide alone; null: they do not, or not here. */
function byScript(line: string, language: string, count: LetterCount): LineVerdict | null {
  if (language === 'ja' || language === 'ko' || sameGroup(language, 'zh', false))
    return eastAsian(line, language, count);
  const [script = ''] = scriptsOf(language);
  return scriptLanguage[script] === language && language !== 'am' ? match : null;
}

function eastAsian(line: string, language: string, count: LetterCount): LineVerdict | null {
  const kana = countLetters(line, ['Hira', 'Kana']).wanted;
  const han = countLetters(line, ['Hani']).wanted;
  const hangul = language === 'ko' ? count.wanted - han : 0;
  const japanese = kana > 0 && kana / (kana + han) >= kanaShare;
  if (language === 'ko') {
    if (hangul > 0 && hangul >= kana) return match;
    if (japanese) return other('ja');
  } else if (language === 'ja') {
    if (japanese) return match;
  } else {
    return japanese ? other('ja') : match;
  }
  return han >= hanLetters ? other('zh') : null;
}

function byIdentifier(
  line: string,
  expected: LanguageTag,
  count: LetterCount,
  minLetters: number,
  { common, rare }: Identifiers,
): LineVerdict {
  const language = baseLanguage(expected);
  // The letters alone say Amharic, unless they say Tigrinya.
  if (language === 'am' || language === 'ti') {
    const tigrinya = isTigrinya(line, count.letters);
    if (language === 'am') return tigrinya ? other('ti') : match;
    if (tigrinya) return match;
  }
  if (count.letters < minLetters) return { kind: 'too_short' };
  const latin = isLatin(line, expected);
  const judge = judgeOf(language, latin, { common, rare });
  if (judge === null) return unknown;
  const guess = common.guess(line);
  const chosen =
    judge.by === 'common' ? guess : rare.choose(line, [judge.name, 'en', ...(guess === null ? [] : [guess])]);
  if (chosen === null) return unknown;
  return sameGroup(chosen, language, latin) ? match : other(chosen);
}

/** Who tells this language from others, and under which name: itself, or one of its group. */
function judgeOf(
  language: string,
  latin: boolean,
  { common, rare }: Identifiers,
): { by: 'common' | 'rare'; name: string } | null {
  const kin = [language, ...groups.filter((group) => group.has(language)).flatMap((group) => [...group])];
  const pair = latin ? southSlavicLatin : kurdishArabic;
  if (pair.has(language)) kin.push(...pair);
  for (const name of kin) {
    if (common.known.has(name) && !(name === 'ku' && latin)) return { by: 'common', name };
    if (rare.knows(name)) return { by: 'rare', name };
  }
  return null;
}

/** Whether a line in a language of two alphabets is in Latin letters. */
function isLatin(line: string, expected: LanguageTag): boolean {
  const scripts = scriptsOf(expected);
  if (scripts.length === 1) return scripts[0] === 'Latn';
  const { letters, wanted } = countLetters(line, ['Latn']);
  return wanted * 2 > letters;
}

/** What a line in a foreign script is written in. A few letters tell the script and no more. */
function foreignLanguage(line: string, script: string, long: boolean, { common }: Identifiers): string {
  if (script === 'Hani' || script === 'Hira' || script === 'Kana') {
    const kana = countLetters(line, ['Hira', 'Kana']).wanted;
    return kana / (kana + countLetters(line, ['Hani']).wanted) >= kanaShare ? 'ja' : 'zh';
  }
  const own = scriptLanguage[script];
  if (own !== undefined) return own;
  const guess = long ? common.guess(line) : null;
  return guess !== null && scriptsOf(guess).includes(script) ? guess : `und-${script}`;
}

/** Whether anything here can recognise the language at all. */
export function canIdentify(language: LanguageTag, identifiers: Identifiers): boolean {
  const base = baseLanguage(language);
  const scripts = scriptsOf(language);
  if (scripts.some((script) => scriptLanguage[script] === base) || sameGroup(base, 'zh', false)) return true;
  return judgeOf(base, scripts.includes('Latn'), identifiers) !== null;
}
