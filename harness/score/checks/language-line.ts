/** What language one line is in, or that this cannot be said: script first, then the identifiers. */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage, countLetters, scriptsOf, type LetterCount } from '../scripts.ts';
import { eldLanguages, loadIdentifier } from './identify.ts';
import { loadRareIdentifier } from './identify-rare.ts';
import { sameGroup } from './language-groups.ts';
import { candidates, judgeOf, scriptDecides, scriptLanguage } from './language-judges.ts';
import { isTigrinya } from './tigrinya.ts';

export type LineVerdict =
  | { readonly kind: 'match' }
  /** A base language, or `und-Latn` when only the script is known. */
  | { readonly kind: 'other'; readonly language: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too_short' };

/** Among Han letters and kana together: at least this share of kana makes it Japanese, less Chinese. */
const kanaShare = 0.05;
/** Han letters without kana or Hangul from which on Chinese is meant. */
const hanLetters = 10;

const match: LineVerdict = { kind: 'match' };
const unknown: LineVerdict = { kind: 'unknown' };
const other = (language: string): LineVerdict => ({ kind: 'other', language });

/** A line against one expected language. The identifiers are loaded for lines that their script does not decide. */
export async function judgeLine(
  line: string,
  expected: LanguageTag,
  minLetters: number,
): Promise<LineVerdict> {
  const count = countLetters(line, scriptsOf(expected));
  if (count.letters === 0) return { kind: 'too_short' };
  const [strongest = 'Zyyy', strength = 0] = count.others[0] ?? [];
  if (strength > count.wanted)
    return other(await foreignLanguage(line, strongest, count.letters >= minLetters));
  return byScript(line, expected, count) ?? byIdentifier(line, expected, count, minLetters);
}

/** A line against several languages, any of which will do: the first that matches, else what the first one says. */
export async function judgeLineOfAny(
  line: string,
  expected: readonly LanguageTag[],
  minLetters: number,
): Promise<LineVerdict> {
  const verdicts = await Promise.all(expected.map((language) => judgeLine(line, language, minLetters)));
  const undecided = verdicts.find(({ kind }) => kind === 'unknown' || kind === 'too_short');
  return verdicts.find(({ kind }) => kind === 'match') ?? undecided ?? verdicts[0] ?? unknown;
}

/** Scripts that decide alone; null: they do not, or not here. */
function byScript(line: string, expected: LanguageTag, count: LetterCount): LineVerdict | null {
  const language = baseLanguage(expected);
  const scripts = scriptsOf(expected);
  const isEastAsian = language === 'ja' || language === 'ko' || scriptDecides(language, 'Hani');
  if (isEastAsian && scripts.includes('Hani')) return eastAsian(line, language, count);
  const [script = ''] = scripts;
  return scriptDecides(language, script) && language !== 'am' ? match : null;
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

async function byIdentifier(
  line: string,
  expected: LanguageTag,
  count: LetterCount,
  minLetters: number,
): Promise<LineVerdict> {
  const language = baseLanguage(expected);
  // The letters alone say Amharic, unless they say Tigrinya.
  if (language === 'am' || language === 'ti') {
    const tigrinya = isTigrinya(line, count.letters);
    if (language === 'am') return tigrinya ? other('ti') : match;
    if (tigrinya) return match;
  }
  if (count.letters < minLetters) return { kind: 'too_short' };
  const scripts = writtenIn(line, expected);
  const judge = judgeOf(language, scripts);
  if (judge === null) return unknown;
  const guess = (await loadIdentifier()).guess(line);
  const chosen =
    judge.by === 'common'
      ? guess
      : (await loadRareIdentifier()).choose(line, candidates(judge.name, scripts, guess));
  if (chosen === null) return unknown;
  if (sameGroup(chosen, language, scripts.includes('Latn'))) return match;
  // Between two languages that eld knows its word is the better one.
  return other(guess !== null && eldLanguages.has(chosen) ? guess : chosen);
}

/** The scripts of the expected language that a line uses: of a language of two alphabets the one that leads. */
function writtenIn(line: string, expected: LanguageTag): readonly string[] {
  const scripts = scriptsOf(expected);
  if (scripts.length === 1 || !scripts.includes('Latn')) return scripts;
  const { letters, wanted } = countLetters(line, ['Latn']);
  return wanted * 2 > letters ? ['Latn'] : scripts.filter((script) => script !== 'Latn');
}

/** What a line in a foreign script is written in. A few letters tell the script and no more. */
async function foreignLanguage(line: string, script: string, long: boolean): Promise<string> {
  if (script === 'Hani' || script === 'Hira' || script === 'Kana') {
    const kana = countLetters(line, ['Hira', 'Kana']).wanted;
    return kana / (kana + countLetters(line, ['Hani']).wanted) >= kanaShare ? 'ja' : 'zh';
  }
  const own = scriptLanguage[script];
  if (own !== undefined) return own;
  const guess = long ? (await loadIdentifier()).guess(line) : null;
  return guess !== null && scriptsOf(guess).includes(script) ? guess : `und-${script}`;
}
