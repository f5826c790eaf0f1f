/**
 * What statistics count: one item in one language (and variant), put to one target. Repeats of the same question are
 * one observation, their mean, and none at all while one of them has no verdict; items from one source, and one item in
 * all its languages, share a cluster.
 */
import type { CheckSpec, LanguageTag } from '../types.ts';
import { cellScore } from './cell-score.ts';
import { entry, groupBy } from './grouping.ts';
import type { JoinedRow, Names } from './rows.ts';

export interface Observation extends Names {
  readonly suite: string;
  readonly language: LanguageTag;
  /** Planned cells behind it. */
  readonly planned: number;
  /** False for an item that is observed only: no score of it is ever missing. */
  readonly scorable: boolean;
  /** True when a check has a threshold, so that a pass or a failure is due. */
  readonly judged: boolean;
  /**
   * Mean over the repeats that a check applied to; null when there is none, and when a repeat was not answered or not
   * judged: a mean of the rest would count an item as there that is there in part.
   */
  readonly score: number | null;
  /** Share of its judged repeats that passed; null when none was judged, or a repeat is lost as for the score. */
  readonly pass: number | null;
  /** Repeats with a pass or a failure. */
  readonly decided: number;
  /**
   * Score and pass with every repeat that is lost (not answered, not judged) counted as wrong; null when nothing is
   * lost and no check applied.
   */
  readonly worst: { readonly score: number | null; readonly pass: number | null };
  /** The definitions behind its scores, by the position of the check; null where there is no score or none is said. */
  readonly signatures?: readonly (string | null)[];
  /** Its checks, by the same positions. */
  readonly checks?: readonly CheckSpec[];
}

/** Observations of one target in plan order, by metric; null is the cell score. */
export interface ObservationsByMetric {
  /** undefined: no check of this target has the metric. */
  readonly get: (metric: string | null) => readonly Observation[] | undefined;
}

/** One item in one language, put to one target: its repeats, in plan order. */
type Item = readonly JoinedRow[];

/** All observations by target and metric. */
export function observe(rows: readonly JoinedRow[]): ReadonlyMap<string, ObservationsByMetric> {
  const byTarget = groupBy(rows, (row) => row.cell.target);
  return new Map(
    [...byTarget].map(([target, own]) => {
      const items = groupBy(own, (row) => row.names.name);
      return [target, byMetric([...items.values()])];
    }),
  );
}

/**
 * Those of the cell score are asked for again and again, and kept; those of a metric a few times one after another, and
 * the last of them are kept: of 100,000 cells with three metrics, all at once would take more than the rest.
 */
function byMetric(items: readonly Item[]): ObservationsByMetric {
  const ofCells = observationsOf(items, null);
  let last: { readonly metric: string; readonly found: readonly Observation[] } | null = null;
  return {
    get: (metric) => {
      if (metric === null) return ofCells;
      if (last?.metric !== metric) last = { metric, found: observationsOf(items, metric) };
      return last.found.length === 0 ? undefined : last.found;
    },
  };
}

/** Of items with a check of this metric; null: of all items. */
function observationsOf(items: readonly Item[], metric: string | null): Observation[] {
  const found: Observation[] = [];
  const known = new Map<string, Tally['signatures']>();
  for (const item of items) {
    const asked = metric === null ? item : item.filter((row) => hasMetric(row, metric));
    const [first] = asked;
    if (first === undefined) continue;
    const tally = newTally(first, metric);
    for (const row of asked) add(tally, row, metric);
    if (metric === null)
      tally.signatures = entry(known, JSON.stringify(tally.signatures), () => tally.signatures);
    found.push(observationOf(first, metric, tally));
  }
  return found;
}

function hasMetric({ cell }: JoinedRow, metric: string): boolean {
  return cell.checks.some((check) => check.metric === metric);
}

interface Tally {
  planned: number;
  scoreSum: number;
  scored: number;
  passed: number;
  decided: number;
  /** Cells without an answer, or where a check crashed. */
  lost: number;
  /** Of the cell score only: metrics of it are not compared. */
  signatures: (string | null)[];
}

const noSignatures: (string | null)[] = [];

function newTally({ cell }: JoinedRow, metric: string | null): Tally {
  const signatures = metric === null ? cell.checks.map(() => null) : noSignatures;
  return { planned: 0, scoreSum: 0, scored: 0, passed: 0, decided: 0, lost: 0, signatures };
}

function add(tally: Tally, row: JoinedRow, metric: string | null): void {
  tally.planned += 1;
  const { score, pass, lost } = cellScore(row.cell.checks, row.byIndex, metric);
  if (lost) tally.lost += 1;
  for (let index = 0; index < tally.signatures.length; index += 1) {
    const before = tally.signatures[index] ?? null;
    const verdict = row.byIndex[index]?.verdict;
    const signature = verdict?.status === 'scored' ? verdict.details['signature'] : undefined;
    if (typeof signature !== 'string' || before?.split(' & ').includes(signature) === true) continue;
    tally.signatures[index] = before === null ? signature : `${before} & ${signature}`;
  }
  if (score !== null) {
    tally.scoreSum += score;
    tally.scored += 1;
  }
  if (pass !== null) {
    tally.passed += pass ? 1 : 0;
    tally.decided += 1;
  }
}

function observationOf(
  { cell: { suite, language, checks }, names: { name, item, cluster } }: JoinedRow,
  metric: string | null,
  { planned, scoreSum, scored, passed, decided, lost, signatures }: Readonly<Tally>,
): Observation {
  const own = (check: CheckSpec): boolean => metric === null || check.metric === metric;
  const judged = checks.some((check) => own(check) && check.threshold !== null);
  // A check with weight, so that a score is due.
  const weighed = checks.some((check) => own(check) && check.weight > 0);
  const available = {
    score: lost > 0 || scored === 0 ? null : scoreSum / scored,
    pass: lost > 0 || decided === 0 ? null : passed / decided,
  };
  return {
    suite,
    language,
    name,
    item,
    cluster,
    planned,
    scorable: checks.length > 0,
    judged,
    ...available,
    decided,
    worst:
      lost === 0
        ? available
        : {
            score: weighed ? scoreSum / (scored + lost) : null,
            pass: judged ? passed / (decided + lost) : null,
          },
    signatures,
    checks,
  };
}
