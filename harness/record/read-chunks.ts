/** A file in pieces, in memory that does not grow with it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { onDisk } from './storage-error.ts';

const chunkBytes = 1 << 20;

/**
 * The bytes of a file in their order. One buffer, filled again for each piece: whoever keeps a piece copies it. Throws a
 * storage `PersonError`.
 */
export function* chunksOf(file: string): Generator<Buffer> {
  const fd = onDisk(file, () => openSync(file, 'r'), 'read');
  try {
    // Not filled with zeros first: only what was read into it is handed on.
    const chunk = Buffer.allocUnsafeSlow(chunkBytes);
    const next = (): number => onDisk(file, () => readSync(fd, chunk), 'read');
    for (let got = next(); got > 0; got = next()) yield chunk.subarray(0, got);
  } finally {
    try {
      closeSync(fd);
    } catch {
      // All of it was read.
    }
  }
}
