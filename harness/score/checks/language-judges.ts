/** Who can tell a language from others, in the script it is written in; known without loading anybody. */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage, scriptsOf } from '../scripts.ts';
import { eldLanguages } from './identify.ts';
import { francKnows } from './identify-rare.ts';
import { areNeighbours, kinOf, sameGroup } from './language-groups.ts';

/** The language a script gives away by itself, because hardly any other is written in it. */
export const scriptLanguage: Readonly<Record<string, string>> = {
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

/** Scripts an identifier has seen a language in, where they are not simply those the language is written in. */
const eldScripts: Readonly<Record<string, readonly string[]>> = { ku: ['Arab'], sr: ['Cyrl'] };
const francScripts: Readonly<Record<string, readonly string[]>> = {
  az: ['Latn', 'Cyrl'],
  bs: ['Latn', 'Cyrl'],
  // Its Sorani is a transcription in Latin letters.
  ckb: ['Latn'],
  tk: ['Latn', 'Cyrl'],
  ug: ['Arab', 'Latn'],
  uz: ['Latn', 'Cyrl'],
};

export interface Judge {
  readonly by: 'common' | 'rare';
  /** The name under which it knows the language: the language's own, or that of one of its group. */
  readonly name: string;
}

/** Who judges a base language in a text of these scripts, or null when nobody can: eld before franc. */
export function judgeOf(language: string, scripts: readonly string[]): Judge | null {
  const seen = (name: string, table: Readonly<Record<string, readonly string[]>>): boolean =>
    (table[name] ?? scriptsOf(name)).some((script) => scripts.includes(script));
  const kin = kinOf(language, scripts.includes('Latn'));
  const common = kin.find((name) => eldLanguages.has(name) && seen(name, eldScripts));
  if (common !== undefined) return { by: 'common', name: common };
  const rare = kin.find((name) => francKnows(name) && seen(name, francScripts));
  return rare === undefined ? null : { by: 'rare', name: rare };
}

/** Whether anything here can recognise the language, written as its tag says. */
export function canIdentify(language: LanguageTag): boolean {
  const base = baseLanguage(language);
  return scriptsOf(language).some(
    (script) => scriptDecides(base, script) || judgeOf(base, [script]) !== null,
  );
}

/** Whether the script alone says that a text is in the language. */
export function scriptDecides(language: string, script: string): boolean {
  const own = scriptLanguage[script];
  return own !== undefined && sameGroup(own, language, false);
}

/** What a text of one script may be in besides the language that is looked for: those that models drift to. */
const rivals: Readonly<Record<string, string>> = {
  Latn:
    'en az ca cs da de es et fi fr hr hu it lt lv ms nl no pl pt ro sk sl sq sv tl tr vi yo ' +
    'af ceb eo ha ht id ig jv mg ny rw so sw uz wo zu',
  Cyrl: 'ru uk be bg sr kk ky mk mn tg tt uz',
  Arab: 'ar fa ur ps skr ug',
  Deva: 'hi mr ne mai',
  Ethi: 'am ti',
  Hebr: 'he yi',
  Mymr: 'my shn',
};

/** Who franc chooses among when `language` is looked for: itself, its rivals in these scripts, and eld's guess. */
export function candidates(
  language: string,
  scripts: readonly string[],
  guess: string | null,
): readonly string[] {
  const others = scripts.flatMap((script) => rivals[script]?.split(' ') ?? ['en']);
  const all = [language, ...others, ...(guess === null ? [] : [guess])];
  return [...new Set(all)].filter((name) => !areNeighbours(name, language) || name === language);
}
