/** `startend:*`: the last words of the answer, and quotation marks around the whole of it. */
import { trim } from '../../normalize.ts';
import { foldPhrase, foldText } from './answer.ts';
import { text } from './arguments.ts';
import { kind, ruling, type Kind, type Ruling } from './kind.ts';
import { strip, stripCharacter } from './python.ts';

/** Quotation, brackets, emphasis: what closes around a last phrase and is no part of it. */
const closing = /[\p{Pe}\p{Pf}"'*_`\s]/u;

function withoutClosing(phrase: string): string {
  let end = phrase.length;
  while (end > 0 && closing.test(phrase.charAt(end - 1))) end--;
  return phrase.slice(0, end);
}

const ends = (found: boolean): Ruling =>
  ruling(found, found ? 'ends with the phrase' : 'does not end with the phrase');

const endChecker = kind({
  id: 'startend:end_checker',
  takes: { end_phrase: text },
  problem: ({ end_phrase: phrase }, language, rules) =>
    rules === 'visavis' && withoutClosing(foldText(phrase, language)) === ''
      ? `nothing is left of the phrase ${JSON.stringify(phrase)}`
      : null,
  ifeval: ({ end_phrase: phrase }, answer) =>
    ends(stripCharacter(strip(answer.text), '"').toLowerCase().endsWith(strip(phrase).toLowerCase())),
  visavis: ({ end_phrase: phrase }, answer) => {
    const { language } = answer;
    const side = (folded: string): string => withoutClosing(foldPhrase(folded, language));
    return ends(side(answer.folded()).endsWith(side(foldText(phrase, language))));
  },
});

/** Opening and closing marks as languages pair them: en, de, pl, sv, fr, da, zh, ja. */
const pairs: ReadonlySet<string> = new Set('"" “” „“ „” ”” «» »« 「」 『』'.split(' '));

const quoting = (found: boolean): Ruling =>
  ruling(found, found ? 'stands in quotation marks' : 'does not stand in quotation marks');

const isQuoted = (answer: string, known: (pair: string) => boolean): boolean =>
  answer.length > 1 && known(answer.charAt(0) + answer.charAt(answer.length - 1));

const quotation = kind({
  id: 'startend:quotation',
  takes: {},
  ifeval: (_, answer) => quoting(isQuoted(strip(answer.text), (pair) => pair === '""')),
  visavis: (_, answer) => quoting(isQuoted(trim(answer.text), (pair) => pairs.has(pair))),
});

export const startEnd: readonly Kind[] = [endChecker, quotation];
