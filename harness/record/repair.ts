/**
 * Damage in a journal, found before it is appended to. What cannot be trusted is kept aside, never dropped in silence;
 * the manifest names it before anything is cut off, so a crash in between leaves a damaged file, not a silent one.
 */
import { existsSync, fsyncSync, mkdirSync, openSync, closeSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import type { Kind } from './kind.ts';
import { mostNamed, readLines, type DamagedLine, type ReadResult } from './read-lines.ts';
import { replaceFile } from './replace-file.ts';
import { onDisk } from './storage-error.ts';

export interface Damage {
  /** One line for each, for the manifest; the same words each time the same damage is met. */
  readonly repairs: readonly string[];
  /** Cuts off what is unfinished or damaged at the end. Damage before it stays in place: every reader skips it. */
  readonly mend: () => void;
}

/**
 * Reads a journal as `readLines` does and copies what is damaged to `quarantine/`. Only the holder of the lock may call
 * this. `kind`: what its lines must be. Throws a storage `PersonError`.
 */
export function findDamage(
  folder: string,
  name: string,
  take: (record: Record<string, unknown>) => void,
  kind: Kind | null = null,
): Damage {
  const file = path.join(folder, name);
  const found = readLines(file, take, kind);
  const { middle: all, end } = split(found);
  const unfit = all.filter((line) => line.unfit !== null);
  // A folder of a stranger may be full of them, and each lies whole in its place all the same.
  const uncounted = new Set(unfit.slice(mostNamed));
  const middle = all.filter((line) => !uncounted.has(line));
  for (const { offset, line } of middle) setAside(folder, name, offset, line);
  if (end !== null) setAside(folder, name, end.offset, end.bytes);
  return {
    repairs: [
      ...middle.map((line) => describeDamage(name, line)),
      ...(uncounted.size === 0
        ? []
        : [`${name}: ${uncounted.size} more ${uncounted.size === 1 ? 'line is' : 'lines are'} no records`]),
      ...(end === null
        ? []
        : [`${name}: ${end.bytes.length} bytes of an unfinished line at byte ${end.offset} were cut off`]),
    ],
    mend: () => {
      if (end !== null) onDisk(file, () => cutAt(file, end.offset));
    },
  };
}

function describeDamage(name: string, { offset, number, kept, unfit }: DamagedLine): string {
  if (unfit !== null) return `${name}:${number}: the line ${unfit}; it was set aside and counts as not there`;
  const rest = kept === 0 ? 'its cell counts as not asked' : `the ${kept} whole records in it were kept`;
  return `${name}: a damaged line at byte ${offset} was set aside; ${rest}`;
}

/**
 * A torn tail, with damaged lines right before it, is the end; nothing can be read out of it. A line with its checksum was
 * written by somebody, and stays.
 */
function split({ damaged, tail, wholeBytes }: ReadResult): {
  readonly middle: readonly DamagedLine[];
  readonly end: { readonly offset: number; readonly bytes: Buffer } | null;
} {
  const middle = [...damaged];
  let offset = wholeBytes;
  let bytes = tail;
  for (let last = middle.at(-1); last?.kept === 0 && last.unfit === null; last = middle.at(-1)) {
    if (last.offset + last.line.length + 1 !== offset) break;
    bytes = Buffer.concat([last.line, Buffer.from('\n'), bytes]);
    ({ offset } = last);
    middle.pop();
  }
  return { middle, end: bytes.length === 0 ? null : { offset, bytes } };
}

/** Bytes that lie there already are not copied again, and never written over. */
function setAside(folder: string, name: string, offset: number, bytes: Buffer): void {
  const quarantine = path.join(folder, 'quarantine');
  onDisk(quarantine, () => mkdirSync(quarantine, { recursive: true }));
  for (let copy = 1; ; copy += 1) {
    const file = path.join(quarantine, `${name}-${offset}${copy === 1 ? '' : `-${copy}`}`);
    if (!existsSync(file)) {
      replaceFile(file, [bytes]);
      return;
    }
    if (onDisk(file, () => readFileSync(file), 'read').equals(bytes)) return;
  }
}

function cutAt(file: string, size: number): void {
  truncateSync(file, size);
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
