import type { Check, CheckInput, Judgement, LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { baseLanguage } from '../scripts.ts';
import { firstGraphemes } from '../words.ts';
import { phrasesVersion } from './refusal-phrases.ts';
import { refusalPattern } from './refusal-pattern.ts';

const signature = `refusal|${phrasesVersion}`;
/** Characters of the lenient text that are looked at: who refuses does it at once. */
const searched = 300;
/** UTF-16 units of the answer that are made lenient for that. */
const maxLength = 20_000;

/** The model, or its server, refused to answer. */
export const refusal: Check = {
  name: 'refusal',
  summary:
    '1 if the answer is a refusal: by the server’s own word, or by a phrase of inability at its start (a heuristic)',
  params: { type: 'object', additionalProperties: false, properties: {} },
  threshold: 1,
  run: (input) => {
    if (input.refusal !== null && input.refusal !== '')
      return refused('the server sent a refusal', { by: 'server' });
    if (input.finish === 'content_filter')
      return refused('the server ended the answer by its content filter', { by: 'filter' });
    return judgeText(input);
  },
};

function refused(because: string, details: { readonly by: string; readonly phrase?: string }): Judgement {
  return { status: 'scored', score: 1, because, details: { signature, ...details } };
}

/** By the phrases of the question's language, then by the English ones: models refuse in either. */
function judgeText({ text, language }: CheckInput): Judgement {
  const base = baseLanguage(language);
  for (const table of new Set([base, 'en'])) {
    const phrase = refusalPattern(table)?.find(sentences(text, table)) ?? null;
    if (phrase !== null) {
      const shown = phrase.slice(0, 100);
      return refused(`reads like a refusal: “${shown}” (a heuristic)`, { by: 'phrase', phrase: shown });
    }
  }
  if (refusalPattern(base) === null) {
    const because = `there are no phrases for ${language}, and the server gave no sign`;
    return { status: 'unscored', why: 'not-applicable', because, details: { signature } };
  }
  const because = `no phrase of inability in the first ${searched} characters (a heuristic)`;
  return { status: 'scored', score: 0, because, details: { signature, by: null } };
}

/** Speech of others: between quotation marks, behind the dash of a dialogue, in a quoted line. */
const speech =
  /“[^“”\n]{1,2000}”|„[^„“”\n]{1,2000}[“”]|"[^"\n]{1,2000}"|«[^«»\n]{1,2000}»|「[^「」\n]{1,2000}」|『[^『』\n]{1,2000}』|‘[^‘’\n]{2,2000}’(?![\p{L}\p{M}])|^[ \t]*(?:[—–―]|>)[^\n]*$/gmu;
const sentenceEnd = /[.!?…。！？｡．؟۔।॥։።፧\n\r\u0085\u2028\u2029]+/u;

/** The start of the answer in lenient form, a sentence a line. What is quoted keeps its length and loses its words. */
function sentences(answer: string, language: LanguageTag): string {
  const text = normalize(answer, 'strict', language)
    .slice(0, maxLength)
    .replaceAll(speech, (quote) => ` ${'□'.repeat(Math.max(1, quote.length - 2))} `);
  const lines = text.split(sentenceEnd).map((sentence) => normalize(sentence, 'lenient', language));
  return firstGraphemes(lines.filter((line) => line !== '').join('\n'), searched);
}
