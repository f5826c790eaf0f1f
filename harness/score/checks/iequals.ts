import type { Check } from '../../types.ts';
import { emptyReference, normalizeParam, valueParam } from './comparable.ts';
import { judgeEquality } from './equals.ts';

/** As `equals`, with case folded by the rules of the language. */
export const iequals: Check = {
  name: 'iequals',
  summary: '1 if the answer equals the reference, case aside',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: { value: valueParam, normalize: normalizeParam },
  },
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'caseless'),
  run: (input) => judgeEquality('iequals', input, 'caseless'),
};
