/** `plan.jsonl` as text: sealed lines in plan order, the same bytes for the same suites and targets everywhere. */
import { createHash } from 'node:crypto';
import { sealLine } from './line.ts';

/** The file's text from the records of its cells. */
export function planText(records: readonly object[]): string {
  return records.map((record) => sealLine(record).toString('utf8')).join('');
}

/** SHA-256 of a file's content, hex: the plan's name in the manifest. */
export function hashText(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
