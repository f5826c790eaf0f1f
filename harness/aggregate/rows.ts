/** Joins the plan with what happened and what was thought of it: one row per planned cell, in plan order. */
import type { Finding, Plan, Row, Sample } from '../types.ts';
import { cellScore, type FindingsByIndex } from './cell-score.ts';
import { compareText, type Effective } from './effective.ts';
import { cellKind } from './kind.ts';
import { cutFlag } from './prompt-cut.ts';
import { timesOf } from './times.ts';

/** A row, with the findings that count by check: none unless the cell was answered. */
export interface JoinedRow extends Row {
  readonly byIndex: FindingsByIndex;
}

const none: FindingsByIndex = new Map();

/**
 * One row per planned cell. Findings on a cell without an answer do not count, whatever they say. `cut`: cells whose
 * prompt may not have arrived whole, which only all of them together tell.
 */
export function joinRows(
  plan: Plan,
  effective: ReadonlyMap<string, Effective>,
  findings: readonly Finding[],
  cut: ReadonlySet<string> = new Set(),
): JoinedRow[] {
  const byCell = indexFindings(findings);
  return plan.cells.map((cell): JoinedRow => {
    const found = effective.get(cell.key);
    const sample = found === undefined ? null : flagged(found.sample, cut);
    const kept = byCell.get(cell.key) ?? none;
    const answered = sample?.outcome.kind === 'answered';
    const byIndex = answered ? kept : none;
    const score = cellScore(cell.checks, byIndex);
    return {
      cell,
      sample,
      attempts: found?.attempts ?? 0,
      findings: cell.checks.flatMap((_, index) => kept.get(index) ?? []),
      score: score.score,
      pass: score.pass,
      kind: cellKind(cell, sample, byIndex, score),
      times: timesOf(sample),
      byIndex,
    };
  });
}

function flagged(sample: Sample, cut: ReadonlySet<string>): Sample {
  return cut.has(sample.cell) && !sample.flags.includes(cutFlag)
    ? { ...sample, flags: [...sample.flags, cutFlag].toSorted() }
    : sample;
}

function indexFindings(findings: readonly Finding[]): Map<string, Map<number, Finding>> {
  const byCell = new Map<string, Map<number, Finding>>();
  for (const finding of findings) {
    const cell = byCell.get(finding.cell);
    if (cell === undefined) {
      byCell.set(finding.cell, new Map([[finding.index, finding]]));
      continue;
    }
    const twin = cell.get(finding.index);
    // Two findings on one check: the order they were read in must not decide.
    if (twin === undefined || compareText(JSON.stringify(finding), JSON.stringify(twin)) < 0)
      cell.set(finding.index, finding);
  }
  return byCell;
}
