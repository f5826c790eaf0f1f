/** `change_case:*`: capitals and small letters, where a script has both. */
import type { LanguageTag } from '../../../types.ts';
import { quoted } from '../contains.ts';
import { scriptsOf } from '../../scripts.ts';
import { words } from '../../words.ts';
import type { Answer } from './answer.ts';
import { count, relation } from './arguments.ts';
import { kind, related, ruling, unsupported, type Kind, type Ruling } from './kind.ts';
import { judgeWhole } from './response-language.ts';

/** Scripts in which a sentence may be written in capitals. Georgian has them for display and writes no names with them. */
const cased: readonly string[] = ['Latn', 'Grek', 'Cyrl', 'Armn', 'Adlm'];
/** A letter of such a script that can be written the other way. */
const letter =
  /(?=[\p{Lu}\p{Ll}\p{Lt}])(?:\p{scx=Latn}|\p{scx=Grek}|\p{scx=Cyrl}|\p{scx=Armn}|\p{scx=Adlm})/gu;
const small = /\p{Ll}/u;
const capital = /\p{Lu}/u;

function hasCase(language: LanguageTag): boolean {
  return scriptsOf(language).some((script) => cased.includes(script));
}

const noCase = (language: LanguageTag): Ruling => unsupported(`letters have no case in ${language}`);

/** Letters with two cases; ĸ and ª have one shape only and break no rule. */
function casedLetters(text: string): readonly string[] {
  return (text.match(letter) ?? []).filter((one) => one.toLowerCase() !== one.toUpperCase());
}

/** The first word with a letter of the wrong case, for the page. */
function offender(text: string, wrong: RegExp): string {
  return text.split(/\s+/u).find((word) => casedLetters(word).some((one) => wrong.test(one))) ?? '';
}

function judgeCase(text: string, language: LanguageTag, wanted: 'capitals' | 'small letters'): Ruling {
  if (!hasCase(language)) return noCase(language);
  const right = wanted === 'capitals' ? capital : small;
  const all = casedLetters(text);
  if (all.length === 0) return ruling(false, 'no letter that has a case');
  if (all.every((one) => right.test(one))) return ruling(true, `${wanted} throughout`);
  const wrong = wanted === 'capitals' ? /[\p{Ll}\p{Lt}]/u : /[\p{Lu}\p{Lt}]/u;
  return ruling(false, `not in ${wanted}: ${quoted(offender(text, wrong))}`);
}

/** IFEval's rule asks for English too. */
async function judgeEnglishCase(answer: Answer, wanted: 'capitals' | 'small letters'): Promise<Ruling> {
  const judged = judgeCase(answer.text, 'en', wanted);
  return judged.followed === true ? judgeWhole('en', answer) : judged;
}

const capitals = kind({
  id: 'change_case:english_capital',
  takes: {},
  identifiesLanguage: ['ifeval'],
  ifeval: (_, answer) => judgeEnglishCase(answer, 'capitals'),
  visavis: (_, answer) => judgeCase(answer.text, answer.language, 'capitals'),
});

const smallLetters = kind({
  id: 'change_case:english_lowercase',
  takes: {},
  identifiesLanguage: ['ifeval'],
  ifeval: (_, answer) => judgeEnglishCase(answer, 'small letters'),
  visavis: (_, answer) => judgeCase(answer.text, answer.language, 'small letters'),
});

/** Whether a word, or what stands before or after an apostrophe in it (l’ONU, NATO’nun), is in at least so many capitals. */
function isCapital(word: string, least: number): boolean {
  return word.split(/['’]/u).some((part) => {
    const all = casedLetters(part);
    return all.length >= least && all.every((one) => capital.test(one));
  });
}

function countCapitalWords(answer: Answer, least: number): number {
  return words(answer.text, answer.language).filter((word) => isCapital(word, least)).length;
}

const capitalWords = kind({
  id: 'change_case:capital_word_frequency',
  takes: { capital_frequency: count, capital_relation: relation },
  ifeval: ({ capital_frequency: wanted, capital_relation: how }, answer) =>
    related(countCapitalWords(answer, 1), how, wanted, 'words in capitals'),
  visavis: ({ capital_frequency: wanted, capital_relation: how }, answer) =>
    hasCase(answer.language)
      ? related(countCapitalWords(answer, 2), how, wanted, 'words in two capitals or more')
      : noCase(answer.language),
});

export const changeCase: readonly Kind[] = [capitalWords, capitals, smallLetters];
