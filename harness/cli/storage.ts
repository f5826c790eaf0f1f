/** The journals of one start of a run, and what becomes of it when the disk refuses them or the folder is lost. */
import path from 'node:path';
import { exitCode, PersonError, personError } from '../errors.ts';
import { openJournal, type Durability, type Journal, type JournalOptions } from '../record/journal.ts';
import type { Lock } from '../record/lock.ts';
import { files } from '../record/run-folder.ts';

export interface Storage {
  readonly samples: Journal;
  readonly readings: Journal;
  /** Nothing more is to be asked. */
  readonly stop: AbortSignal;
  /** No more can be held in memory: what is in flight is given up. */
  readonly cut: AbortSignal;
  /** What went wrong, or null. */
  readonly trouble: () => Error | null;
  /** Both on the disk; what was held is tried once more. Never rejects. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** `trouble` with what it cost and the way on, once all is closed. */
  readonly verdict: () => Error | null;
}

export interface StorageOptions {
  readonly folder: string;
  readonly lock: Lock;
  readonly durability: Durability;
  readonly say: (text: string) => void;
}

/** Throws a storage `PersonError` when a journal cannot be opened. */
export function openStorage({ folder, lock, durability, say }: StorageOptions): Storage {
  const stop = new AbortController();
  const cut = new AbortController();
  let trouble: Error | null = null;
  const options: JournalOptions = {
    durability,
    guard: lock.check,
    onTrouble: (error) => {
      if (trouble !== null) return;
      trouble = error;
      stop.abort();
      if (isOfDisk(error)) {
        say(`${error.message}; nothing more is asked, what is in flight is waited for`);
        return;
      }
      // Another process asks these questions now: whatever comes in can be kept nowhere.
      say(error.message);
      cut.abort();
    },
    onFull: () => {
      say('no more answers can be held in memory: what is in flight is given up');
      cut.abort();
    },
  };
  const samples = openJournal(path.join(folder, files.samples), options);
  const readings = openJournal(path.join(folder, files.readings), options);
  // One after the other: two refusals at a time would be told as one.
  const both = async (act: (journal: Journal) => Promise<void>): Promise<void> => {
    await act(samples);
    await act(readings);
  };
  return {
    samples,
    readings,
    stop: stop.signal,
    cut: cut.signal,
    trouble: () => trouble,
    flush: () => both((journal) => journal.flush()),
    close: () => both((journal) => journal.close()),
    verdict: () => (trouble === null ? null : withCost(trouble, samples.unsaved(), folder)),
  };
}

function isOfDisk(error: Error): error is PersonError {
  return error instanceof PersonError && error.exit === exitCode.storage;
}

/** A lost folder is not to be gone on with by us; a full disk is, once it is mended. */
function withCost(trouble: Error, unsaved: number, folder: string): Error {
  if (!isOfDisk(trouble)) return trouble;
  const cost =
    unsaved === 0
      ? 'every finished answer is on record'
      : `${unsaved} finished answers could not be written and will be asked again`;
  return personError(trouble.problems[0]?.message ?? trouble.message, {
    hint: `${cost}; mend the disk, then go on with: visavis eval --resume ${folder}`,
    exit: trouble.exit,
  });
}
