/**
 * One line of a run-folder file: JSON whose last key is `crc32`, the CRC-32 of the bytes before it. A line that was
 * cut or changed is known by its bytes alone, before anything parses it.
 */
import { crc32 } from 'node:zlib';

const tailBytes = 20;

/** The bytes of the line, its line feed included. `record` must be an object with at least one key. */
export function sealLine(record: object): Buffer {
  // Written with an empty sum and filled in, so that the text becomes bytes once.
  const bytes = Buffer.from(`${JSON.stringify(record).slice(0, -1)},"crc32":"00000000"}\n`, 'utf8');
  const body = bytes.length - 1 - tailBytes;
  bytes.write(hex(crc32(bytes.subarray(0, body))), bytes.length - 11, 'latin1');
  return bytes;
}

/** Whether the bytes of a line (no line feed) are what was once written. */
export function isSealed(line: Buffer): boolean {
  if (line.length <= tailBytes) return false;
  const body = line.subarray(0, line.length - tailBytes);
  return line.subarray(line.length - tailBytes).toString('latin1') === `,"crc32":"${hex(crc32(body))}"}`;
}

/** The record of a sealed line, without its checksum. */
export function openLine(line: Buffer): Record<string, unknown> {
  // Cut off before it is parsed: taking a key out of a record would cost as much as the rest.
  return JSON.parse(`${line.toString('utf8', 0, line.length - tailBytes)}}`) as Record<string, unknown>;
}

/** Pieces looked at in one damaged line: a line made to be searched for ever is none of ours. */
const mostPieces = 64;

/**
 * Whole sealed lines inside of bytes that are none as a whole: where a line feed was damaged, or a line was written
 * behind the beginning of another. What they begin and end with cannot stand in the text of a record: there, quotes are
 * escaped.
 */
export function sealedWithin(bytes: Buffer): Buffer[] {
  const starts = placesOf('{"v":', bytes);
  const ends = placesOf(',"crc32":"', bytes).map((at) => at + tailBytes);
  const found: Buffer[] = [];
  let from = 0;
  for (const start of starts) {
    if (start < from) continue;
    const end = ends.find((at) => at > start && isSealed(bytes.subarray(start, at)));
    if (end === undefined) continue;
    found.push(bytes.subarray(start, end));
    from = end;
  }
  return found;
}

function placesOf(text: string, bytes: Buffer): number[] {
  const places: number[] = [];
  for (
    let at = bytes.indexOf(text);
    at !== -1 && places.length < mostPieces;
    at = bytes.indexOf(text, at + 1)
  )
    places.push(at);
  return places;
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
