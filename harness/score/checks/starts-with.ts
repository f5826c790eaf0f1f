import type { Check } from '../../types.ts';
import { emptyReference, references, valueParam } from './comparable.ts';
import { quoted } from './contains.ts';
import { findParams, openFinder } from './find-text.ts';

/** The answer begins with the reference, or with one of several. */
export const startsWith: Check = {
  name: 'starts-with',
  summary: '1 if the answer begins with the reference (one of them)',
  params: findParams(valueParam),
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'strict'),
  run: (input) => {
    const { find, signature } = openFinder('starts-with', input, 'strict');
    const refs = references(input.params);
    const begin = refs.find((reference) => find(reference) === 0);
    return {
      status: 'scored',
      score: begin === undefined ? 0 : 1,
      because:
        begin === undefined
          ? `does not begin with ${refs.length === 1 ? quoted(refs[0] ?? '') : `any of ${refs.length} texts`}`
          : `begins with ${quoted(begin)}`,
      details: { signature },
    };
  },
};
