/** A file of truth of which every line counts: the plans. What cannot be read of it is nothing to go on without. */
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import type { Place } from '../types.ts';
import type { Kind } from './kind.ts';
import { readLines, type DamagedLine } from './read-lines.ts';

/** Calls `take` for every line, in order. Throws (exit 5) where one is damaged or is no record of its kind. */
export function readTruth(folder: string, kind: Kind, take: (record: Record<string, unknown>) => void): void {
  const file = path.join(folder, kind.file);
  const {
    damaged: [first],
    tail,
  } = readLines(file, take, kind);
  if (first !== undefined)
    throw damagedTruth(`plan damaged: the line ${describeDamaged(first)}`, {
      file,
      line: first.number,
      column: 1,
    });
  if (tail.length > 0) throw damagedTruth(`plan damaged: ${file} ends in the middle of a line`);
}

/** What follows on "the line". */
export const describeDamaged = ({ unfit }: Pick<DamagedLine, 'unfit'>): string =>
  unfit ?? 'is not as it was written';

/** Truth that cannot be read as it was written, and that nothing can make again. */
export function damagedTruth(message: string, place?: Place): Error {
  return personError(message, {
    hint: 'restore the file, or start a new run',
    exit: exitCode.storage,
    ...(place === undefined ? {} : { place }),
  });
}
