/** Who ran what, when, against whom: the one file of truth that is replaced, always whole. */
import path from 'node:path';
import { personError } from '../errors.ts';
import type { Manifest } from '../types.ts';
import { isDeep } from './kind.ts';
import { damagedTruth } from './read-truth.ts';
import { replaceFile } from './replace-file.ts';
import { files, readText } from './run-folder.ts';
import { describeMisfit } from './shape.ts';
import { manifestShape } from './shapes.ts';

export const format = 1;

/** Writes the manifest atomically. */
export function writeManifest(folder: string, manifest: Manifest): void {
  replaceFile(path.join(folder, files.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Levels of brackets: whatever walks through deeper ones would run out of stack. */
const mostLevels = 256;

/** Reads and checks the manifest; a newer format is refused, never guessed. */
export function readManifest(folder: string): Manifest {
  const file = path.join(folder, files.manifest);
  let manifest: Partial<Manifest>;
  try {
    manifest = (JSON.parse(readText(folder, files.manifest)) ?? {}) as Partial<Manifest>;
  } catch (error) {
    if (error instanceof SyntaxError) throw damagedTruth(`${file} is not JSON: ${error.message}`);
    throw error;
  }
  if (manifest.format !== format) {
    throw personError(
      `${file} has format ${typeof manifest.format === 'object' ? 'of another kind' : String(manifest.format)}, this visavis reads ${format}`,
      {
        hint: 'use the version of visavis that made the run, or a newer one',
      },
    );
  }
  if (!manifestShape.holds(manifest))
    throw damagedTruth(`${file} is not whole: ${describeMisfit(manifestShape.misfit(manifest, ''))}`);
  if (isDeep(manifest, mostLevels)) throw damagedTruth(`${file} is not whole: it nests too deep`);
  return manifest as Manifest;
}
