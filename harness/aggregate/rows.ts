/** Joins the plan with what happened and what was thought of it: one row per planned cell, in plan order. */
import type { Cell, CellKind, Finding, Plan, Row, Sample, Times } from '../types.ts';
import { cellScore, type FindingsByIndex } from './cell-score.ts';
import { compareText, type Effective } from './effective.ts';
import { entry } from './grouping.ts';
import { cellKind } from './kind.ts';
import { cutFlag } from './prompt-cut.ts';
import { timesOf } from './times.ts';

/** What statistics call a question in one language. A separator that no name holds keeps `a b` + `c` apart from `a` + `b c`. */
export interface Names {
  /** The same for all targets: what is paired. */
  readonly name: string;
  /** The same for all targets and all languages: what is put in several of them. */
  readonly item: string;
  /** The independent unit, distinct between suites. */
  readonly cluster: string;
}

export function namesOf({ suite, test, language, variant, cluster }: Cell): Names {
  const ending = variant === null ? '' : `\u0000${variant}`;
  return {
    name: `${suite}\u0000${test}\u0000${language}${ending}`,
    item: `${suite}\u0000${test}${ending}`,
    cluster: `${suite}\u0000${cluster}`,
  };
}

/** `namesOf`, with equal names as one object and equal texts as one text. */
function namesOnce(): (cell: Cell) => Names {
  const known = new Map<string, Names>();
  const texts = new Map<string, string>();
  const once = (text: string): string => entry(texts, text, () => text);
  return (cell) => {
    const names = namesOf(cell);
    const { name, item, cluster } = names;
    return entry(known, name, () => ({ name, item: once(item), cluster: once(cluster) }));
  };
}

/** A row as the numbers are made from it. */
export interface JoinedRow extends Row {
  /** The findings that count, by check: none unless the cell was answered. */
  readonly byIndex: FindingsByIndex;
  /** One object for a question, whoever was asked it and how often. */
  readonly names: Names;
}

/** Its times are made from the record whenever they are asked for: kept, they would be the larger part of a row. */
class Joined implements JoinedRow {
  readonly cell: Cell;
  readonly sample: Sample | null;
  readonly attempts: number;
  readonly findings: readonly Finding[];
  readonly score: number | null;
  readonly pass: boolean | null;
  readonly kind: CellKind;
  readonly byIndex: FindingsByIndex;
  readonly names: Names;

  constructor(row: Omit<JoinedRow, 'times'>) {
    this.cell = row.cell;
    this.sample = row.sample;
    this.attempts = row.attempts;
    this.findings = row.findings;
    this.score = row.score;
    this.pass = row.pass;
    this.kind = row.kind;
    this.byIndex = row.byIndex;
    this.names = row.names;
  }

  get times(): Times {
    return timesOf(this.sample);
  }
}

const none: FindingsByIndex = [];

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
  const byCell = indexFindings(plan, findings);
  const named = namesOnce();
  return plan.cells.map((cell, at): JoinedRow => {
    const found = effective.get(cell.key);
    const sample = found === undefined ? null : flagged(found.sample, cut);
    const kept = byCell[at] ?? none;
    const answered = sample?.outcome.kind === 'answered';
    const byIndex = answered ? kept : none;
    const score = cellScore(cell.checks, byIndex);
    return new Joined({
      cell,
      sample,
      attempts: found?.attempts ?? 0,
      findings: kept.every(isThere) ? kept : kept.filter(isThere),
      score: score.score,
      pass: score.pass,
      kind: cellKind(cell, sample, byIndex, score),
      byIndex,
      names: named(cell),
    });
  });
}

function flagged(sample: Sample, cut: ReadonlySet<string>): Sample {
  return cut.has(sample.cell) && !sample.flags.includes(cutFlag)
    ? { ...sample, flags: [...sample.flags, cutFlag].toSorted() }
    : sample;
}

function isThere(finding: Finding | undefined): finding is Finding {
  return finding !== undefined;
}

/** The findings of each cell of a plan; undefined where a cell has none at all. */
function indexFindings(plan: Plan, findings: readonly Finding[]): (FindingsByIndex | undefined)[] {
  const places = new Map(plan.cells.map((cell, at) => [cell.key, at]));
  const byCell: ((Finding | undefined)[] | undefined)[] = Array.from(plan.cells, () => undefined);
  for (const finding of findings) {
    const at = places.get(finding.cell);
    const checks = at === undefined ? undefined : plan.cells[at]?.checks;
    if (at === undefined || checks === undefined || !Object.hasOwn(checks, finding.index)) continue;
    const cell = (byCell[at] ??= Array.from(checks, () => undefined));
    const twin = cell[finding.index];
    // Two findings on one check: the order they were read in must not decide.
    if (twin === undefined || compareText(JSON.stringify(finding), JSON.stringify(twin)) < 0)
      cell[finding.index] = finding;
  }
  return byCell;
}
