/** `language:*`: the language of the answer, by the check of that name. */
import type { JsonObject, LanguageTag } from '../../../types.ts';
import { language } from '../language.ts';
import type { Answer } from './answer.ts';
import { tag } from './arguments.ts';
import { kind, ruling, unsupported, type Kind, type Ruling } from './kind.ts';

async function judge(wanted: LanguageTag, answer: Answer, more: JsonObject): Promise<Ruling> {
  const input = { ...answer.input, text: answer.text, params: { value: wanted, ...more } };
  const judged = await language.run(input);
  return judged.status === 'scored'
    ? ruling(judged.score === 1, judged.because)
    : unsupported(judged.because);
}

/** The answer as one piece, as an identifier of whole texts sees it. */
export function judgeWhole(wanted: LanguageTag, answer: Answer): Promise<Ruling> {
  return judge(wanted, answer, { line_words: Number.MAX_SAFE_INTEGER, min_letters: 1 });
}

const response = kind({
  id: 'language:response_language',
  takes: { language: tag },
  identifiesLanguage: ['visavis', 'ifeval'],
  ifeval: ({ language: wanted }, answer) => judgeWhole(wanted, answer),
  visavis: ({ language: wanted }, answer) => judge(wanted, answer, {}),
});

export const responseLanguage: readonly Kind[] = [response];
