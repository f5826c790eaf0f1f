/** Reads a run folder back, for scoring again, reporting and resuming. Repairs nothing: a torn tail is named and skipped. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type {
  BlockReading,
  Cell,
  Finding,
  FloorReading,
  LoadRecord,
  Manifest,
  Plan,
  Reading,
  Sample,
  SpeedPlan,
  SpeedRequest,
} from '../types.ts';
import { readManifest } from './manifest.ts';
import { damagedTruth, hashPlan } from './plan-file.ts';
import { readLines } from './read-lines.ts';
import { observationOf } from './reading.ts';
import { sampleOf } from './sample.ts';
import { files } from './run-folder.ts';

export interface Recalled {
  readonly manifest: Manifest;
  readonly plan: Plan;
  /** Of the plan that lies in the folder: the manifest's, or an earlier one where its replacement was cut short. */
  readonly planHash: string;
  readonly samples: readonly Sample[];
  readonly readings: readonly Reading[];
  /** null: no speed phase. */
  readonly load: LoadRecord | null;
  /** What had to be skipped, in words. */
  readonly damage: readonly string[];
}

/** The truth of a run. Throws (exit 5) when the plan is not the one the manifest names: nothing is guessed. */
export function recall(folder: string): Recalled {
  const manifest = readManifest(folder);
  const damage: string[] = [];
  const { plan, planHash } = readPlan(folder, manifest);
  if (planHash !== manifest.planHash)
    damage.push(`${files.plan} is the one before the last change; resume to go on with it`);
  const samples: Sample[] = [];
  const readings: Reading[] = [];
  const blocks: BlockReading[] = [];
  const floors: FloorReading[] = [];
  const note = (name: string, found: ReturnType<typeof readLines>): void => {
    for (const { offset } of found.damaged) damage.push(`${name}: damaged line at byte ${offset} skipped`);
    if (found.tail.length > 0) damage.push(`${name}: unfinished last line skipped`);
  };
  note(
    files.samples,
    readLines(path.join(folder, files.samples), (record) => samples.push(sampleOf(record))),
  );
  note(
    files.readings,
    readLines(path.join(folder, files.readings), (record) => {
      const line = observationOf(record);
      if (line.kind === 'block') blocks.push(line);
      else if (line.kind === 'floor') floors.push(line);
      else readings.push(line);
    }),
  );
  const loadPlan = readSpeedPlan(folder, manifest);
  const load = loadPlan === null ? null : { plan: loadPlan, blocks, floors };
  return { manifest, plan, planHash, samples, readings, load, damage };
}

function readSpeedPlan(folder: string, manifest: Manifest): SpeedPlan | null {
  const file = path.join(folder, files.speedPlan);
  if (manifest.objectives === undefined || manifest.objectives === null || !existsSync(file)) return null;
  const requests: SpeedRequest[] = [];
  const { damaged, tail } = readLines(file, (record) => {
    const { v: _v, ...request } = record as unknown as SpeedRequest & { v: number };
    requests.push(request);
  });
  if (damaged.length > 0 || tail.length > 0) throw damagedTruth(`${file} is damaged`);
  return { requests, objectives: manifest.objectives };
}

/** What was last thought of a run. Throws (exit 5) when the file is damaged: it is made again by scoring again. */
export function recallFindings(folder: string): readonly Finding[] {
  const file = path.join(folder, files.findings);
  const findings: Finding[] = [];
  const { damaged, tail } = readLines(file, (record) => findings.push(record as unknown as Finding));
  if (damaged.length > 0 || tail.length > 0) throw damagedTruth(`${file} is damaged`);
  return findings;
}

/**
 * Equal values as one object: every target is asked the same, and a schema stands in the request and the checks of every
 * cell. Of 100,000 cells that is most of the memory of a plan.
 */
function keptOnce(): <T extends object>(value: T) => T {
  const known = new Map<string, object>();
  return <T extends object>(value: T): T => {
    const text = JSON.stringify(value);
    const found = known.get(text);
    if (found !== undefined) return found as T;
    known.set(text, value);
    return value;
  };
}

function readPlan(folder: string, manifest: Manifest): { plan: Plan; planHash: string } {
  const file = path.join(folder, files.plan);
  const planHash = hashPlan(folder, manifest);
  const cells: Cell[] = [];
  const once = keptOnce();
  const { damaged, tail } = readLines(file, (record) => {
    const { v: _v, cell, ...fields } = record as unknown as Omit<Cell, 'key'> & { v: number; cell: string };
    const { messages, request, checks, metadata } = fields;
    cells.push({
      key: cell,
      ...fields,
      messages: once(messages),
      request: once(request),
      checks: once(checks),
      metadata: once(metadata),
    });
  });
  if (damaged.length > 0 || tail.length > 0)
    throw damagedTruth(`plan damaged: ${file} changed while it was read`);
  return { plan: { cells }, planHash };
}
