/** `length_constraints:*`: words, sentences, paragraphs, and the word a paragraph begins with. */
import { hasSentences, sentences } from '../../words.ts';
import { foldText, type Answer } from './answer.ts';
import { count, ordinal, relation, text, type Relation } from './arguments.ts';
import { countWords } from './count-words.ts';
import { exactly, kind, related, ruling, unsupported, type Kind, type Ruling } from './kind.ts';
import { ifevalFirstWord, visavisFirstWord } from './first-word.ts';
import { spaceClass, strip, wordClass } from './python.ts';

const pythonWord = new RegExp(`[${wordClass}]+`, 'gu');

const words = kind({
  id: 'length_constraints:number_words',
  takes: { num_words: count, relation },
  ifeval: ({ num_words: wanted, relation: how }, answer) =>
    related(answer.text.match(pythonWord)?.length ?? 0, how, wanted, 'words'),
  visavis: ({ num_words: wanted, relation: how }, answer) =>
    related(countWords(answer.text, answer.language), how, wanted, 'words'),
});

function judgeSentences(wanted: number, how: Relation, answer: Answer): Ruling {
  return hasSentences(answer.language)
    ? related(sentences(answer.text, answer.language).length, how, wanted, 'sentences')
    : unsupported(`sentences are not marked in ${answer.language}`);
}

const sentence = kind({
  id: 'length_constraints:number_sentences',
  takes: { num_sentences: count, relation },
  ifeval: ({ num_sentences: wanted, relation: how }, answer) => judgeSentences(wanted, how, answer),
});

const divider = new RegExp(`[${spaceClass}]?\\*\\*\\*[${spaceClass}]?`, 'u');

/** Paragraphs between `***`: an empty one at either end is none, an empty one between fails whatever the count. */
function judgeParagraphs(wanted: number, answer: Answer): Ruling {
  const parts = answer.text.split(divider).map((part) => strip(part) !== '');
  if (parts.slice(1, -1).includes(false)) return ruling(false, 'nothing between two dividers ***');
  return exactly(parts.filter(Boolean).length, wanted, 'paragraphs between dividers ***');
}

const paragraphs = kind({
  id: 'length_constraints:number_paragraphs',
  takes: { num_paragraphs: count },
  ifeval: ({ num_paragraphs: wanted }, answer) => judgeParagraphs(wanted, answer),
});

const firstWord = kind({
  id: 'length_constraints:nth_paragraph_first_word',
  takes: { num_paragraphs: ordinal, nth_paragraph: ordinal, first_word: text },
  problem: ({ num_paragraphs: wanted, nth_paragraph: nth, first_word: word }, language, rules) => {
    if (nth > wanted)
      return `the argument "nth_paragraph" is ${nth}, and there are to be ${wanted} paragraphs`;
    return rules === 'visavis' && foldText(word, language) === ''
      ? `nothing is left of the word ${JSON.stringify(word)}`
      : null;
  },
  ifeval: ({ num_paragraphs: wanted, nth_paragraph: nth, first_word: word }, answer) =>
    ifevalFirstWord({ wanted, nth, word }, answer.text),
  visavis: ({ num_paragraphs: wanted, nth_paragraph: nth, first_word: word }, answer) =>
    visavisFirstWord({ wanted, nth, word }, answer.text, answer.language),
});

export const length: readonly Kind[] = [sentence, paragraphs, words, firstWord];
