import type { Check } from '../../types.ts';
import { emptyReference, valueParam } from './comparable.ts';
import { judgeContains } from './contains.ts';
import { findParams } from './find-text.ts';

/** As `contains`, with case folded by the rules of the language. */
export const icontains: Check = {
  name: 'icontains',
  summary: '1 if the answer contains the reference, case aside',
  params: findParams(valueParam),
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'caseless'),
  run: (input) => judgeContains('icontains', input, 'caseless'),
};
