/** Mends a journal before it is appended to: what cannot be trusted is kept aside, never dropped in silence. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readLines } from './read-lines.ts';

/**
 * Copies a torn tail to `quarantine/` and cuts it off; copies damaged lines there too and leaves them in place, where
 * every reader skips them. Only the holder of the lock may call this. Returns one line per repair for the manifest.
 */
export function repairJournal(folder: string, name: string): string[] {
  const file = path.join(folder, name);
  const { wholeBytes, tail, damaged } = readLines(file, () => {});
  const repairs: string[] = [];
  const keep = (offset: number, bytes: Buffer): void => {
    mkdirSync(path.join(folder, 'quarantine'), { recursive: true });
    writeFileSync(path.join(folder, 'quarantine', `${name}-${offset}`), bytes, { flush: true });
  };
  for (const { offset, line } of damaged) {
    keep(offset, line);
    repairs.push(`${name}: a damaged line at byte ${offset} was set aside; its cell counts as not asked`);
  }
  if (tail.length > 0) {
    keep(wholeBytes, tail);
    truncateSync(file, wholeBytes);
    repairs.push(`${name}: ${tail.length} bytes of an unfinished line at byte ${wholeBytes} were cut off`);
  }
  return repairs;
}
