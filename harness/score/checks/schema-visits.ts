/**
 * How often a validator applies a schema and its parts to a value and the value's. Only a schema that leads back to itself
 * needs this: two ways back at each level of a value double the work per level.
 */
import type { Json, JsonObject } from '../../types.ts';
import type { Expansion } from './schema-expansion.ts';
import { isObject, partsOf } from './schema-limits.ts';

/** Pairs of a subschema and a part of the value that are looked at; a count above is not finished. */
const maxPairs = 1_000_000;
/** Calls inside each other. */
const maxDepth = 3000;

const inPlace = new Set([
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
]);
const everyMember = new Set(['patternProperties', 'additionalProperties', 'unevaluatedProperties']);
const everyItem = new Set(['items', 'additionalItems', 'prefixItems', 'contains', 'unevaluatedItems']);

/** An upper bound, infinite where it would take too long to find. */
export function countVisits(schema: JsonObject, value: Json, targets: Expansion['targets']): number {
  const known = new Map<JsonObject, Map<Json, number>>();
  let pairs = 0;
  const visits = (part: Json, at: Json, depth: number): number => {
    if (!isObject(part)) return 1;
    const counts = known.get(part) ?? new Map<Json, number>();
    known.set(part, counts);
    const before = counts.get(at);
    if (before !== undefined) return before;
    if (++pairs > maxPairs || depth > maxDepth) return Number.POSITIVE_INFINITY;
    // What applies itself to the same value again is for the validator to refuse.
    counts.set(at, 1);
    let sum = 1;
    for (const target of targets(part)) sum += visits(target, at, depth + 1);
    for (const [keyword, name, inner] of namedParts(part)) {
      for (const child of appliedTo(keyword, name, at)) sum += visits(inner, child, depth + 1);
    }
    counts.set(at, sum);
    return sum;
  };
  return visits(schema, value, 0);
}

/** `name`: the property under `properties`, else null. */
function namedParts(part: JsonObject): (readonly [keyword: string, name: string | null, inner: Json])[] {
  const { properties } = part;
  const named = isObject(properties)
    ? Object.entries(properties).map(([name, inner]) => ['properties', name, inner] as const)
    : [];
  const others = partsOf(part)
    .filter(({ keyword }) => keyword !== 'properties')
    .map(({ keyword, schema }) => [keyword, null, schema] as const);
  return [...named, ...others];
}

function appliedTo(keyword: string, name: string | null, at: Json): readonly Json[] {
  if (inPlace.has(keyword)) return [at];
  if (Array.isArray(at)) return everyItem.has(keyword) ? at : [];
  if (!isObject(at)) return [];
  if (everyMember.has(keyword)) return Object.values(at);
  const member = name !== null && Object.hasOwn(at, name) ? at[name] : undefined;
  return member === undefined ? [] : [member];
}
