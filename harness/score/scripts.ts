/**
 * Which scripts a language is written in, and how many letters of a text belong to them. Scripts are ISO 15924 codes
 * and are read off `Script_Extensions`: Script alone calls the Arabic vowel marks Inherited and ー Common.
 */
import type { LanguageTag } from '../types.ts';

/** Languages by script. Anything written in Latin letters alone needs no mention here but is listed below. */
const byScript: Readonly<Record<string, string>> = {
  Cyrl: 'ru uk be bg mk mn kk ky tg tt ba cv ce os ab av sah kv udm',
  Arab: 'ar arz apc ary acm ajp aeb ars fa pes prs ur ps ckb sd ug skr pbt',
  Deva: 'hi mr ne sa bho mai mag kok doi brx npi',
  Beng: 'bn as mni',
  Guru: 'pa',
  Gujr: 'gu',
  Orya: 'or',
  Taml: 'ta',
  Telu: 'te',
  Knda: 'kn tcy',
  Mlym: 'ml',
  Sinh: 'si',
  Thai: 'th',
  Laoo: 'lo',
  Khmr: 'km',
  Mymr: 'my shn',
  Tibt: 'bo dz',
  Geor: 'ka xmf',
  Armn: 'hy hyw',
  Grek: 'el',
  Hebr: 'he yi ydd',
  Ethi: 'am ti gez',
  Thaa: 'dv',
  Olck: 'sat',
  Tfng: 'zgh',
  Syrc: 'syr aii',
  Yiii: 'ii',
  Hani: 'zh yue cmn wuu hak gan hsn lzh nan',
};
const latin =
  'en es fr de pt it nl sv da nb nn no is fo fi et lv lt pl cs sk sl hr bs hu ro tr az tk uz vi id ms jv su tl fil ceb ilo ' +
  'sw ha yo ig zu xh st tn ts ss nso rw rn ln lg ny sn so om wo bm ee ak tw ff mg af sq eu ca gl oc ast br cy ga gd gv kw lb fy li ' +
  'mt eo ia la qu ay gn nah ht pap sm to mi haw fj ku vec sc co fur rm scn hmn';

const scriptTable: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.entries(byScript).flatMap(([script, languages]) =>
    languages.split(' ').map((language): [string, readonly string[]] => [language, [script]]),
  ),
  ...latin.split(' ').map((language): [string, readonly string[]] => [language, ['Latn']]),
  ['ja', ['Hani', 'Hira', 'Kana']],
  ['ko', ['Hang', 'Hani']],
  ['sr', ['Cyrl', 'Latn']],
  ['sh', ['Cyrl', 'Latn']],
]);

/** Codes that name a mixture or a style, not one Unicode script. Simplified and Traditional share Unicode's Han. */
const compositeScripts: Readonly<Record<string, readonly string[]>> = {
  Hans: ['Hani'],
  Hant: ['Hani'],
  Hanb: ['Hani', 'Bopo'],
  Jpan: ['Hani', 'Hira', 'Kana'],
  Hrkt: ['Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
};

const retiredTags: Readonly<Record<string, string>> = { iw: 'he', in: 'id', ji: 'yi', mo: 'ro', jw: 'jv' };
const unspaced = new Set('zh yue cmn wuu hak gan hsn lzh nan ja th lo km my bo'.split(' '));

/** The primary subtag in lower case, retired codes replaced: `pt-BR` gives `pt`, `iw` gives `he`. */
export function baseLanguage(language: LanguageTag): string {
  const known = basesByTag.get(language);
  if (known !== undefined) return known;
  const subtag = (language.split(/[-_]/u)[0] ?? '').toLowerCase();
  const base = retiredTags[subtag] ?? subtag;
  if (basesByTag.size >= maxTags) basesByTag.clear();
  basesByTag.set(language, base);
  return base;
}

const basesByTag = new Map<LanguageTag, string>();
const maxTags = 1000;

/** The script subtag of a tag (`sr-Latn` gives `Latn`), or null. */
function scriptSubtag(language: LanguageTag): string | null {
  const found = language
    .split(/[-_]/u)
    .slice(1, 3)
    .find((part) => /^[a-z]{4}$/iu.test(part));
  return found === undefined ? null : found.charAt(0).toUpperCase() + found.slice(1).toLowerCase();
}

/** One Unicode script or several for an ISO 15924 code: `Jpan` gives Hani, Hira, Kana; `Hans` gives Hani. */
export function unicodeScripts(code: string): readonly string[] {
  return compositeScripts[code] ?? [code];
}

/** Whether Unicode knows the script by this four-letter code. */
export function isUnicodeScript(code: string): boolean {
  return /^[A-Z][a-z]{3}$/u.test(code) && scriptPattern(code) !== null;
}

/**
 * ISO 15924 codes of the Unicode scripts a language is written in, most telling first where there are several. A
 * script subtag wins (`sr-Latn`, `zh-Hant`). A region counts where the language is written otherwise there (`pa-PK` is
 * Arabic, `mn-CN` Mongolian); where CLDR names one of the scripts of the table, all of them stay (`sr-ME`). A language
 * not in the table is asked of CLDR's likely subtags, else Latin.
 */
export function scriptsOf(language: LanguageTag): readonly string[] {
  const known = scriptsByTag.get(language);
  if (known !== undefined) return known;
  const scripts = findScripts(language);
  if (scriptsByTag.size >= maxTags) scriptsByTag.clear();
  scriptsByTag.set(language, scripts);
  return scripts;
}

/** Asked for every line of an answer, and CLDR is slow. */
const scriptsByTag = new Map<LanguageTag, readonly string[]>();

function findScripts(language: LanguageTag): readonly string[] {
  const subtag = scriptSubtag(language);
  if (subtag !== null) return unicodeScripts(subtag);
  const usual = scriptTable.get(baseLanguage(language));
  const likely = likelyScript(language);
  const asked = unicodeScripts(likely.script ?? 'Latn');
  if (usual === undefined) return asked;
  const elsewhere = likely.region && likely.script !== undefined && !asked.some((one) => usual.includes(one));
  return elsewhere ? asked : usual;
}

/** Whether the language is written without spaces between words, so that "at word edges" has no meaning in it. */
export function isUnspaced(language: LanguageTag): boolean {
  return unspaced.has(baseLanguage(language));
}

/** Languages of the table above; for tests and docs. */
export function knownLanguages(): readonly string[] {
  return [...scriptTable.keys()];
}

export interface LetterCount {
  readonly letters: number;
  /** Letters of the wanted scripts; a letter that several scripts share counts when one of them is wanted. */
  readonly wanted: number;
  /** The other letters by script, most frequent first. */
  readonly others: readonly (readonly [script: string, count: number])[];
}

/**
 * Counts letters. A letter is `\p{L}`, or a dependent vowel sign of a script that must write it (Devanagari ि, Thai ี),
 * so that a syllable weighs about the same in an abugida and in an alphabet. Marks that readers leave out (Arabic,
 * Hebrew and Syriac points, Latin combining accents) and joiners are no letters: a vocalised text has no more of
 * them than a bare one.
 */
export function countLetters(text: string, wantedScripts: readonly string[]): LetterCount {
  const wantedSet = new Set(wantedScripts.flatMap(unicodeScripts));
  const rare = [...wantedSet].filter((script) => !searched.includes(script)).map(scriptPattern);
  const others = new Map<string, number>();
  let letters = 0;
  let wanted = 0;
  for (const character of text) {
    const scripts = scriptsOfLetter(character);
    const first = scripts[0];
    if (first === undefined) continue;
    letters++;
    if (scripts.some((script) => wantedSet.has(script))) wanted++;
    else if (rare.some((pattern) => pattern?.test(character))) wanted++;
    else others.set(first, (others.get(first) ?? 0) + 1);
  }
  return { letters, wanted, others: [...others].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)) };
}

const isLetter = /\p{L}|(?=\p{M})(?!\p{scx=Arab}|\p{scx=Hebr}|\p{scx=Syrc}|\p{sc=Zinh})\p{Alphabetic}/u;

/** Scripts looked for in a letter: the frequent ones first, so that the search ends soon. */
const searched = (
  'Latn Hani Arab Cyrl Deva Beng Hang Hira Kana Thai Ethi Grek Hebr Taml Telu Gujr Guru Knda Mlym Orya Sinh Khmr Laoo Mymr ' +
  'Tibt Geor Armn Thaa Olck Tfng Syrc Yiii Cher Cans Mong Nkoo Adlm Java Bali Sund Mtei Bopo Vaii Lisu Cakm Copt'
).split(' ');
const patterns = new Map<string, RegExp | null>();
const letterCache = new Map<string, readonly string[]>();
const none: readonly string[] = [];
const latinOnly: readonly string[] = ['Latn'];

function scriptPattern(code: string): RegExp | null {
  const known = patterns.get(code);
  if (known !== undefined) return known;
  let pattern: RegExp | null = null;
  try {
    pattern = new RegExp(`\\p{scx=${code}}`, 'u');
  } catch {
    // Not a script of this Unicode version.
  }
  patterns.set(code, pattern);
  return pattern;
}

/** The scripts that use this letter; empty for what is no letter; `Zyyy` when none of the searched scripts does. */
function scriptsOfLetter(character: string): readonly string[] {
  if (character.length === 1) {
    const unit = character.charCodeAt(0) | 32;
    if (unit >= 97 && unit <= 122) return latinOnly;
    if (character.charCodeAt(0) < 128) return none;
  }
  const cached = letterCache.get(character);
  if (cached !== undefined) return cached;
  let scripts = none;
  if (isLetter.test(character)) {
    scripts = searched.filter((code) => scriptPattern(code)?.test(character));
    if (scripts.length === 0) scripts = ['Zyyy'];
  }
  letterCache.set(character, scripts);
  return scripts;
}

/** CLDR's word on the script of a tag, and whether the tag itself names a region. */
function likelyScript(language: LanguageTag): { script: string | undefined; region: boolean } {
  try {
    const locale = new Intl.Locale(language.replaceAll('_', '-'));
    return { script: locale.maximize().script, region: locale.region !== undefined };
  } catch {
    return { script: undefined, region: false };
  }
}
