/**
 * The tokenizers of sacrebleu 2.6 that need no dictionary and no model, with their faults: scores are only worth
 * comparing where they were cut alike.
 */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage, isUnspaced, scriptsOf } from '../scripts.ts';
import { splitCharacters, splitWords, trimEnd, trimStart } from './python-space.ts';

type Tokenizer = (line: string) => string[];

/** What a suite may write in `tokenize`. */
export const tokenizers = {
  '13a': (line) => splitWords(westernSplit(` ${unescaped(line)} `)),
  intl: (line) =>
    splitWords(
      line
        .replaceAll(/(\P{N})(\p{P})/gu, '$1 $2 ')
        .replaceAll(/(\p{P})(\P{N})/gu, ' $1 $2')
        .replaceAll(/\p{S}/gu, ' $& '),
    ),
  zh: (line) => splitWords(westernSplit(trimStart(line).replaceAll(chinese, ' $& '))),
  char: splitCharacters,
  none: splitWords,
} as const satisfies Record<string, Tokenizer>;

export type TokenizerName = keyof typeof tokenizers;

/** Tokenizers of sacrebleu that are known and not had. */
export const unshippedTokenizers: readonly string[] = [
  'ja-mecab',
  'ko-mecab',
  'flores101',
  'flores200',
  'spBLEU-1K',
];

/** Tokens of a line. */
export function bleuTokens(line: string, tokenizer: TokenizerName, lowercase: boolean): string[] {
  return tokenizers[tokenizer](trimEnd(lowercase ? line.toLowerCase() : line));
}

export function isTokenizer(name: unknown): name is TokenizerName {
  return typeof name === 'string' && Object.hasOwn(tokenizers, name);
}

/** `zh` for Chinese, `char` for other languages without spaces and for Korean, `13a` for the rest. */
export function defaultTokenizer(language: LanguageTag): TokenizerName {
  if (isUnspaced(language)) return isChinese(language) ? 'zh' : 'char';
  return baseLanguage(language) === 'ko' ? 'char' : '13a';
}

/** Whether a sentence of the language would stay in one piece, so that any paraphrase scores 0. */
export function leavesWhole(tokenizer: TokenizerName, language: LanguageTag): boolean {
  if (!isUnspaced(language) || tokenizer === 'char') return false;
  return tokenizer !== 'zh' || !scriptsOf(language).includes('Hani');
}

const isChinese = (language: LanguageTag): boolean =>
  isUnspaced(language) && !['ja', 'th', 'lo', 'km', 'my', 'bo'].includes(baseLanguage(language));

function unescaped(line: string): string {
  return line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/** ASCII punctuation stands alone, but for the apostrophe, marks inside a number and a hyphen that follows no digit. */
function westernSplit(line: string): string {
  return line
    .replaceAll(/[{-~[-`!-&(-+:-@/]/gu, ' $& ')
    .replaceAll(/([^0-9])([.,])/gu, '$1 $2 ')
    .replaceAll(/([.,])([^0-9])/gu, ' $1 $2')
    .replaceAll(/([0-9])-/gu, '$1 - ');
}

/**
 * What sacrebleu takes for Chinese. U+2001 to U+2A6D (curly quotes, dashes, joiners) and U+2F81 to U+2FA1 stand where
 * U+20000 and above were meant, and are copied: these scores are compared with published ones.
 */
const chinese =
  /[\u2001-\u2A6D\u2E80-\u2FDF\u2FF0-\u303F\u3100-\u312F\u31A0-\u31BF\u31C0-\u31EF\u3200-\u4DB5\u4E00-\u9FBB\uF900-\uFA2D\uFA30-\uFA6A\uFA70-\uFAD9\uFE10-\uFE1F\uFE30-\uFE4F\uFF00-\uFFEF]/gu;
