/** Reads a run folder back, for scoring again, reporting and resuming. Repairs nothing: a torn tail is named and skipped. */
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
import { kinds, type Kind } from './kind.ts';
import { hashPlan } from './plan-file.ts';
import { isThere } from './read-chunks.ts';
import { mostNamed, readLines, type ReadResult } from './read-lines.ts';
import { damagedTruth, readTruth } from './read-truth.ts';
import { observationOf } from './reading.ts';
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
  const read = (kind: Kind, take: (record: Record<string, unknown>) => void): void => {
    damage.push(...skipped(kind.file, readLines(path.join(folder, kind.file), take, kind)));
  };
  read(kinds.samples, (record) => {
    const sample = record as unknown as Sample;
    keep(record, sampleTexts);
    record['flags'] = once(sample.flags);
    samples.push(sample);
  });
  read(kinds.readings, (record) => {
    const line = observationOf(record);
    if (line?.kind === 'block') blocks.push(line);
    else if (line?.kind === 'floor') floors.push(line);
    else if (line?.kind === 'event') events.push(line);
    else if (line !== null) readings.push(line);
  });
  const loadPlan = readSpeedPlan(folder, manifest);
  const load = loadPlan === null ? null : { plan: loadPlan, blocks, floors };
  return { manifest, plan, planHash, samples, readings, events, load, damage };
}

function skipped(name: string, { damaged, tail }: ReadResult): string[] {
  const more = damaged.length - mostNamed;
  return [
    ...damaged
      .slice(0, mostNamed)
      .map(({ offset, number, unfit }) =>
        unfit === null
          ? `${name}: damaged line at byte ${offset} skipped`
          : `${name}:${number}: the line ${unfit}; skipped`,
      ),
    ...(more > 0 ? [`${name}: ${more} more damaged ${more === 1 ? 'line' : 'lines'} skipped`] : []),
    ...(tail.length > 0 ? [`${name}: unfinished last line skipped`] : []),
  ];
}

function readSpeedPlan(folder: string, manifest: Manifest): SpeedPlan | null {
  const { objectives = null } = manifest;
  if (objectives === null || !isThere(path.join(folder, files.speedPlan))) return null;
  const requests: SpeedRequest[] = [];
  readTruth(folder, kinds.speedPlan, (record) => {
    const { v: _v, ...request } = record as unknown as SpeedRequest & { v: number };
    requests.push(request);
  });
  return { requests, objectives };
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
  const planHash = hashPlan(folder, manifest);
  const cells: Cell[] = [];
  const once = objectsOnce();
  const keep = textsOnce();
  readTruth(folder, kinds.plan, (record) => {
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
  if (new Set(cells.map(({ key }) => key)).size < cells.length)
    throw damagedTruth(`plan damaged: two cells of ${path.join(folder, files.plan)} have one key`);
  return { plan: { cells }, planHash };
}
