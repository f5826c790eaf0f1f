/** Unicode composition inside JSON values: keys are text as much as strings are. */
import type { Json } from '../../types.ts';

/** The value with every string and key in NFC. */
export function nfcOf(value: Json): Json {
  if (typeof value === 'string') return value.normalize('NFC');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(nfcOf);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]): [string, Json] => [key.normalize('NFC'), nfcOf(part)]),
  );
}

/** Whether NFC would change nothing in it. */
export function isNfc(value: Json): boolean {
  const text = JSON.stringify(value);
  return text === text.normalize('NFC');
}
