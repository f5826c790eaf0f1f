/** What the text checks share: references, and how both sides are made comparable. */
import type { JsonObject, LanguageTag } from '../../types.ts';
import { joinsCompounds } from '../fold.ts';
import { hasStep, isPreset, normalize, normSignature, stepNames, type Normalization } from '../normalize.ts';

const normalizeText =
  'Applied to answer and reference: strict, caseless, lenient, nfc, none, or a list of steps. Reasoning is dropped by all but none.';

export const normalizeParam: JsonObject = {
  oneOf: [
    { enum: ['strict', 'caseless', 'lenient', 'nfc', 'none'] },
    { type: 'array', items: { enum: [...stepNames] } },
  ],
  description: normalizeText,
};

/** The same, saying what applies when the suite names nothing. */
export const normalizeBy = (fallback: string): JsonObject => ({
  ...normalizeParam,
  description: `${normalizeText} Default ${fallback}.`,
});

/** One reference, or several of which the best counts. */
export const valueParam: JsonObject = {
  oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
  description: 'The reference, or several of which one is enough.',
};

/** The same for a check that gives a score of likeness. */
export const likenessParam: JsonObject = {
  ...valueParam,
  description: 'The reference, or several of which the most alike counts.',
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
  const given = params['normalize'];
  if (!Array.isArray(given)) {
    const how = isPreset(given) ? given : fallback;
    return { how, signature: normSignature(how), side: (text) => normalize(text, how, language) };
  }
  const steps = given.filter((step) => typeof step === 'string');
  // Reasoning is no answer whatever the list says, so that [nfc] and nfc are one thing under one name.
  const how = ['strip-think', ...steps];
  const named = steps.filter((step) => step !== 'strip-think');
  const signature = normSignature(named.length === 0 ? how : named);
  return { how, signature, side: (text) => normalize(text, how, language) };
}

/** A whole text for comparing with another: where compounds may be joined or spaced, space tells nothing apart. */
export function wholeSide(text: string, how: Normalization, language: LanguageTag): string {
  const side = normalize(text, how, language);
  return hasStep(how, 'fold') && joinsCompounds(language) ? side.replaceAll(/\p{White_Space}+/gu, '') : side;
}

/** As `wholeSide`, for references: there are few of them, and every answer is held against them again. */
export function wholeReference(text: string, how: Normalization, language: LanguageTag): string {
  const key = `${normSignature(how)} ${language} ${text}`;
  let side = wholeReferences.get(key);
  if (side === undefined) {
    side = wholeSide(text, how, language);
    if (wholeReferences.size >= maxReferences) wholeReferences.clear();
    if (text.length <= maxKept) wholeReferences.set(key, side);
  }
  return side;
}

const wholeReferences = new Map<string, string>();
const maxReferences = 5000;
/** UTF-16 units of a reference that is kept. */
const maxKept = 2000;

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
  return empty === undefined ? null : nothingLeft(empty);
}

/** What is wrong with a reference that normalises to nothing. */
export function nothingLeft(reference: string): string {
  return reference === ''
    ? 'a reference is empty'
    : `nothing is left of the reference ${JSON.stringify(reference)} after normalisation`;
}
