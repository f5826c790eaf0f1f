/** Several runs in a run folder of its own: the plan and every record of it, before anything is derived. */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { exitCode, personError } from '../../errors.ts';
import { takeLock } from '../../record/lock.ts';
import { writeManifest } from '../../record/manifest.ts';
import { hashFile } from '../../record/plan-file.ts';
import { createRunFolder, files } from '../../record/run-folder.ts';
import type { Manifest } from '../../types.ts';
import { seenFrom } from '../home.ts';
import { findLines, type Asked, type Found } from './lines.ts';
import { mergedManifest } from './manifest.ts';
import { earlierFile, openSources, readCells, readSpeedRequests, type Source } from './source.ts';
import { writeLines } from './write.ts';

export interface Together {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly found: Found;
}

/** Reads these run folders and makes a new one under `reports`. Throws a `PersonError` when they do not belong together. */
export function putTogether(folders: readonly string[], reports: string): Together {
  const sources = openSources(folders);
  const [first] = sources;
  const asked: Asked = {
    cells: new Map(readCells(first).map((cell) => [cell.key, cell])),
    requests: readSpeedRequests(first),
  };
  const found = findLines(sources, asked);
  const earlier = earlierFile(first);
  const now = new Date();
  const folder = createRunFolder(reports, now);
  const lock = takeLock(folder, { now: now.toISOString() });
  try {
    copyPlan(first, files.plan, first.manifest.planHash, folder);
    if (first.speedPlanHash !== null) copyPlan(first, files.speedPlan, first.speedPlanHash, folder);
    if (earlier !== null) copyFileSync(earlier, path.join(folder, files.earlier));
    writeLines(folder, found, asked);
    const manifest = mergedManifest(sources, {
      run: path.basename(folder),
      from: seenFrom(folder),
      damage: found.damage,
      leftOut: found.leftOut,
    });
    // Last: what was cut off before is no run yet, and nobody takes it for one.
    writeManifest(folder, manifest);
    return { folder, manifest, found };
  } finally {
    lock.release();
  }
}

function copyPlan(source: Source, name: string, hash: string, folder: string): void {
  copyFileSync(path.join(source.folder, name), path.join(folder, name));
  if (hashFile(path.join(folder, name)) === hash) return;
  throw personError(`${path.join(source.folder, name)} changed while it was read`, {
    hint: 'merge again',
    exit: exitCode.storage,
  });
}
