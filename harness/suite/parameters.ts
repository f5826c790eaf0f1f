/** Holds the parameters of a check against the check's own schema, and words what does not fit. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Check, Json, JsonObject } from '../types.ts';
import { brief } from './node.ts';

export interface Misfit {
  /** The parameter at fault; null when one is missing. */
  readonly parameter: string | null;
  readonly message: string;
}

const ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true });
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** What is wrong with rendered parameters; unknown names are said elsewhere, where their place is known. */
export function parameterMisfits(check: Check, params: JsonObject): Misfit[] {
  let validate = validators.get(check.name);
  if (validate === undefined) {
    validate = ajv.compile(check.params);
    validators.set(check.name, validate);
  }
  if (validate(params)) return [];
  const misfits = new Map<string, Misfit>();
  for (const error of validate.errors ?? []) {
    if (error.keyword === 'additionalProperties') continue;
    const parameter = error.instancePath.split('/')[1] ?? null;
    const key = parameter ?? `missing ${String(error.params['missingProperty'])}`;
    if (!misfits.has(key)) misfits.set(key, { parameter, message: wording(check, params, parameter, error) });
  }
  return [...misfits.values()];
}

function wording(check: Check, params: JsonObject, parameter: string | null, error: ErrorObject): string {
  if (parameter === null)
    return `the check "${check.name}" needs ${String(error.params['missingProperty'] ?? 'more parameters')}`;
  const schema = parameterSchema(check, parameter);
  const value = params[parameter] ?? null;
  const deep = error.instancePath.split('/').length > 2;
  return `${parameter}: expected ${schema === null ? 'something else' : wanted(schema)}, got ${brief(value)}${deep ? ` with a wrong entry at ${error.instancePath}` : ''}`;
}

/** The schema of one parameter, or null. */
export function parameterSchema(check: Check, parameter: string): JsonObject | null {
  const properties = asObject(check.params['properties']);
  return properties === null || !Object.hasOwn(properties, parameter)
    ? null
    : asObject(properties[parameter]);
}

/** Names of all parameters of a check. */
export const parameterNames = (check: Check): string[] =>
  Object.keys(asObject(check.params['properties']) ?? {});

const asObject = (value: Json | undefined): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

/** What a schema takes, in words: `text or a list of text`, `one of native, ascii`, `a whole number >= 1`. */
function wanted(schema: JsonObject): string {
  const choices = schema['oneOf'] ?? schema['anyOf'];
  if (Array.isArray(choices)) return choices.map((one) => wanted(asObject(one) ?? {})).join(' or ');
  const listed = schema['enum'];
  if (Array.isArray(listed)) return `one of ${listed.map(String).join(', ')}`;
  const type = schema['type'];
  const noun = (Array.isArray(type) ? type : [type])
    .map((one) => nouns[String(one)] ?? 'any value')
    .join(' or ');
  const items = asObject(schema['items']);
  const of = type === 'array' && items !== null ? ` of ${wanted(items)}` : '';
  const { minimum, maximum } = schema;
  const range =
    typeof minimum === 'number'
      ? typeof maximum === 'number'
        ? ` from ${minimum} to ${maximum}`
        : ` >= ${minimum}`
      : '';
  return `${noun}${of}${range}`;
}
