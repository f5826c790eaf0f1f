/**
 * Corpus chrF and BLEU: the statistics that the checks left in their details, added up over all answers of a target in
 * a language. Different definitions are never added up, and there is no figure over several languages: how high these
 * metrics come out says more about a script than about an answer.
 */
import type { CheckSpec, CorpusRow, Finding, Json } from '../types.ts';
import { corpusBleu, corpusChrf } from './corpus-score.ts';
import { compareText } from './effective.ts';
import { entry, groupBy } from './grouping.ts';
import type { JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import type { Interval } from './stats/interval.ts';
import { fnv1a32 } from './stats/pcg32.ts';
import { sumsBootstrap } from './stats/sums-bootstrap.ts';

export type Metric = (sums: ArrayLike<number>) => number;

/** Figures by the check whose statistics they take. */
const metrics: Readonly<Record<string, (spec: CheckSpec) => Metric>> = {
  chrf: ({ params }) => {
    const beta = params['beta'];
    return (sums) => corpusChrf(sums, typeof beta === 'number' ? beta : 2);
  },
  bleu: () => corpusBleu,
};

export type CorpusPlace = Omit<CorpusRow, 'target' | 'clusters' | 'score'>;

/** What one planned answer adds to a figure; null where it left no statistics. */
export interface CorpusAnswer {
  readonly row: JoinedRow;
  /** Of the check in the cell's list. */
  readonly index: number;
  readonly place: CorpusPlace;
  readonly figure: Metric;
  readonly stats: readonly number[] | null;
}

interface Draft extends CorpusPlace {
  readonly target: string;
  readonly figure: Metric;
  /** Sums by cluster. */
  readonly sums: Map<string, number[]>;
  n: number;
  missing: number;
}

/** Every planned answer to a check with such statistics, in plan order. */
export function* corpusAnswers(rows: readonly JoinedRow[]): Generator<CorpusAnswer> {
  const signatures = signaturesOf(rows);
  for (const row of rows) {
    for (const [index, spec, figure] of metricChecks(row)) {
      const { language, suite } = row.cell;
      const place: CorpusPlace = {
        language,
        suite,
        metric: spec.metric,
        check: spec.type,
        signature: signatures.get(shapeOf(spec, language)) ?? spec.type,
      };
      yield { row, index, place, figure, stats: statsOf(row.byIndex[index]) };
    }
  }
}

/** One row per target, suite, metric, language and definition, in this order. Only what is planned. */
export function corpusRows(axes: Axes, rows: readonly JoinedRow[], seed: number): CorpusRow[] {
  const drafts = new Map<string, Draft>();
  for (const { row, place, figure, stats } of corpusAnswers(rows)) {
    const { target } = row.cell;
    const draft = entry(drafts, JSON.stringify([target, place]), () => ({
      target,
      ...place,
      figure,
      sums: new Map<string, number[]>(),
      n: 0,
      missing: 0,
    }));
    add(draft, stats, row.names.cluster);
  }
  const ordered = [...drafts.values()].toSorted(
    (a, b) => axes.targets.indexOf(a.target) - axes.targets.indexOf(b.target) || byPlace(axes)(a, b),
  );
  const intervals = intervalsOf(ordered, seed);
  return ordered.map((draft) => finish(draft, intervals.get(draft)));
}

function metricChecks({ cell }: JoinedRow): [number, CheckSpec, Metric][] {
  const found: [number, CheckSpec, Metric][] = [];
  cell.checks.forEach((spec, index) => {
    const figure = spec.not || !Object.hasOwn(metrics, spec.type) ? undefined : metrics[spec.type]?.(spec);
    if (figure !== undefined) found.push([index, spec, figure]);
  });
  return found;
}

/**
 * What a planned check will be signed with, from the answers to others of its kind: a missing answer belongs to the row
 * of those that came.
 */
function signaturesOf(rows: readonly JoinedRow[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const row of rows) {
    for (const [index, spec] of metricChecks(row)) {
      const signature = row.byIndex[index]?.verdict.details['signature'];
      // Sentences leave out orders that they are too short for; a corpus does not.
      if (typeof signature === 'string')
        found.set(
          shapeOf(spec, row.cell.language),
          spec.type === 'bleu' ? signature.replace('|eff:yes', '|eff:no') : signature,
        );
    }
  }
  return found;
}

/** All that the signature of a check can depend on. */
function shapeOf({ type, params }: CheckSpec, language: string): string {
  const { value, ...rest } = params;
  const references = Array.isArray(value) ? value.length : 1;
  const named = Object.keys(rest).toSorted(compareText);
  return JSON.stringify([type, language, references, named, named.map((name) => rest[name] ?? null)]);
}

function statsOf(finding: Finding | undefined): readonly number[] | null {
  if (finding?.verdict.status !== 'scored') return null;
  const stats: Json | undefined = finding.verdict.details['stats'];
  return Array.isArray(stats) && stats.every((count): count is number => typeof count === 'number')
    ? stats
    : null;
}

function add(draft: Draft, stats: readonly number[] | null, cluster: string): void {
  if (stats === null) {
    draft.missing += 1;
    return;
  }
  draft.n += 1;
  const sums = entry(draft.sums, cluster, () => stats.map(() => 0));
  for (const [at, count] of stats.entries()) sums[at] = (sums[at] ?? 0) + count;
}

/** Suite, metric, language, definition. */
export function byPlace(axes: Axes): (a: CorpusPlace, b: CorpusPlace) => number {
  return (a, b) =>
    axes.suites.indexOf(a.suite) - axes.suites.indexOf(b.suite) ||
    axes.metrics.indexOf(a.metric) - axes.metrics.indexOf(b.metric) ||
    axes.languages.indexOf(a.language) - axes.languages.indexOf(b.language) ||
    compareText(a.signature, b.signature);
}

function finish(draft: Draft, interval: Interval | undefined): CorpusRow {
  const { figure, sums, n, missing, ...place } = draft;
  // Without spread the draws say nothing of what was not seen.
  const known = interval !== undefined && interval.low < interval.high ? interval : null;
  return {
    ...place,
    clusters: sums.size,
    score: {
      value: n === 0 ? null : figure(total([...sums.values()])),
      low: known?.low ?? null,
      high: known?.high ?? null,
      n,
      missing,
      unit: 'points',
      method: known === null ? null : `bootstrap-${drawsFor(sums.size)}`,
    },
  };
}

/**
 * Figures over equally many clusters are drawn together, by a stream named after that number alone: another target or
 * language moves no bit of a figure.
 */
function intervalsOf(drafts: readonly Draft[], seed: number): Map<Draft, Interval> {
  const found = new Map<Draft, Interval>();
  for (const [clusters, group] of groupBy(drafts, ({ sums }) => String(sums.size))) {
    const count = Number(clusters);
    if (count < 2) continue;
    const figures = group.map(({ figure, sums }) => ({ figure, rows: rowsByName(sums) }));
    const seq = fnv1a32(JSON.stringify(['corpus', count]));
    const intervals = sumsBootstrap(figures, drawsFor(count), { seed, seq });
    for (const [index, draft] of group.entries()) {
      const interval = intervals[index];
      if (interval !== undefined) found.set(draft, interval);
    }
  }
  return found;
}

/** In the order of the clusters' names, so that the order of the items moves no bit. */
function rowsByName(sums: ReadonlyMap<string, readonly number[]>): (readonly number[])[] {
  return [...sums].toSorted(([a], [b]) => compareText(a, b)).map(([, row]) => row);
}

export function total(rows: readonly (readonly number[])[]): number[] {
  const sums: number[] = [];
  for (const row of rows) for (const [at, count] of row.entries()) sums[at] = (sums[at] ?? 0) + count;
  return sums;
}

/** 10,000 for up to 100 clusters; less above, so that a report of 100,000 cells does not wait for its intervals. */
export function drawsFor(clusters: number): number {
  return Math.min(10_000, Math.max(1000, 1000 * Math.floor(1000 / clusters)));
}
