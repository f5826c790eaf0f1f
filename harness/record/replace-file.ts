/** Derived files and the manifest are replaced whole: a reader sees the old one or the new one, never half of one. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { storageError, syncFolder } from './journal.ts';

/** Writes beside the file, flushes, renames over it. Throws a storage `PersonError`. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    const fd = openSync(draft, 'w');
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    throw storageError(file, error as NodeJS.ErrnoException);
  }
}
