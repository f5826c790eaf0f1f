/** Formats that are narrower than people expect, above all those who write no Latin letters. */
import type { Json, JsonObject } from '../../types.ts';
import { isObject, partsOf } from './schema-limits.ts';

/** What a format refuses that people write, with an example. */
export const narrowFormats: Readonly<Record<string, { readonly what: string; readonly refused: string }>> = {
  email: { what: 'letters beyond ASCII', refused: '用户@例え.jp' },
  hostname: { what: 'letters beyond ASCII', refused: '例え.jp' },
  uri: { what: 'letters beyond ASCII that are not percent-encoded', refused: 'https://example.jp/路' },
  'uri-reference': { what: 'letters beyond ASCII that are not percent-encoded', refused: '/路' },
  date: { what: 'digits beyond ASCII', refused: '٢٠٢٤-٠٥-٠١' },
  time: { what: 'times without seconds and an offset, and digits beyond ASCII', refused: '09:30:00' },
  'date-time': { what: 'times without an offset, and digits beyond ASCII', refused: '2024-05-01T09:30:00' },
};

/** The formats a schema names, in the order of their names. */
export function formatsIn(schema: JsonObject): readonly string[] {
  const used = new Set<string>();
  const visit = (part: Json): void => {
    if (!isObject(part)) return;
    if (typeof part['format'] === 'string') used.add(part['format']);
    for (const inner of partsOf(part)) visit(inner.schema);
  };
  visit(schema);
  return [...used].toSorted();
}

/** A warning for each narrow format in a schema. */
export function formatWarnings(schema: JsonObject): { readonly message: string; readonly hint: string }[] {
  return formatsIn(schema).flatMap((format) => {
    const narrow = Object.hasOwn(narrowFormats, format) ? narrowFormats[format] : undefined;
    return narrow === undefined
      ? []
      : {
          message: `the format "${format}" refuses ${narrow.what} (${narrow.refused})`,
          hint: 'write `formats: assert` if that is meant, else `formats: ignore`',
        };
  });
}
