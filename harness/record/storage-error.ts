/** What a disk refused, said to the person: exit 5, and the run can be resumed. */
import path from 'node:path';
import { exitCode, PersonError, personError } from '../errors.ts';

const safe = 'answers recorded so far are safe; mend the disk, then run again with --resume';

/** A write, flush, rename or read that failed. `hint`: what to do about it, where more is known. */
export function storageError(
  file: string,
  error: NodeJS.ErrnoException,
  { verb = 'write', hint = safe }: { readonly verb?: 'write' | 'read'; readonly hint?: string } = {},
): PersonError {
  const name = path.basename(file);
  return personError(
    isFull(error)
      ? `no space left while writing ${name}, the run can be resumed`
      : `cannot ${verb} ${name}: ${error.message}`,
    { hint, exit: exitCode.storage },
  );
}

function isFull({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}

/** Does it, and says what the disk refused in words for people; their own errors pass as they are. */
export function onDisk<T>(file: string, act: () => T, verb: 'write' | 'read' = 'write'): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PersonError || !isOfSystem(error)) throw error;
    throw storageError(file, error, { verb });
  }
}

/** Only the system's own refusals: anything else that is thrown is a bug and keeps its stack. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
