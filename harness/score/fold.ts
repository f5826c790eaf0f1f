/**
 * Spellings that readers of a language take for the same word, and no more: what is a letter of its own there (ä, ı,
 * tone marks of Yoruba, Traditional beside Simplified) is left alone.
 */
import type { LanguageTag } from '../types.ts';
import { baseLanguage } from './scripts.ts';

type Fold = (text: string) => string;

/** Tatweel, vowel marks, honorific and Koranic signs. */
const arabicMarks = /\u0640|[\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED]/gu;
const hebrewPoints = /[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7]/gu;
/** Grave, acute, circumflex, breathings, macron, breve, iota subscript; the diaeresis stays. */
const greekMarks = /[\u0300\u0301\u0304\u0306\u0313\u0314\u0342\u0345]/gu;
const stress = /\u0301/gu;
/** In decomposed text: the tone on the first vowel of a syllable that ends in oa, oe or uy. */
const oldTonePlace =
  /(o)([\u0300\u0301\u0303\u0309\u0323])([ae])(?![\p{L}\p{M}])|(u)([\u0300\u0301\u0303\u0309\u0323])(y)(?![\p{L}\p{M}])/giu;

const arabic: Fold = (text) =>
  text
    .replaceAll(arabicMarks, '')
    .replaceAll(/[أإآٱ]/gu, 'ا')
    .replaceAll('ى', 'ي')
    .replaceAll('ة', 'ه');

const persian: Fold = (text) =>
  text
    .replaceAll(arabicMarks, '')
    .replaceAll(/[يى]/gu, 'ی')
    .replaceAll('ك', 'ک')
    .replaceAll(/[ۀة]/gu, 'ه')
    .replaceAll('\u200C', ' ');

const hebrew: Fold = (text) =>
  text
    .replaceAll(hebrewPoints, '')
    .replaceAll('\u05BE', '-')
    .replaceAll('\u05F3', "'")
    .replaceAll('\u05F4', '"');

const greek: Fold = (text) => text.normalize('NFD').replaceAll(greekMarks, '').normalize('NFC');
const cyrillic: Fold = (text) => text.replaceAll(stress, '');
const russian: Fold = (text) => cyrillic(text).replaceAll('ё', 'е').replaceAll('Ё', 'Е');

const commaBelow: Readonly<Record<string, string>> = { ş: 'ș', Ş: 'Ș', ţ: 'ț', Ţ: 'Ț' };
const romanian: Fold = (text) => text.replaceAll(/[şŞţŢ]/gu, (letter) => commaBelow[letter] ?? letter);

const vietnamese: Fold = (text) =>
  text.normalize('NFD').replaceAll(oldTonePlace, '$1$4$3$6$2$5').normalize('NFC');

const folds: Readonly<Record<string, Fold>> = {
  ar: arabic,
  fa: persian,
  ur: persian,
  ps: persian,
  ckb: persian,
  he: hebrew,
  yi: hebrew,
  el: greek,
  ru: russian,
  uk: cyrillic,
  be: cyrillic,
  bg: cyrillic,
  ro: romanian,
  vi: vietnamese,
};
const joining = new Set(['fa', 'ur', 'ps', 'ckb']);

/** The text with the language's spelling variants made one; unchanged in a language without a row. */
export function fold(text: string, language: LanguageTag): string {
  return folds[baseLanguage(language)]?.(text) ?? text;
}

/** Whether a compound may be written joined, with a ZWNJ or with a space, so that whole strings compare without spaces. */
export function joinsCompounds(language: LanguageTag): boolean {
  return joining.has(baseLanguage(language));
}
