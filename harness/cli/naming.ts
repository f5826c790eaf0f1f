/**
 * Who named the targets. What a person names today may be sent that person's keys, and may start servers. A run folder may
 * come from anybody: the addresses, files and commands that it alone leads to are proposals, and get nothing of the kind
 * until the person repeats them.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { personError } from '../errors.ts';
import { hostOf } from '../plan/order.ts';
import type { Target } from '../types.ts';
import { defaultTargets } from './prepare.ts';
import { safeLine } from './terminal.ts';

export interface Naming {
  /** `person`: on the command line, or in the targets file of the folder they stand in. `folder`: nowhere but in the run. */
  readonly by: 'person' | 'folder';
  /** The words that name the targets, for a shell, as seen from where the person stands; none where the default does. */
  readonly words: readonly string[];
}

export const namedByPerson: Naming = { by: 'person', words: [] };

/** Words of a command line, or of the command line that a manifest keeps. */
export interface NamingWords {
  readonly targetsFile?: string | null;
  readonly targetFlags?: readonly string[];
}

/** What a person names on the command line of today. */
export function namedToday({ targetsFile = null, targetFlags = [] }: NamingWords): Naming {
  const flags = targetFlags.flatMap((flag) => ['--target', quoted(flag)]);
  return {
    by: 'person',
    words: flags.length > 0 || targetsFile === null ? flags : ['-c', quoted(targetsFile)],
  };
}

/**
 * What the words in a run folder name, where today's name nothing. `home`: where the words were given, as the folder says.
 * Must be asked before the process goes there.
 */
export function namedInFolder(
  folder: string,
  { targetsFile, targetFlags = [] }: NamingWords,
  home: string,
): Naming {
  if (targetFlags.length > 0) return { ...namedToday({ targetFlags }), by: 'folder' };
  const file = path.resolve(home, targetsFile ?? defaultTargets);
  return isOwnDefault(file, folder)
    ? namedByPerson
    : { ...namedToday({ targetsFile: path.relative(process.cwd(), file) }), by: 'folder' };
}

/** The file that `visavis eval` would read here without another word. One that came within the run is nobody's own. */
function isOwnDefault(file: string, folder: string): boolean {
  try {
    const real = realpathSync(file);
    return real === realpathSync(defaultTargets) && !real.startsWith(realpathSync(folder) + path.sep);
  } catch {
    return false;
  }
}

/**
 * Throws (exit 3) for the first target that would be given something on the word of a run folder alone: a key, a command
 * to run here, or the way to addresses that are closed. Nothing was sent or started yet.
 */
export function refuseUnnamed(targets: readonly Target[], { by, words }: Naming): void {
  if (by === 'person') return;
  for (const target of targets) {
    const given = givenTo(target);
    if (given === null) continue;
    throw personError(`target ${target.id}: only the run folder names ${originOf(target)}, and ${given}`, {
      hint: `if that is what you want, name it yourself: add ${words.join(' ')}`,
    });
  }
}

function givenTo({ apiKeyEnv, apiKeyFile, launch, allowLinkLocal }: Target): string | null {
  if (apiKeyEnv !== null) return `it would be sent the key in ${apiKeyEnv}`;
  if (apiKeyFile != null) return `it would be sent the key in ${path.basename(apiKeyFile)}`;
  if (launch !== null) return `its server would be started here: ${safeLine(launch.command.join(' '), 200)}`;
  return allowLinkLocal === true ? 'it would be let to link-local addresses' : null;
}

const originOf = ({ baseUrl }: Target): string => (baseUrl === null ? 'it' : new URL(baseUrl).origin);

/** Addresses beyond this machine that only the run folder names: nothing secret goes there, but the questions do. */
export function unnamedOrigins(targets: readonly Target[], { by }: Naming): string[] {
  return by === 'person'
    ? []
    : targets.flatMap((target) =>
        target.baseUrl === null || hostOf(target) === 'loopback'
          ? []
          : [`target ${target.id} is asked at ${originOf(target)}: only the run folder names that address`],
      );
}

/** What a person types to go on. The targets are named again where that will be asked for. */
export function resumeCommand(folder: string, targets: readonly Target[], { words }: Naming): string {
  const again = targets.some((target) => givenTo(target) !== null) ? words : [];
  return ['visavis eval --resume', folder, ...again].join(' ');
}

/** One word of a shell's: whatever stands in it does nothing when it is typed. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-][\w./:=@%+,#-]*$/u.test(word)
    ? word
    : `'${safeLine(word, 2000).replaceAll("'", String.raw`'\''`)}'`;
}
