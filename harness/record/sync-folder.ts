/** Makes a new file's name durable: the folder that lists it is flushed too, where the system can. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Refusals that mean "not for folders here", not "not on this disk". */
const unable = new Set(['EINVAL', 'EPERM', 'EISDIR', 'EACCES', 'ENOTSUP', 'EBADF']);

/** Throws what the disk throws. */
export function syncFolder(folder: string): void {
  let fd: number | null = null;
  try {
    fd = openSync(folder, 'r');
    fsyncSync(fd);
  } catch (error) {
    if (!unable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
