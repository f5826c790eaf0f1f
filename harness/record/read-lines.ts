/** Reads a sealed file line by line, splitting on the byte 0x0A only, and never trusts a line its checksum denies. */
import { existsSync } from 'node:fs';
import { isSealed, openLine, sealedWithin } from './line.ts';
import { chunksOf } from './read-chunks.ts';

/** Bytes between two line feeds that are not one sealed line. */
export interface DamagedLine {
  readonly offset: number;
  /** Without the line feed. */
  readonly line: Buffer;
  /** Whole records that were found in it all the same. */
  readonly kept: number;
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

type Take = (record: Record<string, unknown>, place: LinePlace) => void;

/**
 * Calls `take` for every good line, in order; holds no more than one line and what is damaged. A missing file reads as an
 * empty one. Throws a storage `PersonError` when the disk cannot be read.
 */
export function readLines(file: string, take: Take): ReadResult {
  const damaged: DamagedLine[] = [];
  let offset = 0;
  let rest: Buffer[] = [];
  for (const chunk of existsSync(file) ? chunksOf(file) : []) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const line = joined(rest, chunk.subarray(start, end));
      rest = [];
      const kept = takeLine(line, offset, take);
      if (kept !== 'whole') damaged.push({ offset, line: Buffer.from(line), kept });
      offset += line.length + 1;
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

/** How many records a line that is not one whole sealed line holds. */
function takeLine(line: Buffer, offset: number, take: Take): 'whole' | number {
  const whole = isSealed(line);
  const records = (whole ? [line] : sealedWithin(line)).flatMap((piece) => {
    const record = recordOf(piece);
    return record === null ? [] : [{ record, piece }];
  });
  for (const { record, piece } of records)
    take(record, { offset: offset + piece.byteOffset - line.byteOffset, length: piece.length });
  return whole && records.length === 1 ? 'whole' : records.length;
}

/** null: a checksum can be right over bytes that are no record; we never wrote them. */
function recordOf(line: Buffer): Record<string, unknown> | null {
  try {
    return openLine(line);
  } catch {
    return null;
  }
}
