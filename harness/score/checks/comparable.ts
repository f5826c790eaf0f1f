/** What the text checks share: references, and how both sides are made comparable. */
import type { JsonObject, LanguageTag } from '../../types.ts';
import { joinsCompounds } from '../fold.ts';
import { hasStep, normalize, normSignature, stepNames, type Normalization } from '../normalize.ts';

export const normalizeParam: JsonObject = {
  oneOf: [
    { enum: ['strict', 'caseless', 'lenient', 'none'] },
    { type: 'array', items: { enum: [...stepNames] } },
  ],
  description: 'Applied to answer and reference: strict, caseless, lenient, none, or a list of steps.',
};

/** One reference, or several of which the best counts. */
export const valueParam: JsonObject = {
  oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
  description: 'The reference, or several of which one is enough.',
};

export const listParam: JsonObject = {
  type: 'array',
  minItems: 1,
  items: { type: 'string' },
  description: 'The texts to look for.',
};

export interface Comparable {
  readonly how: Normalization;
  readonly signature: string;
  readonly side: (text: string) => string;
}

/** How a check with these parameters normalises. `fallback` applies when the suite names nothing. */
export function comparable(params: JsonObject, language: LanguageTag, fallback: Normalization): Comparable {
  const how = normalizationOf(params['normalize'], fallback);
  return { how, signature: normSignature(how), side: (text) => normalize(text, how, language) };
}

function normalizationOf(value: unknown, fallback: Normalization): Normalization {
  if (value === 'strict' || value === 'caseless' || value === 'lenient' || value === 'none') return value;
  if (Array.isArray(value)) return value.filter((step) => typeof step === 'string');
  return fallback;
}

/** A whole text for comparing with another: where compounds may be joined or spaced, space tells nothing apart. */
export function wholeSide(text: string, how: Normalization, language: LanguageTag): string {
  const side = normalize(text, how, language);
  return hasStep(how, 'fold') && joinsCompounds(language) ? side.replaceAll(' ', '') : side;
}

/** The texts of `value`. */
export function references(params: JsonObject): readonly string[] {
  const value = params['value'];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === 'string');
}

/** A reference of which nothing is left would be found in every answer. */
export function emptyReference(
  params: JsonObject,
  language: LanguageTag,
  fallback: Normalization,
): string | null {
  const { side } = comparable(params, language, fallback);
  const empty = references(params).find((reference) => side(reference) === '');
  if (empty === undefined) return null;
  return empty === ''
    ? 'a reference is empty'
    : `nothing is left of the reference ${JSON.stringify(empty)} after normalisation`;
}
