/**
 * Keys never reach a file. Every record passes here on its way to the one writer: a known secret, raw or in an
 * encoding, or any 12 characters in a row of it, is cut out, answers included.
 */

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

/** The secret as it may stand in a text: raw, in a URL, in JSON, and inside a longer base64 text, whose bytes may begin anywhere. */
function formsOf(secret: string): string[] {
  const inside = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'\0'.repeat(shift)}${secret}`)
      .toString('base64')
      .replaceAll('=', '');
    // The first and last letters also carry bits of the neighbours.
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...inside.filter((form) => form.length >= 8),
  ];
}

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

/** The same over every string of a record; objects without a secret are returned as they are. */
export function redactRecord<T>(record: T, redact: (text: string) => string): T {
  if (typeof record === 'string') return redact(record) as T;
  if (Array.isArray(record)) {
    const items = record.map((item: unknown) => redactRecord(item, redact));
    return (items.some((item, at) => item !== record[at]) ? items : record) as T;
  }
  if (record !== null && typeof record === 'object') {
    const entries = Object.entries(record).map(
      ([key, value]) => [key, redactRecord(value as unknown, redact)] as const,
    );
    const changed = entries.some(([key, value]) => value !== (record as Record<string, unknown>)[key]);
    return changed ? (Object.fromEntries(entries) as T) : record;
  }
  return record;
}
