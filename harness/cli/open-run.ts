/** A run folder ready to be written: a new one, or an old one to go on with. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { formatProblem, personError } from '../errors.ts';
import { planRecord } from '../plan/expand.ts';
import { ownPart, shardSuffix } from '../plan/shard.ts';
import { takeLock, type Lock } from '../record/lock.ts';
import { kinds } from '../record/kind.ts';
import { format, readManifest, writeManifest } from '../record/manifest.ts';
import { hashFile, hashLines, hashPlan, keepPlan, keysOf, sealedLines } from '../record/plan-file.ts';
import { observationOf } from '../record/reading.ts';
import { findDamage } from '../record/repair.ts';
import { replaceFile, sweepDrafts } from '../record/replace-file.ts';
import { createRunFolder, files, refuseLinks } from '../record/run-folder.ts';
import type { JsonObject, Manifest, Plan, Sample, SpeedPlan, SpeedRequest } from '../types.ts';
import { recordOf } from './endpoints.ts';
import { describeEnvironment } from './environment.ts';
import { seenFrom } from './home.ts';
import { tallyCells, type OpenCells } from './open-cells.ts';
import { tallyRequests } from './open-requests.ts';
import type { Invocation, Prepared } from './prepare.ts';
import { version } from './version.ts';

export interface OpenRun extends OpenCells {
  readonly folder: string;
  readonly lock: Lock;
  readonly manifest: Manifest;
  /** Requests of the speed phase in blocks that are not measured yet. */
  readonly speedOpen: readonly SpeedRequest[];
  /** Concurrencies whose noise floor is on record. */
  readonly floorsKnown: readonly number[];
  /** What a resume found, in words. */
  readonly remarks: readonly string[];
}

export function createRun(reports: string, prepared: Prepared, invocation: Invocation): OpenRun {
  const now = new Date();
  const shard = invocation.shard ?? null;
  const folder = createRunFolder(reports, now, shard === null ? null : shardSuffix(shard));
  const lock = takeLock(folder, { now: now.toISOString() });
  try {
    const own = ownPart(prepared, shard);
    const plan = path.join(folder, files.plan);
    replaceFile(plan, planLines(prepared.plan));
    if (prepared.speedPlan !== null) writeSpeedPlan(folder, prepared.speedPlan);
    const manifest: Manifest = {
      format,
      run: path.basename(folder),
      tool: version,
      createdAt: now.toISOString(),
      planHash: hashFile(plan),
      earlierPlans: [],
      seed: invocation.seed,
      ...describePrepared(prepared),
      environment: describeEnvironment(),
      invocation: placed(invocation, folder),
      repairs: [],
      legs: [],
      ...(shard === null ? {} : { shard }),
    };
    writeManifest(folder, manifest);
    return {
      folder,
      lock,
      manifest,
      open: own.cells,
      attemptsBefore: new Map(),
      speedOpen: own.requests,
      floorsKnown: [],
      cutBefore: new Set(),
      remarks: [],
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function placed(invocation: Invocation, folder: string): JsonObject {
  return { ...invocation, from: seenFrom(folder) } as unknown as JsonObject;
}

/** The bytes of `plan.jsonl`. */
export function* planLines({ cells }: Plan): Generator<Buffer> {
  for (const cell of cells) yield* sealedLines([planRecord(cell)]);
}

/** The bytes of `speed-plan.jsonl`. */
export function speedPlanLines({ requests }: Pick<SpeedPlan, 'requests'>): Iterable<Buffer> {
  return sealedLines(requests.map((request) => ({ v: 1, ...request })));
}

/** Where it lies there already, it is left alone. */
function writeSpeedPlan(folder: string, plan: SpeedPlan): void {
  const file = path.join(folder, files.speedPlan);
  if (existsSync(file) && hashFile(file) === hashLines(speedPlanLines(plan))) return;
  replaceFile(file, speedPlanLines(plan));
}

function describePrepared({
  suites,
  targets,
  warnings,
  speedPlan,
  gates,
}: Prepared): Pick<
  Manifest,
  'baseline' | 'maxErrorRate' | 'suites' | 'targets' | 'warnings' | 'objectives' | 'gates'
> {
  return {
    gates,
    objectives: speedPlan?.objectives ?? null,
    baseline: targets.baseline,
    maxErrorRate: targets.maxErrorRate,
    suites: suites.map(({ name, file, sha256, description, languages }) => ({
      name,
      file,
      sha256,
      description,
      languages,
    })),
    targets: targets.targets.map(recordOf),
    warnings: warnings.map(formatProblem),
  };
}

export interface Reopening {
  readonly prepared: Prepared;
  readonly invocation: Invocation;
  readonly retryErrors: boolean;
  /** Take the folder over from an owner that is silent. */
  readonly forceUnlock: boolean;
}

/**
 * Opens a run to go on with: takes the lock, mends the journals, compares its plan with the suites of today. Nothing is
 * held but the plan and what it lacks: records are read once, one at a time.
 */
export function reopenRun(
  folder: string,
  { prepared, invocation, retryErrors, forceUnlock }: Reopening,
): OpenRun {
  const lock = takeLock(folder, { now: new Date().toISOString(), force: forceUnlock });
  try {
    refuseLinks(folder);
    sweepDrafts(folder, Date.now());
    const before = readManifest(folder);
    refuseOtherClients(before, invocation);
    const planFound = hashPlan(folder, before);
    const own = ownPart(prepared, before.shard ?? null);
    const cells = tallyCells(own.cells);
    const requests = tallyRequests(own.requests);
    const floorsKnown: number[] = [];
    const damage = [
      findDamage(
        folder,
        files.samples,
        (record) => {
          const sample = record as unknown as Sample;
          cells.take(sample);
          requests.take(sample);
        },
        kinds.samples,
      ),
      findDamage(
        folder,
        files.readings,
        (record) => {
          const line = observationOf(record);
          if (line?.kind === 'block') requests.takeBlock(line);
          else if (line?.kind === 'floor') floorsKnown.push(line.concurrency);
        },
        kinds.readings,
      ),
    ];
    // Damage in the middle stays where it is and is met again each time; it is told once.
    const repairs = damage
      .flatMap((found) => found.repairs)
      .filter((repair) => !before.repairs.includes(repair));
    const manifest = {
      ...manifestOfToday(before, { prepared, invocation, repairs, planFound }),
      invocation: placed(invocation, folder),
    };
    const isChanged = manifest.planHash !== planFound;
    const remarks = [
      ...(lock.tookOver === null ? [] : [lock.tookOver]),
      ...(isChanged ? [describeChange(keysOf(folder), prepared.plan)] : []),
      ...describeMoves(before, manifest),
      ...repairs,
    ];
    if (isChanged) keepPlan(folder, planFound);
    // The manifest first: a plan it does not name yet would make the folder unreadable, an old one it lists does not.
    if (JSON.stringify(manifest) !== JSON.stringify(before)) writeManifest(folder, manifest);
    for (const found of damage) found.mend();
    if (isChanged) replaceFile(path.join(folder, files.plan), planLines(prepared.plan));
    if (prepared.speedPlan !== null) writeSpeedPlan(folder, prepared.speedPlan);
    return {
      folder,
      lock,
      manifest,
      remarks,
      ...cells.open({ retryErrors }),
      speedOpen: requests.open(),
      floorsKnown,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What was measured under one load is no part of another. */
function refuseOtherClients(before: Manifest, invocation: Invocation): void {
  if (!before.legs.some(({ phase, sent }) => phase === 'speed' && sent > 0)) return;
  const held = before.invocation['clients'];
  const [then, now] = [typeof held === 'number' ? held : null, invocation.clients ?? null];
  if (then === now) return;
  const from = (clients: number | null): string =>
    clients === null ? 'one process' : `${clients} ${clients === 1 ? 'client' : 'clients'}`;
  throw personError(
    `the speed phase of ${before.run} was begun with load from ${from(then)}, and load from ${from(now)} is another`,
    { hint: 'leave --clients out to go on with it, or start another run' },
  );
}

interface Today {
  readonly prepared: Prepared;
  readonly invocation: Invocation;
  readonly repairs: readonly string[];
  /** Of the plan that lies in the folder. */
  readonly planFound: string;
}

/** What is asked, whom and how from here on; what servers said of themselves stays until they are looked at again. */
function manifestOfToday(before: Manifest, { prepared, invocation, repairs, planFound }: Today): Manifest {
  const planHash = hashLines(planLines(prepared.plan));
  const described = describePrepared(prepared);
  const factsOf = new Map(before.targets.map((target) => [target.id, target.facts]));
  return {
    ...before,
    ...described,
    warnings: [...new Set([...described.warnings, ...before.warnings])],
    targets: described.targets.map((target) => ({ ...target, facts: factsOf.get(target.id) ?? null })),
    planHash,
    earlierPlans: [...new Set([...before.earlierPlans, before.planHash, planFound])].filter(
      (hash) => hash !== planHash,
    ),
    seed: invocation.seed,
    repairs: [...before.repairs, ...repairs],
  };
}

/** Targets that are asked elsewhere than before: a key of a cell knows no address. */
function describeMoves(before: Manifest, now: Manifest): string[] {
  return now.targets.flatMap((target) => {
    const old = before.targets.find((one) => one.id === target.id);
    return old === undefined || old.endpoint === target.endpoint
      ? []
      : [
          `target ${target.id} is asked at ${target.endpoint} now; its earlier answers came from ${old.endpoint}`,
        ];
  });
}

function describeChange(before: ReadonlySet<string>, { cells }: Plan): string {
  const kept = cells.filter((cell) => before.has(cell.key)).length;
  return `the suites or targets changed since this run began: ${cells.length - kept} new, ${before.size - kept} orphaned, ${kept} kept`;
}

/** What an earlier start of this run was asked to do. */
export function invocationOf(folder: string): Invocation {
  const { invocation } = readManifest(folder);
  if (typeof invocation !== 'object' || !Array.isArray(invocation['suites']))
    throw personError(`${folder} does not say how it was started`);
  return invocation as unknown as Invocation;
}
