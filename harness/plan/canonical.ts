/** Canonical JSON (RFC 8785 for the values a plan can hold): keys sorted by UTF-16 units, no white space. */
import type { Json } from '../types.ts';

/** The one spelling of a JSON value; equal values give equal text whatever the order of their keys. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, Json>).toSorted(([a], [b]) =>
      a < b ? -1 : a > b ? 1 : 0,
    );
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  // ECMAScript's number and string serialisation is the one RFC 8785 prescribes.
  return JSON.stringify(value);
}
