/** Hands bytes to the system until all are out. */
import { writeSync } from 'node:fs';

/** A write may stop short without an error: only the next call says why. Throws what the disk throws. */
export function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    try {
      const out = writeSync(fd, bytes, at, bytes.length - at);
      if (out === 0) throw Object.assign(new Error('no byte was taken'), { code: 'EIO', syscall: 'write' });
      at += out;
    } catch (error) {
      // A signal came in between: nothing of it was written.
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
    }
  }
}
