/**
 * Files of a run folder in pieces, in memory that does not grow with them. A folder may come from elsewhere: a link out of
 * it, or a pipe that never ends, is not opened.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { exitCode, personError } from '../errors.ts';
import { onDisk } from './storage-error.ts';

const chunkBytes = 1 << 20;

/**
 * The bytes of a file in their order. One buffer, filled again for each piece: whoever keeps a piece copies it. Throws a
 * storage `PersonError`.
 */
export function* chunksOf(file: string): Generator<Buffer> {
  const fd = openRegular(file);
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

/** Opens a file for reading that is one, and no link. Throws a storage `PersonError`. */
export function openRegular(file: string): number {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw notRegular(file);
  // A pipe without a writer would hold the process where it is opened.
  const fd = onDisk(file, () => openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)), 'read');
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw notRegular(file);
}

function notRegular(file: string): Error {
  return personError(`${file} is not a regular file`, {
    hint: 'is this a whole run folder?',
    exit: exitCode.storage,
  });
}

/** Whether something has the name; a link that leads nowhere has. */
export function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
