/** What a command line asks for, filled up with what the run that is gone on with was asked for. */
import path from 'node:path';
import { personError } from '../errors.ts';
import { describeShard } from '../plan/shard.ts';
import { isGateFile } from './gates.ts';
import { homeOf } from './home.ts';
import { namedInFolder, namedToday, type Naming } from './naming.ts';
import { invocationOf } from './open-run.ts';
import { defaultTargets, type Invocation } from './prepare.ts';

/** Fixed, so that the same suites give the same order everywhere unless a person says otherwise. */
const defaultSeed = 42;

/** The words that decide the plan. */
export interface Words extends Omit<Invocation, 'seed' | 'from'> {
  readonly seed: number | null;
}

export interface Understood {
  /** The folder of the run that is gone on with; null: a new run. */
  readonly resumed: string | null;
  readonly invocation: Invocation;
  /** The place was changed to the one in which the run was started. */
  readonly moved: boolean;
  /** Who says whom to ask. */
  readonly naming: Naming;
}

/**
 * Goes to the place where the run that is gone on with was started: its suites and targets are found there, and mean the
 * same there. What was given today keeps its meaning.
 */
export function understand(words: Words, folder: string | null): Understood {
  if (folder === null)
    return { resumed: null, invocation: filled(words, null), moved: false, naming: namedToday(words) };
  const before = invocationOf(folder);
  refuseOtherShard(folder, words, before);
  const home = homeOf(folder, before, [
    ...(words.suites.length > 0 ? [] : before.suites),
    ...(isNamed(words) || before.targetsFile == null ? [] : [before.targetsFile]),
  ]);
  const naming = isNamed(words) ? namedToday(words) : namedInFolder(folder, before, home);
  if (home === process.cwd())
    return { resumed: folder, invocation: filled(words, before), moved: false, naming };
  const resumed = path.resolve(folder);
  const here = {
    ...words,
    suites: words.suites.map((file) => path.resolve(file)),
    targetsFile: words.targetsFile === null ? null : path.resolve(words.targetsFile),
    gates: (words.gates ?? []).map((gate) => (isGateFile(gate) ? path.resolve(gate) : gate)),
    earlier: words.earlier == null ? null : path.resolve(words.earlier),
  };
  process.chdir(home);
  return { resumed, invocation: filled(here, before), moved: true, naming };
}

/** What a shard has asked so far is of no use to another one. */
function refuseOtherShard(folder: string, { shard = null }: Words, before: Invocation): void {
  const own = before.shard ?? null;
  if (shard === null || (own?.index === shard.index && own.of === shard.of)) return;
  throw personError(
    `${folder} ${own === null ? 'is no shard' : `is ${describeShard(own)}`}, and --shard ${shard.index}/${shard.of} asks for another`,
    { hint: 'leave --shard out: a run that is gone on with keeps its part of the plan' },
  );
}

const isNamed = ({ targetsFile, targetFlags }: Words): boolean =>
  targetsFile !== null || targetFlags.length > 0;

function filled(words: Words, before: Invocation | null): Invocation {
  const named = isNamed(words);
  const clients = words.clients ?? before?.clients ?? null;
  const gates = (words.gates ?? []).map((gate) => (isGateFile(gate) ? fromHere(gate) : gate));
  return {
    suites: words.suites.length > 0 ? words.suites.map(fromHere) : (before?.suites ?? ['suites']),
    targetsFile: named
      ? words.targetsFile && fromHere(words.targetsFile)
      : (before?.targetsFile ?? (before === null ? defaultTargets : null)),
    targetFlags: named ? words.targetFlags : (before?.targetFlags ?? []),
    concurrency: words.concurrency ?? before?.concurrency ?? null,
    repeat: words.repeat ?? before?.repeat ?? null,
    languages: words.languages ?? before?.languages ?? null,
    filterTests: words.filterTests ?? before?.filterTests ?? null,
    limit: words.limit ?? before?.limit ?? null,
    seed: words.seed ?? before?.seed ?? defaultSeed,
    speed: words.speed === true || before?.speed === true,
    ...(clients === null ? {} : { clients }),
    aa: words.aa === true || before?.aa === true,
    shard: before === null ? (words.shard ?? null) : (before.shard ?? null),
    gates: gates.length > 0 ? gates : (before?.gates ?? []),
    earlier: words.earlier == null ? (before?.earlier ?? null) : fromHere(words.earlier),
  };
}

/** Run folders travel: paths in them are relative to where the command was given. */
function fromHere(file: string): string {
  return path.isAbsolute(file) ? path.relative(process.cwd(), file) || '.' : file;
}
