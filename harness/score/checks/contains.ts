import type { Check, CheckInput, Judgement } from '../../types.ts';
import type { Normalization } from '../normalize.ts';
import { emptyReference, references, valueParam } from './comparable.ts';
import { findParams, openFinder } from './find-text.ts';

/** The reference, or one of several, stands in the answer. */
export const contains: Check = {
  name: 'contains',
  summary: '1 if the answer contains the reference (one of them)',
  params: findParams(valueParam),
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'strict'),
  run: (input) => judgeContains('contains', input, 'strict'),
};

/** Shared with `icontains` and `contains-any`, which differ in their default alone. */
export function judgeContains(name: string, input: CheckInput, fallback: Normalization): Judgement {
  const finder = openFinder(name, input, fallback);
  const { signature } = finder;
  const refs = references(input.params);
  for (const reference of refs) {
    const offset = finder.find(reference);
    if (offset !== null) {
      return {
        status: 'scored',
        score: 1,
        because: `contains ${quoted(reference)}`,
        details: { signature, offset },
      };
    }
  }
  const because =
    refs.length === 1 ? `does not contain ${quoted(refs[0] ?? '')}` : `contains none of ${refs.length} texts`;
  return { status: 'scored', score: 0, because, details: { signature, missing: [...refs].slice(0, 20) } };
}

/** A reference as it stands in a sentence, cut to 60 characters. */
export function quoted(text: string): string {
  const points = Array.from(text);
  return `“${points.length > 60 ? `${points.slice(0, 59).join('')}…` : text}”`;
}
