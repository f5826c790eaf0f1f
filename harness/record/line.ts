/**
 * One line of a run-folder file: JSON whose last key is `crc32`, the CRC-32 of the bytes before it. A line that was
 * cut or changed is known by its bytes alone, before anything parses it.
 */
import { crc32 } from 'node:zlib';

const tailBytes = 20;

/** The line without its line feed. `record` must be an object with at least one key. */
export function sealLine(record: object): string {
  const body = JSON.stringify(record).slice(0, -1);
  return `${body},"crc32":"${hex(crc32(body))}"}`;
}

/** Whether the bytes of a line (no line feed) are what was once written. */
export function isSealed(line: Buffer): boolean {
  if (line.length <= tailBytes) return false;
  const body = line.subarray(0, line.length - tailBytes);
  return line.subarray(line.length - tailBytes).toString('latin1') === `,"crc32":"${hex(crc32(body))}"}`;
}

/** The record of a sealed line, without its checksum. */
export function openLine(line: Buffer): Record<string, unknown> {
  const { crc32: _sum, ...record } = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
  return record;
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
