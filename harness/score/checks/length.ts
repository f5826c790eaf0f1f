import type { Check, LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { countGraphemes, hasSentences, sentences, tokSignature, words } from '../words.ts';
import { boundParams, boundsOf, boundsProblem } from './bounds.ts';

type Count = (text: string, language: LanguageTag) => number;

const lineEnd = /\r\n|[\n\r\u0085\u2028\u2029]/u;

/** A row per unit. Characters are what a reader counts, so नमस्ते has three of them. */
const units: Readonly<Record<string, { readonly count: Count; readonly icu: boolean }>> = {
  characters: { count: countGraphemes, icu: true },
  codepoints: { count: (text) => Array.from(text).length, icu: false },
  words: { count: (text, language) => words(text, language).length, icu: true },
  sentences: { count: (text, language) => sentences(text, language).length, icu: true },
  lines: { count: (text) => (text === '' ? 0 : text.split(lineEnd).length), icu: false },
  paragraphs: {
    count: (text) =>
      text
        // Else one CRLF could be read as two line ends, and every line would be a paragraph.
        .replaceAll('\r\n', '\n')
        .split(/(?:[\n\r\u0085\u2028\u2029][^\S\n\r\u2028\u2029]*){2,}/u)
        .filter((part) => part.trim() !== '').length,
    icu: false,
  },
  bytes: { count: (text) => Buffer.byteLength(text), icu: false },
};

/** The answer is neither too short nor too long, in a named unit. */
export const length: Check = {
  name: 'length',
  summary: '1 if the answer’s length lies inside the bounds; sentences do not apply in Thai and Lao',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      unit: {
        enum: Object.keys(units),
        description: 'What is counted. A character is what a reader takes for one. Default characters.',
      },
      ...boundParams,
    },
  },
  threshold: 1,
  problem: boundsProblem,
  run: (input) => {
    const named = input.params['unit'];
    const unit = typeof named === 'string' ? named : 'characters';
    const counter = units[unit];
    if (counter === undefined) throw new Error(`there is no unit ${unit}`);
    const signature = `length|unit:${unit}${counter.icu ? `|${tokSignature}` : ''}`;
    if (unit === 'sentences' && !hasSentences(input.language)) {
      const because = `sentences are not marked in ${input.language}`;
      return { status: 'unscored', why: 'not-applicable', because, details: { signature } };
    }
    const count = counter.count(normalize(input.text, 'strict', input.language), input.language);
    const bounds = boundsOf(input.params);
    return {
      status: 'scored',
      score: bounds.holds(count) ? 1 : 0,
      because: `${count} ${unit}, wanted ${bounds.words}`,
      details: { signature, count },
    };
  },
};
