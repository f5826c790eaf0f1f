/** Values from outside, read field by field. */
export type Fields = Record<string, unknown>;

/** A JSON object's fields; null for anything else. */
export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}
