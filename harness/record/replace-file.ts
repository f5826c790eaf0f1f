/** Derived files and the manifest are replaced whole: a reader sees the old one or the new one, never half of one. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { storageError, syncFolder } from './journal.ts';

/** Bytes gathered before a write: a call for each line would cost more than the line. */
const pieceBytes = 1024 * 1024;

/** A file being written beside the one it will replace. Each function throws a storage `PersonError`. */
export interface Replacement {
  readonly write: (piece: Buffer) => void;
  /** Flushes, and puts the new file in the old one's place. */
  readonly commit: () => void;
  /** Leaves the old file as it was; does nothing after `commit`. */
  readonly discard: () => void;
}

export function openReplacement(file: string): Replacement {
  const draft = `${file}.${process.pid}.new`;
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw storageError(file, error as NodeJS.ErrnoException);
    }
  };
  const fd = attempt(() => openSync(draft, 'w'));
  let open = true;
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
  };
  return {
    write: (piece) => {
      waiting.push(piece);
      size += piece.length;
      if (size >= pieceBytes) attempt(flush);
    },
    commit: () =>
      attempt(() => {
        flush();
        fsyncSync(fd);
        open = false;
        closeSync(fd);
        renameSync(draft, file);
        syncFolder(path.dirname(file));
      }),
    discard: () => {
      if (!open) return;
      open = false;
      closeSync(fd);
      rmSync(draft, { force: true });
    },
  };
}

/** Writes beside the file, flushes, renames over it. `content`: a text, or pieces of one. Throws a storage `PersonError`. */
export function replaceFile(file: string, content: string | Iterable<Buffer>): void {
  const replacement = openReplacement(file);
  try {
    for (const piece of typeof content === 'string' ? [Buffer.from(content, 'utf8')] : content)
      replacement.write(piece);
    replacement.commit();
  } finally {
    replacement.discard();
  }
}
