/**
 * From the truth of a run to every number its pages show. Pure: the same plan, samples, findings and readings give the
 * same report, whatever order they come in, wherever and whenever it is made.
 */
import type {
  Finding,
  LoadRecord,
  Manifest,
  Plan,
  Reading,
  Report,
  RunEvent,
  Sample,
  Summary,
} from '../types.ts';
import { saturation } from './client-limit.ts';
import { compareTargets } from './compare.ts';
import { comparableOnly, findConflicts } from './conflicts.ts';
import { consistencyRows } from './consistency.ts';
import { corpusComparisons } from './corpus-compare.ts';
import { corpusRows } from './corpus.ts';
import { sift } from './effective.ts';
import { eventLog } from './events.ts';
import { evidenceOf } from './evidence/evidence.ts';
import { axesOf, kindCounts, suiteFacts, tally, targetFacts } from './facts.ts';
import { judgeGates } from './gates/judge.ts';
import { groupBy } from './grouping.ts';
import { machineRows } from './machine.ts';
import { memoryRows } from './memory.ts';
import { metricFacts } from './metrics.ts';
import { isDemo, notesOf } from './notes.ts';
import { observe } from './observation.ts';
import { suspects } from './prompt-cut.ts';
import { joinRows, type JoinedRow } from './rows.ts';
import { scoreRows } from './scores.ts';
import { compareRuns, sharedRows, type EarlierAnswers } from './run-compare.ts';
import { measuredLevels, unmeasured, wholeLoads, type LevelBlocks } from './speed-blocks.ts';
import { speedCurves } from './speed-curves.ts';
import { speedLevels } from './speed-levels.ts';
import { loadRatios, qualityRatios, type RatioInput } from './speed-ratios.ts';
import { repeatRows } from './repeats.ts';
import { serverRows } from './servers.ts';
import { speedRows } from './speed.ts';
import { spreadRows } from './spread.ts';
import { standingsOf } from './standings.ts';
import { verdictOf } from './verdict.ts';

export interface AggregateInput {
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly samples: readonly Sample[];
  readonly findings: readonly Finding[];
  readonly readings: readonly Reading[];
  /** Absent: nothing happened beside the asking. */
  readonly events?: readonly RunEvent[];
  /** Absent or null: the run had no speed phase. */
  readonly load?: LoadRecord | null;
  /** The run that it is compared with, scored by the same checks; absent or null: none. */
  readonly earlier?: EarlierAnswers | null;
}

/** The report of a run. The plan is the denominator: what has no answer is counted as missing, never as wrong. */
export function aggregate(input: AggregateInput): Report {
  const { manifest, plan, findings, readings } = input;
  const samples = input.samples.filter((sample) => sample.phase === 'quality');
  const { effective, leftOut } = sift(plan, samples);
  const surplus = [...effective.values()].reduce((sum, each) => sum + each.surplus, 0);
  const joined = joinRows(plan, effective, findings, suspects(manifest, plan.cells, effective));
  const axes = axesOf(manifest, joined);
  const observations = observe(joined);
  const totals = tally(joined);
  const targets = targetFacts(
    manifest,
    groupBy(joined, (row) => row.cell.target),
  );
  const scores = scoreRows(axes, observations, manifest.seed);
  const conflicts = findConflicts(axes, manifest.baseline, observations);
  const comparisons = comparableOnly(
    compareTargets({ axes, baseline: manifest.baseline, seed: manifest.seed, observations }),
    conflicts,
  );
  const metrics = metricFacts(axes, joined);
  const bases = new Map(manifest.suites.map((suite) => [suite.name, suite.languages[0] ?? null]));
  const kinds = kindCounts(axes, joined);
  const servers = serverRows(axes.targets, readings, samples);
  const memory = memoryRows(manifest.targets, readings);
  const machine = machineRows(manifest);
  const { load = null, events = [] } = input;
  const happened = eventLog(manifest, events);
  const loaded = load === null ? [] : measuredLevels(load.plan, input.samples, load.blocks);
  const unloaded = unmeasured(loaded);
  const complete = isComplete(totals, manifest.maxErrorRate);
  const shared = input.earlier ? sharedRows(plan, joined, input.earlier) : null;
  const speed = speedRows(axes, joined);
  const summary: Summary = {
    v: 1,
    run: {
      id: manifest.run,
      tool: manifest.tool,
      createdAt: manifest.createdAt,
      planHash: manifest.planHash,
      seed: manifest.seed,
      demo: isDemo(manifest),
      complete: complete && unloaded === 0,
      legs: legsThatSent(manifest, samples),
      environment: manifest.environment,
      machine,
      ...(manifest.shard === undefined ? {} : { shard: manifest.shard }),
      ...(manifest.parts === undefined ? {} : { parts: manifest.parts }),
    },
    notes: notesOf({
      manifest,
      complete,
      unloaded,
      events,
      totals,
      targets,
      scores,
      comparisons,
      conflicts,
      metrics,
      kinds,
      rows: joined,
      samples,
      leftOut,
      surplus,
      memory,
      servers,
      machine,
    }),
    verdict: verdictOf({ targets, baseline: manifest.baseline, comparisons, scores }),
    baseline: manifest.baseline,
    maxErrorRate: manifest.maxErrorRate,
    languages: axes.languages,
    suites: suiteFacts(manifest, joined),
    targets,
    totals,
    scores,
    corpus: corpusRows(axes, joined, manifest.seed),
    corpusComparisons: corpusComparisons({ axes, baseline: manifest.baseline, seed: manifest.seed }, joined),
    comparisons,
    standings: standingsOf({
      axes,
      seed: manifest.seed,
      observations,
      comparisons,
      scores,
      speed,
      memory,
    }),
    spread: spreadRows({
      axes,
      scores,
      observations,
      baseOf: (suite) => bases.get(suite) ?? null,
    }),
    consistency: consistencyRows(axes, observations, manifest.seed),
    repeats: repeatRows(axes, observations, manifest.seed),
    kinds,
    metrics,
    evidence: evidenceOf(axes, joined, manifest.seed),
    speed,
    speedCurves: speedCurves(axes.targets, joined),
    ...loadOf(load, wholeLoads(loaded), { axes, baseline: manifest.baseline, seed: manifest.seed }, joined),
    ...(happened === null ? {} : { events: happened }),
    memory,
    servers,
    gates: judgeGates({
      // A part of a plan bears out nothing: its parts put together are judged once.
      gates: manifest.shard === undefined ? (manifest.gates ?? []) : [],
      axes,
      observations,
      rows: joined,
      seed: manifest.seed,
      shared,
    }),
    sinceEarlier:
      input.earlier && shared
        ? compareRuns({ manifest, axes, plan, earlier: input.earlier.run, shared })
        : null,
  };
  return { summary, rows: joined };
}

/** The speed phase, and every comparison of times, of both phases. */
function loadOf(
  load: LoadRecord | null,
  measured: readonly LevelBlocks[],
  ratios: RatioInput,
  rows: readonly JoinedRow[],
): Pick<Summary, 'speedPhase' | 'speedRatios'> {
  const asked = qualityRatios(ratios, rows);
  if (load === null) return { speedPhase: null, speedRatios: asked };
  const levels = speedLevels(measured, load.plan.objectives);
  const floors = load.floors
    .toSorted((a, b) => a.concurrency - b.concurrency || a.at - b.at)
    .map(({ v: _v, kind: _kind, at: _at, ...floor }) => ({
      ...floor,
      doubt: saturation(floor.client, floor.ttftP50Ms),
    }));
  return {
    speedPhase: { objectives: load.plan.objectives, levels, floors },
    speedRatios: [...asked, ...loadRatios(ratios, measured, levels, floors)],
  };
}

/** Nothing left to ask, and no more failures than the targets file allows. */
function isComplete({ planned, failed, unasked }: Summary['totals'], maxErrorRate: number): boolean {
  return unasked === 0 && failed <= maxErrorRate * planned + 1e-9;
}

/** A leg that was killed never wrote down how much it sent; its records say that it did. */
function legsThatSent(manifest: Manifest, samples: readonly Sample[]): number {
  return new Set([
    ...manifest.legs.filter((leg) => leg.sent > 0).map((leg) => leg.id),
    ...samples.map((sample) => sample.leg),
  ]).size;
}
