/** A violation of a schema as evidence: where, by which rule, in how many words. Small whatever the schema and the answer. */
import type { Json, JsonObject } from '../../types.ts';
import { escapePointer } from './json-fields.ts';
import { shortened } from './short-text.ts';

export interface Violation {
  /** RFC 6901, into the answer; names the property for `required`, `additionalProperties` and their kin. */
  readonly pointer: string;
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: JsonObject;
  readonly message: string;
}

/** What a validator reports. */
export interface RawViolation {
  readonly instancePath: string;
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
  /** The name at fault, where a rule for names was broken. */
  readonly propertyName?: string | undefined;
}

/** UTF-16 units of a text: an `enum` or a key may be as long as a whole file. */
const maxText = 200;
export const maxPointer = 500;
const naming = ['missingProperty', 'additionalProperty', 'unevaluatedProperty', 'propertyName'] as const;

export function violationOf(raw: RawViolation): Violation {
  const named = naming.map((name) => raw.params[name]).find((name) => typeof name === 'string');
  const property = typeof named === 'string' ? named : raw.propertyName;
  const tail = property === undefined ? '' : `/${escapePointer(property)}`;
  const params: JsonObject = JSON.parse(JSON.stringify(raw.params));
  return {
    pointer: shortened(raw.instancePath + tail, maxPointer),
    keyword: raw.keyword,
    schemaPath: shortened(raw.schemaPath, maxPointer),
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, small(value)])),
    message: shortened(raw.message ?? raw.keyword, maxText),
  };
}

function small(value: Json): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= maxText ? value : shortened(text, maxText);
}
