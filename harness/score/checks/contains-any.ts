import type { Check } from '../../types.ts';
import { emptyReference, listParam } from './comparable.ts';
import { judgeContains } from './contains.ts';
import { findParams } from './find-text.ts';

/** At least one text of a list stands in the answer. */
export const containsAny: Check = {
  name: 'contains-any',
  summary: '1 if the answer contains at least one of the texts',
  params: findParams(listParam),
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'strict'),
  run: (input) => judgeContains('contains-any', input, 'strict'),
};
