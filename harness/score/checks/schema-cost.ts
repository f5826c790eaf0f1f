/** What a schema may cost on one answer, refused before it is spent: the first belt, the same on every machine. */
import type { Json, JsonObject } from '../../types.ts';
import type { Expansion } from './schema-expansion.ts';
import { countVisits } from './schema-visits.ts';

/** A schema costs more on this answer than it may: nobody judged it, so it is not wrong. */
export class SchemaCostError extends Error {
  override readonly name = 'SchemaCostError';
}

/** Items of an array with objects under `uniqueItems`, which compares each with each. */
const maxUniqueObjects = 1000;
/** Pairs of objects in all arrays of a value together: some tenths of a second. */
const maxUniquePairs = 2_000_000;
/** Times that a subschema is applied to a part of the value: a few seconds of them. */
const maxVisits = 100_000_000;

/** @throws SchemaCostError when the schema would be applied too often to this value */
export function refuseCostlyVisits(
  schema: JsonObject,
  value: Json,
  { size, recursive, targets }: Expansion,
): void {
  const bound = recursive ? Number.POSITIVE_INFINITY : size * countNodes(value);
  // The product is found soon and mostly far too high: few subschemas apply to any one part.
  const visits = bound > maxVisits ? countVisits(schema, value, targets) : bound;
  if (visits > maxVisits) {
    throw new SchemaCostError(
      `the schema would be applied more than ${maxVisits} times to the parts of this value`,
    );
  }
}

function countNodes(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  let nodes = 1;
  for (const part of Object.values(value)) nodes += countNodes(part);
  return nodes;
}

/** @throws SchemaCostError when arrays of objects in the value would take too many comparisons, each with each */
export function refuseCostlyArrays(value: Json): void {
  let pairs = 0;
  const count = (part: Json): void => {
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part) && part.some((item) => typeof item === 'object')) {
      if (part.length > maxUniqueObjects) {
        throw new SchemaCostError(
          `an array of ${part.length} objects under a schema with uniqueItems: the limit is ${maxUniqueObjects}`,
        );
      }
      pairs += (part.length * (part.length - 1)) / 2;
      if (pairs > maxUniquePairs)
        throw new SchemaCostError(
          `more than ${maxUniquePairs} pairs of objects to compare under a schema with uniqueItems`,
        );
    }
    for (const inner of Object.values(part)) count(inner);
  };
  count(value);
}
