/** The folder of one run: its files, its name, and which of them is the newest. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import { isThere, openRegular } from './read-chunks.ts';
import { onDisk } from './storage-error.ts';
import { syncFolder } from './sync-folder.ts';

export const files = {
  manifest: 'manifest.json',
  plan: 'plan.jsonl',
  speedPlan: 'speed-plan.jsonl',
  samples: 'samples.jsonl',
  readings: 'readings.jsonl',
  findings: 'findings.jsonl',
  earlier: 'earlier.jsonl',
} as const;

/** A new folder `<utc>-<4 hex digits>` under `reports`, `-<suffix>` behind it; never an existing one. */
export function createRunFolder(reports: string, now: Date, suffix: string | null = null): string {
  try {
    mkdirSync(reports, { recursive: true });
  } catch (error) {
    throw refused(reports, error);
  }
  const stamp = now
    .toISOString()
    .replaceAll(/[-:]/gu, '')
    .replace(/\.\d+Z$/u, 'Z');
  for (;;) {
    const name = `${stamp}-${randomBytes(2).toString('hex')}${suffix === null ? '' : `-${suffix}`}`;
    const folder = path.join(reports, name);
    try {
      mkdirSync(folder);
      syncFolder(reports);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw refused(reports, error);
    }
  }
}

function refused(reports: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return personError(`cannot make a run folder in ${reports}: ${why}`, {
    hint: 'name another place with -o',
    exit: exitCode.storage,
  });
}

/**
 * Points `reports/latest` at a run: a symlink made beside it and renamed, a text file where links are refused. Throws a
 * storage `PersonError` where neither can be made.
 */
export function pointLatest(folder: string): void {
  const reports = path.dirname(folder);
  const latest = path.join(reports, 'latest');
  const draft = `${latest}.${randomBytes(4).toString('hex')}`;
  try {
    symlinkSync(path.basename(folder), draft);
  } catch {
    onDisk(latest, () => writeFileSync(draft, `${path.basename(folder)}\n`));
  }
  try {
    renameSync(draft, latest);
  } catch {
    // A real folder stands there (a copied tree): the run has its own name all the same.
    rmSync(draft, { force: true });
  }
}

/**
 * The run a person means: a path, a name under `reports`, or (without a name) the newest. Throws when there is none.
 */
export function findRun(reports: string, name: string | null): string {
  if (name !== null) {
    for (const folder of [name, path.join(reports, name)]) {
      if (existsSync(path.join(folder, files.manifest))) return resolveLatest(folder);
    }
    throw personError(`there is no run "${name}"`, { hint: runsHint(reports) });
  }
  const latest = path.join(reports, 'latest');
  const pointed = existsSync(path.join(latest, files.manifest)) ? resolveLatest(latest) : null;
  const newest = runNames(reports).at(-1);
  // A run that was killed before the link moved on is newer than what the link says.
  if (pointed !== null && (newest === undefined || startOf(pointed) >= startOf(newest))) return pointed;
  if (newest === undefined)
    throw personError(`there is no run in ${reports}`, { hint: 'make one with: npm run eval' });
  return path.join(reports, newest);
}

/** The second in which a run began, as its name says; what is named otherwise is nobody's but the link's. */
function startOf(run: string): string {
  const [stamp = ''] = path.basename(run).split('-');
  return stamp;
}

/** A run is known by its own name, not as "latest": the link moves on. */
function resolveLatest(folder: string): string {
  try {
    return path.join(path.dirname(folder), readlinkSync(folder));
  } catch {
    return folder;
  }
}

function runNames(reports: string): string[] {
  try {
    return readdirSync(reports)
      .filter((name) => /^\d{8}T\d{6}Z-/u.test(name) && existsSync(path.join(reports, name, files.manifest)))
      .toSorted();
  } catch {
    return [];
  }
}

function runsHint(reports: string): string {
  const names = runNames(reports);
  return names.length === 0
    ? `no runs in ${reports} yet`
    : `the newest in ${reports} is ${names.at(-1) ?? ''}`;
}

/** Nothing that is written as one text comes near it. */
const mostTextBytes = 64 * 1024 * 1024;

/** The text of a file of truth; a clear error when it is not there. */
export function readText(folder: string, name: string): string {
  const file = path.join(folder, name);
  if (!isThere(file)) throw personError(`${file} cannot be read`, { hint: 'is this a run folder?' });
  const fd = openRegular(file);
  try {
    if (fstatSync(fd).size > mostTextBytes)
      throw personError(`${file} is larger than ${mostTextBytes / 2 ** 20} MiB`, {
        hint: 'is this a run folder?',
        exit: exitCode.storage,
      });
    return onDisk(file, () => readFileSync(fd, 'utf8'), 'read');
  } finally {
    closeSync(fd);
  }
}

/**
 * Throws (exit 5) where something in a run folder is a link, or no file and no folder. What is written into such a folder
 * would be written elsewhere.
 */
export function refuseLinks(folder: string): void {
  for (const entry of onDisk(folder, () => readdirSync(folder, { withFileTypes: true }), 'read'))
    if (!entry.isFile() && !entry.isDirectory())
      throw personError(`${path.join(folder, entry.name)} is a link or a device`, {
        hint: 'a run is gone on with in a folder of its own files: put the file itself in its place',
        exit: exitCode.storage,
      });
}
