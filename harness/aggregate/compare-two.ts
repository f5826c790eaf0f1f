/** Two saved runs beside each other, without all the rest of a summary: what changed, and what gates say of it. */
import type { Finding, GateResult, GateText, Manifest, Plan, RunComparison, Sample } from '../types.ts';
import { effectiveSamples } from './effective.ts';
import { axesOf } from './facts.ts';
import { judgeGates } from './gates/judge.ts';
import { observe } from './observation.ts';
import { joinRows } from './rows.ts';
import { compareRuns, sharedRows, type EarlierAnswers } from './run-compare.ts';

export interface CompareTwoInput {
  /** Of the later run. */
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly samples: readonly Sample[];
  readonly findings: readonly Finding[];
  readonly earlier: EarlierAnswers;
  /** On the later run, and on it minus the earlier one. */
  readonly gates: readonly GateText[];
}

export function compareTwo({ manifest, plan, samples, findings, earlier, gates }: CompareTwoInput): {
  readonly comparison: RunComparison;
  readonly gates: readonly GateResult[];
} {
  const asked = samples.filter((sample) => sample.phase === 'quality');
  const rows = joinRows(plan, effectiveSamples(plan, asked), findings);
  const axes = axesOf(manifest, rows);
  const shared = sharedRows(plan, rows, earlier);
  return {
    comparison: compareRuns({ manifest, axes, plan, earlier: earlier.run, shared }),
    gates: judgeGates({ gates, axes, observations: observe(rows), rows, seed: manifest.seed, shared }),
  };
}
