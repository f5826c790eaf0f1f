/** Reads of `/proc` and `/sys`, handed in so that a test can put texts in their place. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface SystemFiles {
  /** Throws as `node:fs` does. */
  readonly text: (file: string) => string;
  readonly list: (folder: string) => readonly string[];
  readonly link: (file: string) => string;
}

export const systemFiles: SystemFiles = {
  text: (file) => readFileSync(file, 'utf8'),
  list: (folder) => readdirSync(folder),
  link: (file) => readlinkSync(file),
};

/** null where the file is not there or may not be read. */
export function tryText(files: SystemFiles, file: string): string | null {
  try {
    return files.text(file);
  } catch {
    return null;
  }
}

export function tryList(files: SystemFiles, folder: string): readonly string[] {
  try {
    return files.list(folder);
  } catch {
    return [];
  }
}

export function tryLink(files: SystemFiles, file: string): string | null {
  try {
    return files.link(file);
  } catch {
    return null;
  }
}

export const codeOf = (error: unknown): string =>
  String((error as NodeJS.ErrnoException).code ?? (error as Error).message);
