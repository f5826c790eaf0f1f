/**
 * `earlier.jsonl`: the run that this one is compared with, as far as that takes: what it planned and the records that
 * count. A copy, so that the report is made again from its own folder when the other one is long gone.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import type { EarlierRun, Manifest } from '../types.ts';
import { sealedLines } from './plan-file.ts';
import { kinds } from './kind.ts';
import { readLines } from './read-lines.ts';
import { describeDamaged } from './read-truth.ts';
import { replaceFile } from './replace-file.ts';
import { files } from './run-folder.ts';

/** Writes the file atomically. */
export function writeEarlier(folder: string, earlier: EarlierRun): void {
  replaceFile(path.join(folder, files.earlier), sealedLines(recordsOf(earlier)));
}

function* recordsOf({ name, targets, cells, samples }: EarlierRun): Generator<object> {
  yield { v: 1, kind: 'run', name, targets };
  for (const cell of cells) yield { v: 1, kind: 'cell', ...cell };
  for (const sample of samples) yield { v: 1, kind: 'sample', sample };
}

type Line =
  | ({ readonly kind: 'run' } & Pick<EarlierRun, 'name' | 'targets'>)
  | ({ readonly kind: 'cell'; readonly v: number } & EarlierRun['cells'][number])
  | { readonly kind: 'sample'; readonly sample: EarlierRun['samples'][number] };

/** null: the run is compared with none. Throws (exit 5) when the copy is damaged: half of it would be another run. */
export function recallEarlier(folder: string, { earlier }: Pick<Manifest, 'earlier'>): EarlierRun | null {
  if (earlier === undefined || earlier === null) return null;
  const file = path.join(folder, files.earlier);
  const cells: EarlierRun['cells'][number][] = [];
  const samples: EarlierRun['samples'][number][] = [];
  let head: Pick<EarlierRun, 'name' | 'targets'> | null = null;
  const take = (record: Record<string, unknown>): void => {
    const line = record as unknown as Line;
    if (line.kind === 'sample') samples.push(line.sample);
    else if (line.kind === 'run') head = { name: line.name, targets: line.targets };
    else {
      const { v: _v, kind: _kind, ...cell } = line;
      cells.push(cell);
    }
  };
  const {
    damaged: [first],
    tail,
  } = readLines(file, take, kinds.earlier);
  const found = head as Pick<EarlierRun, 'name' | 'targets'> | null;
  const what = first === undefined ? '' : `: line ${first.number} ${describeDamaged(first)}`;
  if (first !== undefined || tail.length > 0 || found?.name.id !== earlier.id)
    throw personError(`${file} is ${existsSync(file) ? 'damaged' : 'not there'}${what}`, {
      hint: `take the copy again: visavis eval --resume ${folder} --baseline ${earlier.id}`,
      exit: exitCode.storage,
    });
  return { ...found, cells, samples };
}
