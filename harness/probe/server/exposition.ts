/**
 * The text format in which servers expose metrics (Prometheus 0.0.4, and OpenMetrics as far as servers send it). Reads
 * line by line; a line that is none is counted and left out, whatever bytes it holds.
 */

export interface MetricSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** NaN and infinities are values here. */
  readonly value: number;
  /** As written, or null. */
  readonly timestamp: number | null;
}

export interface Exposition {
  readonly samples: readonly MetricSample[];
  /** `# TYPE` lines. */
  readonly types: ReadonlyMap<string, string>;
  /** Lines that could not be read. */
  readonly unreadable: number;
}

const namePattern = /[A-Za-z_:][A-Za-z0-9_:]*/uy;
const labelPattern = /[A-Za-z_][A-Za-z0-9_]*/uy;
const blankPattern = /[ \t]*/uy;
const wordPattern = /[^ \t]+/uy;

export function parseExposition(text: string): Exposition {
  const samples: MetricSample[] = [];
  const types = new Map<string, string>();
  let unreadable = 0;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') continue;
    if (line.trimStart().startsWith('#')) {
      const [, kind, name, type] = line.trim().split(/[ \t]+/u);
      if (kind === 'TYPE' && name !== undefined && type !== undefined) types.set(name, type);
      if (kind === 'EOF') break;
      continue;
    }
    const sample = parseSample(line);
    if (sample === null) unreadable += 1;
    else samples.push(sample);
  }
  return { samples, types, unreadable };
}

/** A position in a line; every step either moves on or answers null. */
class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  is(letter: string): boolean {
    if (this.text[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }
}

function parseSample(line: string): MetricSample | null {
  const cursor = new Cursor(line);
  cursor.take(blankPattern);
  const name = cursor.take(namePattern);
  if (name === null) return null;
  cursor.take(blankPattern);
  const labels = cursor.is('{') ? parseLabels(cursor) : new Map<string, string>();
  if (labels === null) return null;
  cursor.take(blankPattern);
  const value = parseValue(cursor.take(wordPattern) ?? '');
  if (value === null) return null;
  cursor.take(blankPattern);
  // What follows a # here is an example that belongs to the sample, no part of it.
  if (cursor.isDone || line[cursor.at] === '#') return { name, labels, value, timestamp: null };
  const timestamp = Number(cursor.take(wordPattern) ?? '');
  cursor.take(blankPattern);
  if (!Number.isFinite(timestamp) || !(cursor.isDone || line[cursor.at] === '#')) return null;
  return { name, labels, value, timestamp };
}

function parseLabels(cursor: Cursor): Map<string, string> | null {
  const labels = new Map<string, string>();
  for (;;) {
    cursor.take(blankPattern);
    // A comma may stand before the end.
    if (cursor.is('}')) return labels;
    const name = cursor.take(labelPattern);
    cursor.take(blankPattern);
    if (name === null || !cursor.is('=')) return null;
    cursor.take(blankPattern);
    const value = cursor.is('"') ? parseQuoted(cursor) : null;
    if (value === null || labels.has(name)) return null;
    labels.set(name, value);
    cursor.take(blankPattern);
    if (cursor.is('}')) return labels;
    if (!cursor.is(',')) return null;
  }
}

/** Up to the closing quote. `\\`, `\"` and `\n` are escapes; another letter after a backslash stays with it. */
function parseQuoted(cursor: Cursor): string | null {
  let value = '';
  while (!cursor.isDone) {
    const letter = cursor.text[cursor.at] ?? '';
    cursor.at += 1;
    if (letter === '"') return value;
    if (letter !== '\\') {
      value += letter;
      continue;
    }
    const next = cursor.text[cursor.at];
    if (next === undefined) return null;
    cursor.at += 1;
    value += next === 'n' ? '\n' : next === '\\' || next === '"' ? next : `\\${next}`;
  }
  return null;
}

function parseValue(word: string): number | null {
  const [, sign = '', name = ''] = /^([+-]?)(nan|inf|infinity)$/iu.exec(word) ?? [];
  if (name !== '') {
    if (name.toLowerCase() === 'nan') return Number.NaN;
    return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u.test(word) ? Number(word) : null;
}
