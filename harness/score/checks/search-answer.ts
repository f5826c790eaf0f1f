/** Looking for a pattern in an answer: one way for the check and for the transform, so that both find the same. */
import type { LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { compilePattern, type Match, type Pattern } from './pattern.ts';

/** UTF-8 bytes of an answer. */
const maxSubject = 1024 * 1024;

/** What of an answer is searched, and how it was made: for the signature. */
export const searchedForm = 'norm:strict';

/** The pattern in NFC, as the answer will be; or its problem in one line. */
export function answerPattern(source: string, flags = ''): Pattern | string {
  return compilePattern(source.normalize('NFC'), flags);
}

/** The first match and the text its offset counts in, or why nobody looked. */
export function searchAnswer(
  pattern: Pattern,
  answer: string,
  language: LanguageTag,
): { readonly searched: string; readonly match: Match | null } | { readonly problem: string } {
  const searched = normalize(answer, 'strict', language);
  if (Buffer.byteLength(searched) > maxSubject) return { problem: 'the answer is larger than 1 MiB' };
  const problem = pattern.costProblem(searched);
  return problem === null ? { searched, match: pattern.first(searched) } : { problem };
}
