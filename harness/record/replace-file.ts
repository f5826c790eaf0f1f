/** Derived files and the manifest are replaced whole: a reader sees the old one or the new one, never half of one. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { onDisk } from './storage-error.ts';
import { syncFolder } from './sync-folder.ts';
import { writeWhole } from './write-whole.ts';

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
  // Two processes may make the same report at a time, and not see each other's ids.
  const draft = `${file}.${randomBytes(4).toString('hex')}.new`;
  const fd = onDisk(file, () => openSync(draft, 'wx'));
  let isOpen = true;
  let isThere = true;
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    writeWhole(fd, bytes);
  };
  return {
    write: (piece) => {
      waiting.push(piece);
      size += piece.length;
      if (size >= pieceBytes) onDisk(file, flush);
    },
    commit: () =>
      onDisk(file, () => {
        flush();
        fsyncSync(fd);
        isOpen = false;
        closeSync(fd);
        renameOver(draft, file);
        isThere = false;
        syncFolder(path.dirname(file));
      }),
    discard: () => {
      try {
        if (isOpen) closeSync(fd);
        if (isThere) rmSync(draft, { force: true });
      } catch {
        // What is left over is swept away later; why the file was given up matters more.
      }
      isOpen = false;
      isThere = false;
    },
  };
}

/** Writes beside the file, flushes, renames over it. `content`: a text, or pieces of one, none of which ends inside of a character. Throws a storage `PersonError`. */
export function replaceFile(file: string, content: string | Iterable<string | Buffer>): void {
  const replacement = openReplacement(file);
  try {
    for (const piece of typeof content === 'string' ? [content] : content)
      replacement.write(typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece);
    replacement.commit();
  } finally {
    replacement.discard();
  }
}

/** On Windows a reader who has the file open is in the way of a rename, for a moment. ms */
const windowsPatienceMs = 2000;
const betweenTriesMs = 20;

function renameOver(draft: string, file: string): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += betweenTriesMs) {
    try {
      renameSync(draft, file);
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const isBusy = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
      if (!isBusy || waited >= windowsPatienceMs) throw error;
    }
    Atomics.wait(nap, 0, 0, betweenTriesMs);
  }
}

/** Drafts of processes that were killed; a younger one may be someone's who is at work. ms */
const oldDraftMs = 60 * 60_000;

/** Removes drafts that nobody will finish. `now`: ms since 1970. */
export function sweepDrafts(folder: string, now: number): void {
  onDisk(folder, () => {
    for (const entry of readdirSync(folder)) {
      if (!/\.[0-9a-f]+\.new$/u.test(entry)) continue;
      const draft = path.join(folder, entry);
      const found = statSync(draft, { throwIfNoEntry: false });
      if (found !== undefined && now - found.mtimeMs > oldDraftMs) rmSync(draft, { force: true });
    }
  });
}
