/** From the verdicts on one answer to one score: of the cell, or of one metric in it. */
import type { CheckSpec, Finding } from '../types.ts';

export interface CellScore {
  /** Weighted mean of the scored checks, 0..1; null when none was scored (or none has weight), or one crashed. */
  readonly score: number | null;
  /** All thresholds met; null when no check with a threshold was scored, or one crashed. */
  readonly pass: boolean | null;
  /** True when a check has nothing to say though it should: it crashed, or there was no answer to judge. */
  readonly lost: boolean;
}

/** Findings on one cell by the position of their check; undefined, or beyond the end: none. */
export type FindingsByIndex = readonly (Finding | undefined)[];

/**
 * The score over all checks, or over those of one metric. Weights count among the checks that were scored: what does
 * not apply takes its weight with it. A crashed check does not: what it would have said is unknown, and so is the
 * score. A check without a finding counts as crashed, since nobody knows what it says.
 */
export function cellScore(
  checks: readonly CheckSpec[],
  findings: FindingsByIndex,
  metric: string | null = null,
): CellScore {
  let sum = 0;
  let weight = 0;
  let lost = false;
  let passes: boolean | null = null;
  // By index: this runs for every cell and metric, and an iterator would make a pair for each check.
  for (let index = 0; index < checks.length; index += 1) {
    const check = checks[index];
    if (check === undefined) continue;
    if (metric !== null && check.metric !== metric) continue;
    const verdict = findings[index]?.verdict;
    if (verdict?.status === 'scored') {
      sum += check.weight * verdict.score;
      weight += check.weight;
      if (verdict.pass !== null) passes = (passes ?? true) && verdict.pass;
    } else if (verdict?.why !== 'not-applicable') {
      lost = true;
    }
  }
  if (lost) return { score: null, pass: null, lost };
  return { score: weight > 0 ? sum / weight : null, pass: passes, lost };
}
