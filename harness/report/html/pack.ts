/**
 * How data travels inside the page: JSON, deflated, in base64. The letters of base64 end no element and start no
 * comment, whatever an answer says. Deflated by a library rather than by Node.js, whose zlib writes other bytes in
 * another version and on another kind of processor: the same report is the same file everywhere.
 */
import { deflateSync, strToU8 } from 'fflate';

/** Higher ones take longer and save next to nothing. */
const level = 6;

/** JSON as a page carries it. A lone surrogate survives: JSON writes it as an escape. */
export function pack(value: unknown): string {
  const packed = deflateSync(strToU8(JSON.stringify(value)), { level });
  return Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).toString('base64');
}
