/** What chrF and BLEU share: parameters, how both sides are made comparable, and references taken apart once. */
import type { Check, CheckInput, JsonObject } from '../../types.ts';
import { trim } from '../normalize.ts';
import { recent } from '../recent.ts';
import { comparable, nothingLeft, normalizeBy, references, valueParam } from './comparable.ts';

/** Parameters that both take, beside `own`. */
export function metricParams(own: JsonObject): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: { ...valueParam, description: 'The reference, or several.' },
      ...own,
      lowercase: { type: 'boolean', description: 'Compare in lower case. Default false.' },
      normalize: normalizeBy('nfc; none is what sacrebleu does'),
    },
  };
}

export interface MetricSides<T> {
  /** For the signature: `norm:nfc`. */
  readonly norm: string;
  readonly answer: string;
  readonly references: T;
}

/** The normalised answer, and what `make` makes of the normalised references. `how` names all that `make` depends on. */
export type OpenSides<T> = (
  input: CheckInput,
  how: string,
  make: (references: readonly string[]) => T,
) => MetricSides<T>;

export function openSides<T>(): OpenSides<T> {
  const known = recent<T>();
  return ({ text, params, language }, how, make) => {
    const { side, signature: norm } = comparable(params, language, 'nfc');
    const refs = references(params);
    const key = [how, norm, language, ...refs].join('\u0000');
    return { norm, answer: side(text), references: known(key, () => make(refs.map(side))) };
  };
}

export const emptyMetricReference: NonNullable<Check['problem']> = (params, language) => {
  const { side } = comparable(params, language, 'nfc');
  const empty = references(params).find((reference) => trim(side(reference)) === '');
  return empty === undefined ? null : nothingLeft(empty);
};
