/**
 * The runs that are put together. They may come from anywhere: everything in them is checked before it is used, nothing
 * in them is changed, and no name that stands in them is ever a path.
 */
import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { compareText } from '../../aggregate/effective.ts';
import { exitCode, personError } from '../../errors.ts';
import { describeShard } from '../../plan/shard.ts';
import { holderOf } from '../../record/lock.ts';
import { readManifest } from '../../record/manifest.ts';
import { hashFile } from '../../record/plan-file.ts';
import { kinds } from '../../record/kind.ts';
import { readLines } from '../../record/read-lines.ts';
import { describeDamaged, readTruth } from '../../record/read-truth.ts';
import { files } from '../../record/run-folder.ts';
import type { Cell, Manifest, RunPart, SpeedRequest } from '../../types.ts';
import { safeLine } from '../terminal.ts';

export interface Source {
  /** As the person named it. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** What it is, or what was put together in it. */
  readonly parts: readonly RunPart[];
  /** For people: `shard 2 of 4 (<run>)`. */
  readonly name: string;
  /** Of `speed-plan.jsonl`; null: there is no speed phase. */
  readonly speedPlanHash: string | null;
}

/** In order; the first one decides where they differ in what does not matter. */
export type Sources = readonly [Source, ...Source[]];

/** Opens all of them, in an order that does not depend on the arguments. Throws a `PersonError` for what cannot be. */
export function openSources(folders: readonly string[]): Sources {
  const distinct = [...new Map(folders.map((folder) => [realpathSync(folder), folder])).values()];
  for (const folder of distinct) refuseHeld(folder);
  refuseOtherFormats(distinct);
  const sources = distinct.map(openSource).toSorted(compareSources);
  const [first, ...others] = sources;
  if (first === undefined) throw personError('there is nothing to merge');
  for (const other of others) {
    refuseOtherPlan(first, other);
    refuseOtherStart(sources, other);
  }
  return [first, ...others];
}

/** Its records may still grow, and its last line may be half written. */
function refuseHeld(folder: string): void {
  const holder = holderOf(folder);
  if (holder === null) return;
  throw personError(`${folder} is in use by ${safeLine(holder)}`, {
    hint: 'wait for it to end, or stop it',
    exit: exitCode.locked,
  });
}

function refuseOtherFormats(folders: readonly string[]): void {
  const formats = folders.map((folder) => ({ folder, format: formatOf(folder) }));
  const [first] = formats;
  const other = formats.find(({ format }) => format !== first?.format);
  if (first === undefined || other === undefined) return;
  throw refused(
    `${first.folder} has format ${safeLine(first.format, 20)}, ${other.folder} has format ${safeLine(other.format, 20)}`,
    'shards of one run are made by one version of visavis',
  );
}

function formatOf(folder: string): string {
  try {
    const { format } = JSON.parse(readFileSync(regular(folder, files.manifest), 'utf8')) as {
      format: unknown;
    };
    return String(format);
  } catch (error) {
    // What is wrong with it is said where it is read.
    if (error instanceof SyntaxError || error instanceof TypeError) return 'unknown';
    throw error;
  }
}

function openSource(folder: string): Source {
  const manifest = readManifest(folder);
  const { run, shard = null, createdAt } = manifest;
  const found = hashFile(regular(folder, files.plan));
  if (found !== manifest.planHash) throw damagedPlan(folder, manifest, found);
  const parts = manifest.parts ?? [{ run, shard, createdAt }];
  const name = shard === null ? safeLine(run, 80) : `${describeShard(shard)} (${safeLine(run, 80)})`;
  const speedPlan = manifest.objectives === undefined || manifest.objectives === null;
  return {
    folder,
    manifest,
    parts: parts.toSorted(compareParts),
    name,
    speedPlanHash: speedPlan ? null : hashFile(regular(folder, files.speedPlan)),
  };
}

function damagedPlan(folder: string, manifest: Manifest, found: string): Error {
  const file = path.join(folder, files.plan);
  return manifest.earlierPlans.includes(found)
    ? refused(`${file} is the one before its last change`, 'finish that run with --resume, then merge')
    : personError(`${file} is damaged: it is not the plan that ${files.manifest} names`, {
        hint: `the shards of one run have the same plan: copy ${files.plan} from another one`,
        exit: exitCode.storage,
      });
}

/** A file of the folder that is one: no link to elsewhere, no pipe that never ends. */
function regular(folder: string, name: string): string {
  const file = path.join(folder, name);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return file;
  throw personError(`${file} is ${stat === undefined ? 'not there' : 'not a regular file'}`, {
    hint: 'is this a whole run folder?',
    exit: exitCode.storage,
  });
}

/** The same, where the file may be missing: a shard that was stopped early has no answers. */
export function journalOf(folder: string, name: string): string | null {
  return lstatSync(path.join(folder, name), { throwIfNoEntry: false }) === undefined
    ? null
    : regular(folder, name);
}

function refuseOtherPlan(first: Source, other: Source): void {
  const [a, b] = [first.manifest, other.manifest];
  if (a.planHash !== b.planHash)
    throw refused(
      `${first.folder} and ${other.folder} have different plans (${a.planHash.slice(0, 12)}, ${b.planHash.slice(0, 12)})`,
      'merge takes the shards of one run: the same suites, targets and options in each',
    );
  if (first.speedPlanHash !== other.speedPlanHash)
    throw refused(
      `${first.folder} and ${other.folder} have different speed phases`,
      'start every shard with the same --speed and --seed',
    );
}

/** Two runs that were not made as shards may name their starts alike: their records could not be told apart. */
function refuseOtherStart(sources: readonly Source[], other: Source): void {
  for (const source of sources) {
    if (source === other) return;
    for (const leg of source.manifest.legs) {
      const twin = other.manifest.legs.find(({ id }) => id === leg.id);
      if (twin === undefined || (twin.startedAt === leg.startedAt && twin.pid === leg.pid)) continue;
      throw refused(
        `${source.folder} and ${other.folder} are two runs of the whole plan, not parts of one`,
        'compare them with visavis compare, or start the parts with --shard',
      );
    }
  }
}

export const refused = (message: string, hint: string): Error =>
  personError(message, { hint, exit: exitCode.incomplete });

function compareSources(a: Source, b: Source): number {
  const [first, second] = [a.parts[0], b.parts[0]];
  return (
    (first !== undefined && second !== undefined ? compareParts(first, second) : 0) ||
    compareText(a.manifest.run, b.manifest.run)
  );
}

export function compareParts(a: RunPart, b: RunPart): number {
  return (
    (a.shard?.of ?? 0) - (b.shard?.of ?? 0) ||
    (a.shard?.index ?? 0) - (b.shard?.index ?? 0) ||
    compareText(a.createdAt, b.createdAt) ||
    compareText(a.run, b.run)
  );
}

/** The cells of the plan that all of them have. Throws where a line is not one, or two have one key. */
export function readCells({ folder }: Source): Cell[] {
  const cells: Cell[] = [];
  readTruth(folder, kinds.plan, (record) => {
    const { v: _v, cell, ...fields } = record as unknown as Omit<Cell, 'key'> & { v: number; cell: string };
    cells.push({ key: cell, ...fields });
  });
  if (new Set(cells.map(({ key }) => key)).size < cells.length)
    throw personError(`${path.join(folder, files.plan)} is not a plan`, {
      hint: 'two of its cells have one key',
      exit: exitCode.storage,
    });
  return cells;
}

/** The requests of the speed phase that all of them have, in sending order; none where there is no such phase. */
export function readSpeedRequests({ folder, speedPlanHash }: Source): SpeedRequest[] {
  if (speedPlanHash === null) return [];
  const requests: SpeedRequest[] = [];
  readTruth(folder, kinds.speedPlan, (record) => {
    const { v: _v, ...request } = record as unknown as SpeedRequest & { v: number };
    requests.push(request);
  });
  return requests;
}

/** The copy of the run that this one is compared with; null: it is compared with none. Throws where it is not one. */
export function earlierFile({ folder, manifest }: Source): string | null {
  if ((manifest.earlier ?? null) === null) return null;
  const file = regular(folder, files.earlier);
  const {
    damaged: [first],
    tail,
  } = readLines(file, () => {}, kinds.earlier);
  if (first === undefined && tail.length === 0) return file;
  const what = first === undefined ? '' : `: line ${first.number} ${describeDamaged(first)}`;
  throw personError(`${file} is not the copy of a run${what}`, {
    hint: 'take the copy from another shard of the run',
    exit: exitCode.storage,
  });
}

/** Keys of the plans that a run had before its suites were edited: answers to them are kept where they are. */
export function earlierKeys({ folder, manifest }: Source): Set<string> {
  const keys = new Set<string>();
  for (const name of readdirSync(folder)) {
    if (!/^plan\.[0-9a-f]{8}\.jsonl$/u.test(name)) continue;
    const file = regular(folder, name);
    if (!manifest.earlierPlans.includes(hashFile(file))) continue;
    readLines(file, (record) => typeof record['cell'] === 'string' && keys.add(record['cell']));
  }
  return keys;
}
