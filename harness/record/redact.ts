/**
 * Keys never reach a file. Every record passes here on its way to the one writer: a known secret, raw or in an
 * encoding, or any 12 characters in a row of it, is cut out, answers included.
 */
import type { Sample } from '../types.ts';
import { maskKeys } from './key-shapes.ts';

/** Values that servers without keys are given; cutting "ollama" out of answers would destroy them. */
const placeholders = new Set(['EMPTY', 'none', 'ollama', 'lm-studio', 'sk-no-key-required']);
const window = 12;

/** A function that cuts the secrets out of a text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const grams = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < 8 || placeholders.has(secret)) continue;
    for (const form of formsOf(secret)) {
      const size = Math.min(window, form.length);
      for (let at = 0; at + size <= form.length; at += 1) grams.add(form.slice(at, at + size));
    }
  }
  if (grams.size === 0) return (text) => text;
  const all = [...grams];
  return (text) => (all.some((gram) => text.includes(gram)) ? cut(text, all) : text);
}

/**
 * The secret as it may stand in a text: raw, in a URL (with either case of digits), in JSON, in JSON inside JSON, and
 * inside a longer base64 text of either alphabet, whose bytes may begin anywhere.
 */
function formsOf(secret: string): string[] {
  const inside = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'\0'.repeat(shift)}${secret}`)
      .toString('base64')
      .replaceAll('=', '');
    // The first and last letters also carry bits of the neighbours.
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  const inUrl = encodeURIComponent(secret);
  const inJson = jsonLetters(secret);
  return [
    secret,
    inUrl,
    inUrl.replaceAll(/%[\dA-F]{2}/gu, (code) => code.toLowerCase()),
    inJson,
    inJson.replaceAll('/', String.raw`\/`),
    jsonLetters(inJson),
    ...inside
      .filter((form) => form.length >= 8)
      .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
  ];
}

const jsonLetters = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Everything that any piece of a secret covers goes, neighbours together. */
function cut(text: string, grams: readonly string[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const gram of grams) {
    for (let at = text.indexOf(gram); at !== -1; at = text.indexOf(gram, at + 1))
      ranges.push([at, at + gram.length]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  let clean = '';
  let end = 0;
  for (const [from, to] of ranges) {
    if (from > end || end === 0) clean += `${text.slice(end, from)}[secret]`;
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}

/** The same over every string of a record, names of fields too; objects without a secret are returned as they are. */
export function redactRecord<T>(record: T, redact: (text: string) => string): T {
  if (typeof record === 'string') return redact(record) as T;
  if (Array.isArray(record)) {
    const items = record.map((item: unknown) => redactRecord(item, redact));
    return (items.some((item, at) => item !== record[at]) ? items : record) as T;
  }
  if (record !== null && typeof record === 'object') {
    const entries = Object.entries(record).map(
      ([key, value]) => [redact(key), redactRecord(value as unknown, redact)] as const,
    );
    const before = record as Record<string, unknown>;
    const changed = entries.some(([key, value]) => !Object.hasOwn(before, key) || value !== before[key]);
    return changed ? (Object.fromEntries(entries) as T) : record;
  }
  return record;
}

/**
 * A sample fit to be written: its answer without the secrets, with the flag `redacted` where that changed something. What
 * a server says of an error also loses what looks like anybody's key: it is about the call, not an answer.
 */
export function redactSample(sample: Sample, redact: (text: string) => string): Sample {
  const { outcome } = sample;
  const masked =
    outcome.kind === 'answered' || maskKeys(outcome.failure.message) === outcome.failure.message
      ? sample
      : {
          ...sample,
          outcome: {
            ...outcome,
            failure: { ...outcome.failure, message: maskKeys(redact(outcome.failure.message)) },
          },
        };
  const clean = redactRecord(masked, redact);
  return clean === sample ? sample : { ...clean, flags: [...clean.flags, 'redacted'].toSorted() };
}
