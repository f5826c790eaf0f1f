/** `plan.jsonl`: sealed lines in plan order, the same bytes for the same suites and targets everywhere. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { sealLine } from './line.ts';

/** The bytes of a file of records, line by line: a million of them are more than one text can hold. */
export function* sealedLines(records: Iterable<object>): Generator<Buffer> {
  for (const record of records) yield sealLine(record);
}

/** SHA-256 of lines, hex: the plan's name in the manifest. */
export function hashLines(lines: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return hash.digest('hex');
}

/** SHA-256 of a file's content, hex. Throws what the disk throws. */
export function hashFile(file: string): string {
  return hashLines(piecesOf(file));
}

function* piecesOf(file: string): Generator<Buffer> {
  const fd = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(1024 * 1024);
    for (let got = readSync(fd, piece); got > 0; got = readSync(fd, piece)) yield piece.subarray(0, got);
  } finally {
    closeSync(fd);
  }
}
