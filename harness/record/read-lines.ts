/** Reads a sealed file line by line, splitting on the byte 0x0A only, and never trusts a line its checksum denies. */
import { whyUnfit, type Kind } from './kind.ts';
import { isSealed, openLine, sealedWithin } from './line.ts';
import { chunksOf, isThere } from './read-chunks.ts';

/** Bytes between two line feeds that are not one sealed line, or one that is no record. */
export interface DamagedLine {
  readonly offset: number;
  /** Counts from 1. */
  readonly number: number;
  /** Without the line feed. */
  readonly line: Buffer;
  /** Whole records that were found in it all the same. */
  readonly kept: number;
  /** What is wrong with a line whose checksum is right, in words; null: the checksum is wrong. */
  readonly unfit: string | null;
}

export interface ReadResult {
  /** Bytes of the file up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** Bytes after it: a line that was being written when the process or machine died. */
  readonly tail: Buffer;
  readonly damaged: readonly DamagedLine[];
}

/** Where a record stands in its file, without its line feed. */
export interface LinePlace {
  readonly offset: number;
  readonly length: number;
}

/** Lines of a file that are named one by one when they are skipped; the rest is counted. */
export const mostNamed = 10;

type Take = (record: Record<string, unknown>, place: LinePlace) => void;

/**
 * Calls `take` for every good line, in order; holds no more than one line and what is damaged. With a `kind`, a line is
 * good when it is a record of it. A missing file reads as an empty one. Throws a storage `PersonError` when the disk
 * cannot be read.
 */
export function readLines(file: string, take: Take, kind: Kind | null = null): ReadResult {
  const damaged: DamagedLine[] = [];
  let offset = 0;
  let number = 1;
  let rest: Buffer[] = [];
  for (const chunk of isThere(file) ? chunksOf(file) : []) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const line = joined(rest, chunk.subarray(start, end));
      rest = [];
      const found = takeLine(line, offset, take, kind);
      if (found !== 'whole') damaged.push({ offset, number, line: Buffer.from(line), ...found });
      offset += line.length + 1;
      number += 1;
      start = end + 1;
    }
    // The chunk is written over by the next one.
    if (start < chunk.length) rest.push(Buffer.from(chunk.subarray(start)));
  }
  return { wholeBytes: offset, tail: joined(rest, Buffer.alloc(0)), damaged };
}

function joined(parts: readonly Buffer[], last: Buffer): Buffer {
  return parts.length === 0 ? last : Buffer.concat([...parts, last]);
}

/** What is damaged of a line, after the records in it were taken. */
function takeLine(
  line: Buffer,
  offset: number,
  take: Take,
  kind: Kind | null,
): 'whole' | Pick<DamagedLine, 'kept' | 'unfit'> {
  const whole = isSealed(line);
  let kept = 0;
  let unfit: string | null = null;
  for (const piece of whole ? [line] : sealedWithin(line)) {
    const record = recordOf(piece);
    if (record === null) continue;
    const why = kind === null ? null : whyUnfit(record, piece.length, kind);
    if (why === null) {
      kept += 1;
      take(record, { offset: offset + piece.byteOffset - line.byteOffset, length: piece.length });
    } else if (whole) unfit = why;
  }
  return whole && kept === 1 ? 'whole' : { kept, unfit };
}

/** null: a checksum can be right over bytes that are no record; we never wrote them. */
function recordOf(line: Buffer): Record<string, unknown> | null {
  try {
    return openLine(line);
  } catch {
    return null;
  }
}
