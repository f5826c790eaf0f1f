import type { Check } from '../../types.ts';
import { emptyReference } from './comparable.ts';
import { equalityParams, judgeEquality } from './equals.ts';

/** As `equals`, with case folded by the rules of the language. */
export const iequals: Check = {
  name: 'iequals',
  summary: '1 if the answer equals the reference, case aside',
  params: equalityParams,
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'caseless'),
  run: (input) => judgeEquality('iequals', input, 'caseless'),
};
