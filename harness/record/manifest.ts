/** Who ran what, when, against whom: the one file of truth that is replaced, always whole. */
import path from 'node:path';
import { personError } from '../errors.ts';
import type { Manifest } from '../types.ts';
import { damagedTruth } from './plan-file.ts';
import { replaceFile } from './replace-file.ts';
import { files, readText } from './run-folder.ts';

export const format = 1;

/** Writes the manifest atomically. */
export function writeManifest(folder: string, manifest: Manifest): void {
  replaceFile(path.join(folder, files.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Reads and checks the manifest; a newer format is refused, never guessed. */
export function readManifest(folder: string): Manifest {
  let manifest: Partial<Manifest>;
  try {
    manifest = (JSON.parse(readText(folder, files.manifest)) ?? {}) as Partial<Manifest>;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw damagedTruth(`${path.join(folder, files.manifest)} is not JSON: ${error.message}`);
    throw error;
  }
  if (manifest.format !== format) {
    throw personError(
      `${path.join(folder, files.manifest)} has format ${String(manifest.format)}, this visavis reads ${format}`,
      {
        hint: 'use the version of visavis that made the run, or a newer one',
      },
    );
  }
  if (
    !Array.isArray(manifest.earlierPlans) ||
    !Array.isArray(manifest.legs) ||
    typeof manifest.planHash !== 'string'
  ) {
    throw damagedTruth(`${path.join(folder, files.manifest)} is not whole`);
  }
  return manifest as Manifest;
}
