/**
 * Where the words of a run mean what they meant. Paths in an invocation are relative to the place where it was given;
 * that place is kept as seen from the run folder, so a project that moves with its reports is still found.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { personError } from '../errors.ts';
import type { Invocation } from './prepare.ts';

/** The working directory, as seen from a run folder. */
export function seenFrom(folder: string): string {
  return path.relative(realpathSync(folder), process.cwd()).split(path.sep).join('/');
}

/**
 * The folder in which all of `needed` lie: the one where the run was started, else the working directory. Throws with
 * both when it is neither.
 */
export function homeOf(folder: string, before: Invocation, needed: readonly string[]): string {
  const here = process.cwd();
  if (needed.length === 0) return here;
  const places = [
    ...new Set(before.from === undefined ? [here] : [path.resolve(realpathSync(folder), before.from), here]),
  ];
  const home = places.find((place) => needed.every((file) => existsSync(path.resolve(place, file))));
  if (home !== undefined) return home;
  const missing = needed.filter((file) => places.every((place) => !existsSync(path.resolve(place, file))));
  throw personError(
    `what ${folder} asked is not there any more: ${(missing.length > 0 ? missing : needed).join(', ')}, looked for in ${places.join(' and ')}`,
    {
      hint: 'resume where these files are, or name them again: visavis eval <suite> -c <targets> --resume <run>',
    },
  );
}
