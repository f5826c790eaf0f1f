/**
 * The only writer of an append-only file of truth. A record counts only after its bytes were handed to the system by
 * a synchronous write, so a killed process loses nothing that was acknowledged; a flush to the disk follows after 64
 * records or one second, off the thread that stamps times.
 */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  fstatSync,
  openSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import { sealLine } from './line.ts';

const flushAfterRecords = 64;
const flushAfterMs = 1000;

export interface Journal {
  /** Returns after the line is the system's; throws a storage `PersonError` when it cannot be written whole. */
  readonly append: (record: object) => void;
  /** Flushes to the disk and closes. */
  readonly close: () => void;
}

function openForAppend(file: string): { fd: number; size: number } {
  try {
    const fd = openSync(file, 'a');
    return { fd, size: fstatSync(fd).size };
  } catch (error) {
    throw storageError(file, error as NodeJS.ErrnoException);
  }
}

/** Opens a journal for appending. The caller holds the run folder's lock. */
export function openJournal(file: string): Journal {
  const { fd, size } = openForAppend(file);
  let goodBytes = size;
  let unflushed = 0;
  let flushing = false;
  let timer: NodeJS.Timeout | null = null;
  let poisoned: Error | null = null;

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (flushing || unflushed === 0) return;
    flushing = true;
    unflushed = 0;
    fdatasync(fd, (error) => {
      flushing = false;
      // A failed flush may have dropped pages that look clean; nothing written through this handle can be trusted.
      if (error) poisoned = error;
      else if (unflushed >= flushAfterRecords) flush();
    });
  };

  return {
    append: (record) => {
      if (poisoned !== null) throw storageError(file, poisoned);
      const bytes = sealLine(record);
      try {
        // A write may stop short without an error; only the next call says why.
        for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at);
      } catch (error) {
        ftruncateSync(fd, goodBytes);
        throw storageError(file, error as NodeJS.ErrnoException);
      }
      goodBytes += bytes.length;
      unflushed += 1;
      if (unflushed >= flushAfterRecords) flush();
      else timer ??= setTimeout(flush, flushAfterMs).unref();
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      try {
        fdatasyncSync(fd);
      } catch (error) {
        throw storageError(file, error as NodeJS.ErrnoException);
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** Makes a new file's name durable: the folder that lists it is flushed too, where the system can. */
export function syncFolder(folder: string): void {
  let fd: number | null = null;
  try {
    fd = openSync(folder, 'r');
    fsyncSync(fd);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** A write, flush or rename that failed: exit 5, the run can be resumed. */
export function storageError(file: string, error: NodeJS.ErrnoException): Error {
  const name = path.basename(file);
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return personError(
    full ? `no space left while writing ${name}` : `cannot write ${name}: ${error.message}`,
    {
      hint: 'answers recorded so far are safe; mend the disk, then run again with --resume',
      exit: exitCode.storage,
    },
  );
}
