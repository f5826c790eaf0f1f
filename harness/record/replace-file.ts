/** Derived files and the manifest are replaced whole: a reader sees the old one or the new one, never half of one. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { storageError, syncFolder } from './journal.ts';

/** Bytes gathered before a write: a call for each line would cost more than the line. */
const pieceBytes = 1024 * 1024;

/** Writes beside the file, flushes, renames over it. `content`: a text, or pieces of one. Throws a storage `PersonError`. */
export function replaceFile(file: string, content: string | Iterable<Buffer>): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    const fd = openSync(draft, 'w');
    try {
      for (const bytes of gathered(typeof content === 'string' ? [Buffer.from(content, 'utf8')] : content)) {
        for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      }
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

function* gathered(pieces: Iterable<Buffer>): Generator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    size += piece.length;
    if (size < pieceBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  yield Buffer.concat(waiting);
}
