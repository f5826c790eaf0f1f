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
  RunEvent,
  Sample,
  SpeedPlan,
  SpeedRequest,
} from '../types.ts';
import { readManifest } from './manifest.ts';
import { objectsOnce, textsOnce } from './kept-once.ts';
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
  readonly events: readonly RunEvent[];
  /** null: no speed phase. */
  readonly load: LoadRecord | null;
  /** What had to be skipped, in words. */
  readonly damage: readonly string[];
}

/** What is said of many records in the same words. */
const cellTexts = ['suite', 'test', 'cluster', 'language', 'variant', 'target', 'model'];
const sampleTexts = ['cell', 'suite', 'test', 'language', 'variant', 'target', 'leg', 'turn', 'modelEcho'];
const findingTexts = ['cell', 'check', 'metric'];

/** The truth of a run. Throws (exit 5) when the plan is not the one the manifest names: nothing is guessed. */
export function recall(folder: string): Recalled {
  const manifest = readManifest(folder);
  const damage: string[] = [];
  const { plan, planHash } = readPlan(folder, manifest);
  if (planHash !== manifest.planHash)
    damage.push(`${files.plan} is the one before the last change; resume to go on with it`);
  const [keep, once] = [textsOnce(plan.cells.map(({ key }) => key)), objectsOnce()];
  const samples: Sample[] = [];
  const readings: Reading[] = [];
  const blocks: BlockReading[] = [];
  const floors: FloorReading[] = [];
  const events: RunEvent[] = [];
  const note = (name: string, found: ReturnType<typeof readLines>): void => {
    for (const { offset } of found.damaged) damage.push(`${name}: damaged line at byte ${offset} skipped`);
    if (found.tail.length > 0) damage.push(`${name}: unfinished last line skipped`);
  };
  note(
    files.samples,
    readLines(path.join(folder, files.samples), (record) => {
      const sample = sampleOf(record);
      keep(record, sampleTexts);
      record['flags'] = once(sample.flags);
      samples.push(sample);
    }),
  );
  note(
    files.readings,
    readLines(path.join(folder, files.readings), (record) => {
      const line = observationOf(record);
      if (line.kind === 'block') blocks.push(line);
      else if (line.kind === 'floor') floors.push(line);
      else if (line.kind === 'event') events.push(line);
      else readings.push(line);
    }),
  );
  const loadPlan = readSpeedPlan(folder, manifest);
  const load = loadPlan === null ? null : { plan: loadPlan, blocks, floors };
  return { manifest, plan, planHash, samples, readings, events, load, damage };
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
export function recallFindings(folder: string, { cells }: Plan): readonly Finding[] {
  const file = path.join(folder, files.findings);
  const findings: Finding[] = [];
  const [keep, once] = [textsOnce(cells.map(({ key }) => key)), objectsOnce()];
  const { damaged, tail } = readLines(file, (record) => {
    const verdict = record['verdict'] as Record<string, unknown> & { details: object };
    keep(record, findingTexts);
    keep(verdict, ['because']);
    verdict.details = once(verdict.details);
    findings.push(record as unknown as Finding);
  });
  if (damaged.length > 0 || tail.length > 0) throw damagedTruth(`${file} is damaged`);
  return findings;
}

function readPlan(folder: string, manifest: Manifest): { plan: Plan; planHash: string } {
  const file = path.join(folder, files.plan);
  const planHash = hashPlan(folder, manifest);
  const cells: Cell[] = [];
  const once = objectsOnce();
  const keep = textsOnce();
  const { damaged, tail } = readLines(file, (record) => {
    keep(record, cellTexts);
    const { v: _v, cell, ...fields } = record as unknown as Omit<Cell, 'key'> & { v: number; cell: string };
    const { messages, request, checks, metadata } = fields;
    for (const message of messages) keep(message as unknown as Record<string, unknown>, ['content']);
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
