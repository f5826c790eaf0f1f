/** A run folder ready to be written: a new one, or an old one to go on with. */
import { hostname } from 'node:os';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { personError } from '../errors.ts';
import { planRecord } from '../plan/expand.ts';
import { takeLock, type Lock } from '../record/lock.ts';
import { format, readManifest, writeManifest } from '../record/manifest.ts';
import { hashFile, hashLines, sealedLines } from '../record/plan-file.ts';
import { recall } from '../record/recall.ts';
import { repairJournal } from '../record/repair.ts';
import { replaceFile } from '../record/replace-file.ts';
import { createRunFolder, files } from '../record/run-folder.ts';
import type {
  MachineState,
  Phase,
  BlockReading,
  Cell,
  JsonObject,
  Leg,
  Manifest,
  Plan,
  Sample,
  SpeedPlan,
  SpeedRequest,
} from '../types.ts';
import { formatProblem } from '../errors.ts';
import { recordOf } from './endpoints.ts';
import { describeEnvironment } from './environment.ts';
import { seenFrom } from './home.ts';
import type { Invocation, Prepared } from './prepare.ts';
import { version } from './version.ts';

export interface OpenRun {
  readonly folder: string;
  readonly lock: Lock;
  readonly manifest: Manifest;
  /** Cells without an answer that may still get one. */
  readonly open: readonly Cell[];
  readonly attemptsBefore: ReadonlyMap<string, number>;
  /** Requests of the speed phase in blocks that are not measured yet. */
  readonly speedOpen: readonly SpeedRequest[];
  /** Concurrencies whose noise floor is on record. */
  readonly floorsKnown: readonly number[];
  /** Keys of cells with an attempt that failed after some of its answer had come. */
  readonly cutBefore: ReadonlySet<string>;
  /** What a resume found, in words. */
  readonly remarks: readonly string[];
}

export function createRun(reports: string, prepared: Prepared, invocation: Invocation): OpenRun {
  const now = new Date();
  const folder = createRunFolder(reports, now);
  const lock = takeLock(folder, now.toISOString());
  try {
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
    };
    writeManifest(folder, manifest);
    return {
      folder,
      lock,
      manifest,
      open: prepared.plan.cells,
      attemptsBefore: new Map(),
      speedOpen: prepared.speedPlan?.requests ?? [],
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

function* planLines({ cells }: Plan): Generator<Buffer> {
  for (const cell of cells) yield* sealedLines([planRecord(cell)]);
}

function writeSpeedPlan(folder: string, { requests }: SpeedPlan): void {
  const records = requests.map((request) => ({ v: 1, ...request }));
  replaceFile(path.join(folder, files.speedPlan), sealedLines(records));
}

function describePrepared({
  suites,
  targets,
  warnings,
  speedPlan,
}: Prepared): Pick<Manifest, 'baseline' | 'maxErrorRate' | 'suites' | 'targets' | 'warnings' | 'objectives'> {
  return {
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

/** Opens a run to go on with: takes the lock, mends the journals, compares its plan with the suites of today. */
export function reopenRun(
  folder: string,
  prepared: Prepared,
  invocation: Invocation,
  retryErrors: boolean,
): OpenRun {
  const lock = takeLock(folder, new Date().toISOString());
  try {
    const repairs = [files.samples, files.readings].flatMap((name) => repairJournal(folder, name));
    const before = readManifest(folder);
    const found = recall(folder);
    const manifest = {
      ...manifestOfToday(before, { prepared, invocation, repairs, planFound: found.planHash }),
      invocation: placed(invocation, folder),
    };
    const remarks = [
      ...(lock.tookOver === null ? [] : [lock.tookOver]),
      ...(manifest.planHash === found.planHash ? [] : [describeChange(found.plan, prepared.plan)]),
      ...describeMoves(before, manifest),
      ...repairs,
    ];
    const plan = path.join(folder, files.plan);
    if (manifest.planHash !== found.planHash)
      copyFileSync(plan, path.join(folder, `plan.${found.planHash.slice(0, 8)}.jsonl`));
    // The manifest first: a plan it does not name yet would make the folder unreadable, an old one it lists does not.
    if (JSON.stringify(manifest) !== JSON.stringify(before)) writeManifest(folder, manifest);
    if (manifest.planHash !== found.planHash) replaceFile(plan, planLines(prepared.plan));
    if (prepared.speedPlan !== null) writeSpeedPlan(folder, prepared.speedPlan);
    const asked = found.samples.filter((sample) => sample.phase === 'quality');
    return {
      folder,
      lock,
      manifest,
      remarks,
      ...openCells(prepared.plan, asked, retryErrors),
      speedOpen: openRequests(prepared.speedPlan, found.load?.blocks ?? []),
      floorsKnown: (found.load?.floors ?? []).map((floor) => floor.concurrency),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
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

/** A cell is open while no record of it is answered and its last failure was not final. */
function openCells(
  plan: Plan,
  samples: readonly Sample[],
  retryErrors: boolean,
): Pick<OpenRun, 'open' | 'attemptsBefore' | 'cutBefore'> {
  const attemptsBefore = new Map<string, number>();
  const cutBefore = new Set<string>();
  const closed = new Set<string>();
  const last = new Map<string, Sample>();
  for (const sample of samples) {
    attemptsBefore.set(sample.cell, Math.max(attemptsBefore.get(sample.cell) ?? 0, sample.attempt));
    if (sample.outcome.kind === 'answered') closed.add(sample.cell);
    else if (sample.chunks > 0) cutBefore.add(sample.cell);
    last.set(sample.cell, sample);
  }
  const open = plan.cells.filter((cell) => {
    if (closed.has(cell.key)) return false;
    const outcome = last.get(cell.key)?.outcome;
    return outcome?.kind !== 'failed' || retryErrors || outcome.failure.remedy !== 'final';
  });
  return { open, attemptsBefore, cutBefore };
}

/** A block is measured as a whole or not at all: one without its own record is asked again. */
function openRequests(plan: SpeedPlan | null, blocks: readonly BlockReading[]): readonly SpeedRequest[] {
  const measured = new Set(blocks.map((block) => `${block.block} ${block.target} ${block.level}`));
  return (plan?.requests ?? []).filter(
    (request) => !measured.has(`${request.block} ${request.target} ${request.level}`),
  );
}

function describeChange(old: Plan, now: Plan): string {
  const before = new Set(old.cells.map((cell) => cell.key));
  const after = new Set(now.cells.map((cell) => cell.key));
  const fresh = now.cells.filter((cell) => !before.has(cell.key)).length;
  const orphaned = old.cells.filter((cell) => !after.has(cell.key)).length;
  return `the suites or targets changed since this run began: ${fresh} new cells, ${orphaned} orphaned, ${after.size - fresh} kept`;
}

/** `before`: the machine as it was before anything was started. */
export function startLeg(manifest: Manifest, phase: Phase, before: MachineState): Leg {
  return {
    id: `leg-${manifest.legs.length + 1}`,
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    endedAt: null,
    end: null,
    exitCode: null,
    sent: 0,
    phase,
    machine: { before, after: null },
  };
}

/** What an earlier start of this run was asked to do. */
export function invocationOf(folder: string): Invocation {
  const { invocation } = readManifest(folder);
  if (typeof invocation !== 'object' || !Array.isArray(invocation['suites']))
    throw personError(`${folder} does not say how it was started`);
  return invocation as unknown as Invocation;
}
