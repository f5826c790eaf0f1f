/**
 * What statistics count: one item in one language (and variant), put to one target. Repeats of the same question are
 * one observation, their mean, and none at all while one of them has no verdict; items from one source, and one item in
 * all its languages, share a cluster.
 */
import type { CheckSpec, LanguageTag } from '../types.ts';
import { cellScore } from './cell-score.ts';
import type { JoinedRow } from './rows.ts';

export interface Observation {
  readonly suite: string;
  readonly language: LanguageTag;
  /** The same for all targets: what is paired. */
  readonly name: string;
  /** The same for all targets and all languages: what is put in several of them. */
  readonly item: string;
  /** The independent unit, distinct between suites. */
  readonly cluster: string;
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

/** Observations of one target, by metric; null is the cell score. In plan order. */
export type ObservationsByMetric = ReadonlyMap<string | null, readonly Observation[]>;

/** How a row is called by those who pair it, made once for all its metrics. */
interface Names {
  readonly name: string;
  readonly item: string;
  readonly cluster: string;
}

interface Draft extends Names {
  readonly row: JoinedRow;
  readonly judged: boolean;
  /** True when a check has weight, so that a score is due. */
  readonly weighed: boolean;
  planned: number;
  scoreSum: number;
  scored: number;
  passed: number;
  decided: number;
  /** Cells without an answer, or where a check crashed. */
  lost: number;
  /** Of the cell score only: metrics of it are not compared. */
  readonly signatures: (string | null)[];
}

/** All observations by target and metric. */
export function observe(rows: readonly JoinedRow[]): ReadonlyMap<string, ObservationsByMetric> {
  const drafts = new Map<string, Map<string | null, Map<string, Draft>>>();
  for (const row of rows) {
    const ofTarget = entry(drafts, row.cell.target, () => new Map<string | null, Map<string, Draft>>());
    const { checks } = row.cell;
    const names: Names = { name: nameOf(row), item: itemOf(row), cluster: clusterOf(row) };
    const put = (metric: string | null): void => {
      const items = entry(ofTarget, metric, () => new Map<string, Draft>());
      let draft = items.get(names.name);
      if (draft === undefined) {
        draft = newDraft(row, names, metric);
        items.set(names.name, draft);
      }
      add(draft, row, metric);
    };
    put(null);
    checks.forEach(({ metric }, index) => {
      if (checks.findIndex((check) => check.metric === metric) === index) put(metric);
    });
  }
  const result = new Map<string, ObservationsByMetric>();
  for (const [target, byMetric] of drafts) {
    result.set(
      target,
      new Map([...byMetric].map(([metric, items]) => [metric, [...items.values()].map(finish)])),
    );
  }
  return result;
}

/** The value of a map, made where it is missing. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** A separator that no name holds keeps `a b` + `c` apart from `a` + `b c`. */
export function clusterOf({ cell }: JoinedRow): string {
  return `${cell.suite}\u0000${cell.cluster}`;
}

function nameOf({ cell }: JoinedRow): string {
  return `${cell.suite}\u0000${cell.test}\u0000${cell.language}${cell.variant === null ? '' : `\u0000${cell.variant}`}`;
}

function itemOf({ cell }: JoinedRow): string {
  return `${cell.suite}\u0000${cell.test}${cell.variant === null ? '' : `\u0000${cell.variant}`}`;
}

const noSignatures: (string | null)[] = [];

function newDraft(row: JoinedRow, names: Names, metric: string | null): Draft {
  const checks = row.cell.checks.filter((check) => metric === null || check.metric === metric);
  const judged = checks.some((check) => check.threshold !== null);
  const weighed = checks.some((check) => check.weight > 0);
  const signatures = metric === null ? row.cell.checks.map(() => null) : noSignatures;
  const counts = { planned: 0, scoreSum: 0, scored: 0, passed: 0, decided: 0, lost: 0 };
  return { row, ...names, judged, weighed, ...counts, signatures };
}

function add(draft: Draft, row: JoinedRow, metric: string | null): void {
  draft.planned += 1;
  const { score, pass, lost } = cellScore(row.cell.checks, row.byIndex, metric);
  if (lost) draft.lost += 1;
  for (let index = 0; index < draft.signatures.length; index += 1) {
    const before = draft.signatures[index] ?? null;
    const verdict = row.byIndex.get(index)?.verdict;
    const signature = verdict?.status === 'scored' ? verdict.details['signature'] : undefined;
    if (typeof signature !== 'string' || before?.split(' & ').includes(signature) === true) continue;
    draft.signatures[index] = before === null ? signature : `${before} & ${signature}`;
  }
  if (score !== null) {
    draft.scoreSum += score;
    draft.scored += 1;
  }
  if (pass !== null) {
    draft.passed += pass ? 1 : 0;
    draft.decided += 1;
  }
}

function finish(draft: Draft): Observation {
  const { suite, language, checks } = draft.row.cell;
  const { scoreSum, scored, passed, decided, lost, judged, weighed } = draft;
  const available = {
    score: lost > 0 || scored === 0 ? null : scoreSum / scored,
    pass: lost > 0 || decided === 0 ? null : passed / decided,
  };
  return {
    suite,
    language,
    name: draft.name,
    item: draft.item,
    cluster: draft.cluster,
    planned: draft.planned,
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
    signatures: draft.signatures,
    checks,
  };
}
