/** Looking for a pattern in an answer: one way for the check and for the transform, so that both find the same. */
import type { LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { compilePattern, type Match, type Pattern } from './pattern.ts';

/** UTF-8 bytes of an answer. */
const maxSubject = 1024 * 1024;

/** What of an answer is searched, and how it was made: for the signature. */
export const searchedForm = 'norm:strict';

/** The first match and the text its offset counts in, or why nobody looked. */
export type Searched =
  { readonly searched: string; readonly match: Match | null } | { readonly problem: string };

/** The pattern in NFC, as the answer will be; or its problem in one line. */
export function answerPattern(source: string, flags = ''): Pattern | string {
  return compilePattern(source.normalize('NFC'), flags);
}

/** The answer in the form that is searched, or why it is not. */
export function searchable(answer: string, language: LanguageTag): string | { readonly problem: string } {
  const searched = normalize(answer, 'strict', language);
  return Buffer.byteLength(searched) > maxSubject ? { problem: 'the answer is larger than 1 MiB' } : searched;
}

export function searchAnswer(pattern: Pattern, answer: string, language: LanguageTag): Searched {
  const searched = searchable(answer, language);
  if (typeof searched !== 'string') return searched;
  const problem = pattern.costProblem(searched);
  return problem === null ? { searched, match: pattern.first(searched) } : { problem };
}
