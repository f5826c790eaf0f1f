import type { Check } from '../../types.ts';
import { emptyReference, listParam, references } from './comparable.ts';
import { quoted } from './contains.ts';
import { findParams, openFinder } from './find-text.ts';

/** Every text of a list stands in the answer. */
export const containsAll: Check = {
  name: 'contains-all',
  summary: '1 if the answer contains all of the texts',
  params: findParams(listParam),
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'strict'),
  run: (input) => {
    const { find, signature } = openFinder('contains-all', input, 'strict');
    const refs = references(input.params);
    const missing = refs.filter((reference) => find(reference) === null);
    const [first] = missing;
    return {
      status: 'scored',
      score: missing.length === 0 ? 1 : 0,
      because:
        first === undefined
          ? `contains all ${refs.length}`
          : `lacks ${quoted(first)}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`,
      details: { signature, missing: missing.slice(0, 20) },
    };
  },
};
