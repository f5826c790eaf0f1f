/** The records of several runs in the files of one: every line as it was written, in the order of the plan. */
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { compareRecords, compareText } from '../../aggregate/effective.ts';
import { exitCode, personError } from '../../errors.ts';
import { isSealed, openLine } from '../../record/line.ts';
import { replaceFile } from '../../record/replace-file.ts';
import { files } from '../../record/run-folder.ts';
import type { Sample } from '../../types.ts';
import type { Asked, Found, Place } from './lines.ts';

/** Writes `samples.jsonl` and `readings.jsonl` of the new run. */
export function writeLines(folder: string, found: Found, asked: Asked): void {
  const reader = openReader();
  try {
    replaceFile(path.join(folder, files.samples), sampleLines(reader, found, asked));
    replaceFile(path.join(folder, files.readings), readingLines(reader, found));
  } finally {
    reader.close();
  }
}

function* sampleLines(reader: Reader, { quality, speed }: Found, asked: Asked): Generator<Buffer> {
  for (const key of asked.cells.keys()) yield* inOrder(reader, quality.get(key) ?? [], byEnd);
  const { samples = new Map<string, Place[]>(), warmUps = [] } = speed ?? {};
  for (const key of new Set(asked.requests.map((request) => request.key)))
    yield* inOrder(reader, samples.get(key) ?? [], byEnd);
  yield* inOrder(reader, warmUps, byEnd);
}

function readingLines(reader: Reader, { readings, speed }: Found): Generator<Buffer> {
  return inOrder(reader, [...readings, ...(speed?.readings ?? [])], byTime);
}

type Compare = (a: Record<string, unknown>, b: Record<string, unknown>) => number;

const byEnd: Compare = (a, b) => compareRecords(a as unknown as Sample, b as unknown as Sample);

const byTime: Compare = (a, b) =>
  Number(a['at']) - Number(b['at']) || compareText(JSON.stringify(a), JSON.stringify(b));

/** The lines at these places, each once, with their line feeds. Equal lines are one record: a copy of a run has it too. */
function* inOrder(reader: Reader, places: readonly Place[], compare: Compare): Generator<Buffer> {
  if (places.length < 2) {
    for (const place of places) yield reader.read(place);
    return;
  }
  const read = places.map((place) => {
    const line = reader.read(place);
    return { line, record: openLine(line.subarray(0, -1)) };
  });
  let last: Buffer | null = null;
  for (const { line } of read.toSorted((a, b) => compare(a.record, b.record))) {
    if (last === null || !last.equals(line)) yield line;
    last = line;
  }
}

interface Reader {
  readonly read: (place: Place) => Buffer;
  readonly close: () => void;
}

function openReader(): Reader {
  const open = new Map<string, number>();
  return {
    read: ({ file, offset, length }) => {
      const fd = open.get(file) ?? openSync(file, 'r');
      open.set(file, fd);
      const line = Buffer.alloc(length + 1, '\n');
      for (let at = 0; at < length;) {
        const got = readSync(fd, line, at, length - at, offset + at);
        if (got === 0) break;
        at += got;
      }
      // Somebody wrote into the source while it was read.
      if (!isSealed(line.subarray(0, length)))
        throw personError(`${file} changed while it was read`, {
          hint: 'merge again',
          exit: exitCode.storage,
        });
      return line;
    },
    close: () => {
      for (const fd of open.values()) closeSync(fd);
    },
  };
}
