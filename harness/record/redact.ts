/**
 * Keys never reach a file. Every record passes here on its way to the one writer: a known secret, raw or in an
 * encoding, or any 12 characters in a row of it, is cut out, answers included.
 */

/** Values that servers without keys are given; cutting "ollama" out of answers would destroy them. */
const placeholders = new Set(['EMPTY', 'none', 'ollama', 'lm-studio', 'sk-no-key-required']);
const window = 12;

/** A function that cuts the secrets out of a text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const needles = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < 8 || placeholders.has(secret)) continue;
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      JSON.stringify(secret).slice(1, -1),
    ]) {
      needles.add(form);
      for (let at = 0; at + window <= form.length; at += 1) needles.add(form.slice(at, at + window));
    }
  }
  if (needles.size === 0) return (text) => text;
  const longestFirst = [...needles].toSorted((a, b) => b.length - a.length);
  return (text) => {
    if (!longestFirst.some((needle) => text.includes(needle))) return text;
    let clean = text;
    for (const needle of longestFirst) clean = clean.replaceAll(needle, '[secret]');
    return clean;
  };
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
