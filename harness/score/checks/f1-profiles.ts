/** How `f1` cuts a text into tokens: our way, and the two of published question-answering scores. */
import type { LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { baseLanguage } from '../scripts.ts';
import { tokSignature, words } from '../words.ts';
import { splitWords } from './python-space.ts';

export interface Profile {
  readonly signature: string;
  /** What is left of a text; the answer and a reference without tokens are alike when this is. */
  readonly rest: (text: string, language: LanguageTag) => string;
  readonly tokens: (rest: string, language: LanguageTag) => string[];
}

const asciiPunctuation = /[!-/:-@[-`{-~]/gu;
const anyPunctuation = /[\p{P}!-/:-@[-`{-~]/gu;

/** Articles stand alone, as Python's `\b` sees it: between what is no letter, number or low line. */
const alone = (articles: string): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${articles})(?![\p{L}\p{N}_])`, 'gu');

const english = alone('a|an|the');

/** By language; Hindi and Chinese have none. MLQA drops the Arabic article inside words too: its fault, kept. */
const mlqaArticles: Readonly<Record<string, RegExp | null>> = {
  en: english,
  es: alone('un|una|unos|unas|el|la|los|las'),
  vi: alone('của|là|cái|chiếc|những'),
  de: alone('ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des'),
  ar: /ال/gu,
  hi: null,
  zh: null,
};

/** Languages that MLQA defines tokens for. */
export const mlqaLanguages = Object.keys(mlqaArticles);

const nfc = (text: string, language: LanguageTag): string => normalize(text, 'nfc', language);

function mlqaRest(text: string, language: LanguageTag): string {
  const bare = nfc(text, language).toLowerCase().replaceAll(anyPunctuation, '');
  const articles = mlqaArticles[baseLanguage(language)] ?? null;
  return articles === null ? bare : bare.replaceAll(articles, ' ');
}

export const profiles = {
  visavis: {
    signature: `profile:visavis|${tokSignature}`,
    rest: (text, language) => normalize(text, 'lenient', language),
    tokens: words,
  },
  squad: {
    signature: 'profile:squad|norm:nfc',
    rest: (text, language) =>
      nfc(text, language).toLowerCase().replaceAll(asciiPunctuation, '').replaceAll(english, ' '),
    tokens: splitWords,
  },
  mlqa: {
    signature: 'profile:mlqa|norm:nfc',
    rest: mlqaRest,
    tokens: (rest, language) =>
      splitWords(baseLanguage(language) === 'zh' ? rest.replaceAll(/[\u4E00-\u9FA5]/gu, ' $& ') : rest),
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export function isProfile(name: unknown): name is ProfileName {
  return typeof name === 'string' && Object.hasOwn(profiles, name);
}
