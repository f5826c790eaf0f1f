/** `keywords:*`: words and letters that must or must not occur. */
import type { LanguageTag } from '../../../types.ts';
import { quoted } from '../contains.ts';
import { indexOfWord, type WordEdges } from '../find-text.ts';
import { baseLanguage, isUnspaced } from '../../scripts.ts';
import { graphemes } from '../../words.ts';
import { foldText, type Answer, type Rules } from './answer.ts';
import { count, optional, relation, text, texts, type Argument } from './arguments.ts';
import { expression, type Expression, type ExpressionOptions } from './expression.ts';
import { kind, related, ruling, type Kind, type Ruling } from './kind.ts';

type Edge = 'word' | 'start' | 'none';

/** Ours alone: where a word takes prefixes and endings (Turkish, Swahili, Arabic), `none` finds it inside them. */
const edge: Argument<Edge | null> = optional({
  expected: 'one of word, start, none',
  read: (value) => (value === 'word' || value === 'start' || value === 'none' ? value : undefined),
});

/** Korean writes its particles onto the noun: 커피를 is the word 커피. */
function edgesOf(chosen: Edge | null, language: LanguageTag): WordEdges {
  const usual = isUnspaced(language) ? 'none' : baseLanguage(language) === 'ko' ? 'start' : 'word';
  const how = isUnspaced(language) ? 'none' : (chosen ?? usual);
  return { before: how !== 'none', after: how === 'word' };
}

/** Occurrences that do not overlap, at most `limit`. */
function occurrences(
  keyword: string,
  answer: Answer,
  chosen: Edge | null,
  limit = Number.POSITIVE_INFINITY,
): number {
  const wanted = foldText(keyword, answer.language);
  const edges = edgesOf(chosen, answer.language);
  const folded = answer.folded();
  let found = 0;
  for (let at = 0; found < limit; found++) {
    at = indexOfWord(folded, wanted, edges, at);
    if (at === -1) break;
    at += wanted.length;
  }
  return found;
}

/** A keyword that no longer says anything, or a pattern that cannot be run. */
function keywordProblem(
  words: readonly string[],
  language: LanguageTag,
  rules: Rules,
  options: ExpressionOptions = {},
): string | null {
  for (const word of words) {
    if (rules === 'visavis') {
      if (foldText(word, language) === '') return `nothing is left of the keyword ${JSON.stringify(word)}`;
      continue;
    }
    const made = expression(word, options);
    if (typeof made === 'string')
      return `the keyword ${JSON.stringify(word)}, a pattern under ifeval: ${made}`;
  }
  return null;
}

/** @throws Error for a pattern that `keywordProblem` refuses. */
function patternOf(word: string, options: ExpressionOptions = {}): Expression {
  const made = expression(word, options);
  if (typeof made === 'string') throw new Error(made);
  return made;
}

function allOf(words: readonly string[], occurs: (word: string) => boolean): Ruling {
  const missing = words.filter((word) => !occurs(word));
  const [first] = missing;
  if (first === undefined) return ruling(true, words.length === 1 ? 'occurs' : `all ${words.length} occur`);
  return ruling(
    false,
    `lacks ${quoted(first)}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`,
  );
}

function noneOf(words: readonly string[], occurs: (word: string) => boolean): Ruling {
  const present = words.filter(occurs);
  const [first] = present;
  if (first === undefined) return ruling(true, words.length === 1 ? 'absent' : `all ${words.length} absent`);
  return ruling(false, `has ${quoted(first)}${present.length > 1 ? ` and ${present.length - 1} more` : ''}`);
}

const existence = kind({
  id: 'keywords:existence',
  takes: { keywords: texts, edge },
  problem: ({ keywords }, language, rules) => keywordProblem(keywords, language, rules),
  ifeval: ({ keywords }, { text: answer }) => allOf(keywords, (word) => patternOf(word).found(answer)),
  visavis: ({ keywords, edge: chosen }, answer) =>
    allOf(keywords, (word) => occurrences(word, answer, chosen, 1) > 0),
});

const forbidden = kind({
  id: 'keywords:forbidden_words',
  takes: { forbidden_words: texts, edge },
  problem: ({ forbidden_words: words }, language, rules) =>
    keywordProblem(words, language, rules, { edges: true }),
  ifeval: ({ forbidden_words: words }, { text: answer }) =>
    noneOf(words, (word) => patternOf(word, { edges: true }).found(answer)),
  visavis: ({ forbidden_words: words, edge: chosen }, answer) =>
    noneOf(words, (word) => occurrences(word, answer, chosen, 1) > 0),
});

const frequency = kind({
  id: 'keywords:frequency',
  takes: { keyword: text, frequency: count, relation, edge },
  problem: ({ keyword }, language, rules) => keywordProblem([keyword], language, rules),
  ifeval: ({ keyword, frequency: wanted, relation: how }, { text: answer }) =>
    related(patternOf(keyword).count(answer, wanted + 1), how, wanted, `times ${quoted(keyword)}`),
  visavis: ({ keyword, frequency: wanted, relation: how, edge: chosen }, answer) =>
    related(occurrences(keyword, answer, chosen), how, wanted, `times ${quoted(keyword)}`),
});

const marked = /^[\p{M}\u200D]/u;
/** With a mark, é is another letter than e, and another symbol; की is still the letter क, كَ the letter ك. */
const markedIsOther = /^(?:[\p{Lu}\p{Ll}\p{Lt}]|\P{L})/u;

function lowerCase(answer: string, language: LanguageTag): string {
  const base = baseLanguage(language);
  const lower = ['tr', 'az', 'lt'].includes(base) ? answer.toLocaleLowerCase(base) : answer.toLowerCase();
  return lower.normalize('NFC');
}

function countLetter(letter: string, answer: string, language: LanguageTag): number {
  const lower = lowerCase(answer, language);
  const wanted = lowerCase(letter, language);
  const alone = markedIsOther.test(wanted);
  let found = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, at + wanted.length)) {
    const end = at + wanted.length;
    if (!alone || !marked.test(String.fromCodePoint(lower.codePointAt(end) ?? 0))) found++;
  }
  return found;
}

const letters = kind({
  id: 'keywords:letter_frequency',
  takes: { letter: text, let_frequency: count, let_relation: relation },
  problem: ({ letter }) =>
    graphemes(letter).length === 1
      ? null
      : `the argument "letter" is ${JSON.stringify(letter)}, expected one letter`,
  ifeval: ({ letter, let_frequency: wanted, let_relation: how }, { text: answer }) =>
    related(
      answer.toLowerCase().split(letter.toLowerCase()).length - 1,
      how,
      wanted,
      `times ${quoted(letter)}`,
    ),
  visavis: ({ letter, let_frequency: wanted, let_relation: how }, { text: answer, language }) =>
    related(countLetter(letter, answer, language), how, wanted, `times ${quoted(letter)}`),
});

export const keywords: readonly Kind[] = [existence, frequency, forbidden, letters];
