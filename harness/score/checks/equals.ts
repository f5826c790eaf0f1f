import type { Check, CheckInput, JsonObject, Judgement } from '../../types.ts';
import type { Normalization } from '../normalize.ts';
import {
  comparable,
  emptyReference,
  normalizeParam,
  references,
  valueParam,
  wholeReference,
  wholeSide,
} from './comparable.ts';

/** Parameters of `equals` and `iequals`. */
export const equalityParams: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['value'],
  properties: { value: valueParam, normalize: normalizeParam },
};

/** The answer is the reference and nothing else. */
export const equals: Check = {
  name: 'equals',
  summary: '1 if the answer equals the reference after normalisation (strict: form of characters, not case)',
  params: equalityParams,
  threshold: 1,
  problem: (params, language) => emptyReference(params, language, 'strict'),
  run: (input) => judgeEquality('equals', input, 'strict'),
};

/** Ways to compare that are looser than the one used, to say by how much an answer missed. */
function looserThan(how: Normalization): readonly ('caseless' | 'lenient')[] {
  if (how === 'lenient') return [];
  return how === 'caseless' ? ['lenient'] : ['caseless', 'lenient'];
}

export function judgeEquality(name: string, input: CheckInput, fallback: Normalization): Judgement {
  const { how, signature: norm } = comparable(input.params, input.language, fallback);
  const signature = `${name}|${norm}`;
  const refs = references(input.params);
  const answer = wholeSide(input.text, how, input.language);
  const sides = refs.map((reference) => wholeReference(reference, how, input.language));
  if (sides.includes(answer)) {
    return { status: 'scored', score: 1, because: 'equal to the reference', details: { signature } };
  }
  const differences = sides.map((side) => firstDifference(answer, side));
  const at = Math.max(...differences);
  const equalUnder = looserThan(how).find((other) => {
    const loose = wholeSide(input.text, other, input.language);
    return refs.some((reference) => wholeReference(reference, other, input.language) === loose);
  });
  const because =
    answer === ''
      ? 'the answer is empty'
      : `differs from character ${at + 1} on${equalUnder === undefined ? '' : `, equal when compared ${equalUnder}`}`;
  return {
    status: 'scored',
    score: 0,
    because,
    details: {
      signature,
      firstDifference: at,
      ...(equalUnder === undefined ? {} : { equalUnder: equalUnder }),
    },
  };
}

/** How many code points two texts share from their start. */
function firstDifference(a: string, b: string): number {
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (let count = 0; ; count += 1) {
    const one = left.next();
    const other = right.next();
    if (one.done === true || other.done === true || one.value !== other.value) return count;
  }
}
