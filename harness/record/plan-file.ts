/** `plan.jsonl`: sealed lines in plan order, the same bytes for the same suites and targets everywhere. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Manifest } from '../types.ts';
import { sealLine } from './line.ts';
import { chunksOf, isThere } from './read-chunks.ts';
import { readLines } from './read-lines.ts';
import { damagedTruth } from './read-truth.ts';
import { replaceFile } from './replace-file.ts';
import { files } from './run-folder.ts';

/** The bytes of a file of records, line by line: a million of them are more than one text can hold. */
export function* sealedLines(records: Iterable<object>): Generator<Buffer> {
  for (const record of records) yield sealLine(record);
}

/** SHA-256 of lines, hex: the plan's name in the manifest. */
export function hashLines(lines: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return hash.digest('hex');
}

/** SHA-256 of a file's content, hex. Throws a storage `PersonError`. */
export function hashFile(file: string): string {
  return hashLines(chunksOf(file));
}

/** Puts the plan that lies in a folder beside its place, under its hash: what was once asked stays on record. */
export function keepPlan(folder: string, hash: string): void {
  replaceFile(path.join(folder, `plan.${hash.slice(0, 8)}.jsonl`), copiesOf(path.join(folder, files.plan)));
}

/** The hash of the plan that lies in a folder. Throws (exit 5) when the manifest does not list it: nothing is guessed. */
export function hashPlan(
  folder: string,
  { planHash, earlierPlans }: Pick<Manifest, 'planHash' | 'earlierPlans'>,
): string {
  const file = path.join(folder, files.plan);
  if (!isThere(file)) throw damagedTruth(`plan damaged: ${file} is not there`);
  const found = hashFile(file);
  if (found !== planHash && !earlierPlans.includes(found))
    throw damagedTruth(`plan damaged: ${file} is not the one that ${files.manifest} names`);
  return found;
}

/** The keys of the cells in a plan file, in its order. */
export function keysOf(folder: string): Set<string> {
  const keys = new Set<string>();
  readLines(path.join(folder, files.plan), ({ cell }) => keys.add(String(cell)));
  return keys;
}

function* copiesOf(file: string): Generator<Buffer> {
  for (const chunk of chunksOf(file)) yield Buffer.from(chunk);
}
