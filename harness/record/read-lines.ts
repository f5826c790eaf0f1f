/** Reads a sealed file line by line, splitting on the byte 0x0A only, and never trusts a line its checksum denies. */
import { closeSync, openSync, readSync } from 'node:fs';
import { isSealed, openLine } from './line.ts';

const chunkBytes = 1 << 20;

export interface ReadResult {
  /** Bytes of the file up to the end of the last whole line. */
  readonly wholeBytes: number;
  /** Bytes after it: a line that was being written when the process or machine died. */
  readonly tail: Buffer;
  /** Whole lines whose checksum is wrong: their offset and bytes. */
  readonly damaged: readonly { readonly offset: number; readonly line: Buffer }[];
}

/** Calls `take` for every good line, in order. A missing file reads as an empty one. */
export function readLines(file: string, take: (record: Record<string, unknown>) => void): ReadResult {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { wholeBytes: 0, tail: Buffer.alloc(0), damaged: [] };
    throw error;
  }
  const damaged: { offset: number; line: Buffer }[] = [];
  let rest = Buffer.alloc(0);
  let offset = 0;
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let got = readSync(fd, chunk); got > 0; got = readSync(fd, chunk)) {
      const block =
        rest.length === 0
          ? Buffer.from(chunk.subarray(0, got))
          : Buffer.concat([rest, chunk.subarray(0, got)]);
      let start = 0;
      for (let end = block.indexOf(10); end !== -1; end = block.indexOf(10, start)) {
        const line = block.subarray(start, end);
        if (isSealed(line)) take(openLine(line));
        else damaged.push({ offset: offset + start, line: Buffer.from(line) });
        start = end + 1;
      }
      offset += start;
      rest = block.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
  return { wholeBytes: offset, tail: Buffer.from(rest), damaged };
}
