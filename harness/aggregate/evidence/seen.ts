/** The verdicts that carry evidence, and where each belongs. */
import { groupBy } from '../grouping.ts';
import type { CheckSpec, Details, EvidenceScope, Json, Verdict } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';

export interface Seen {
  readonly row: JoinedRow;
  readonly spec: CheckSpec;
  /** null: none, since there is no answer or no finding. */
  readonly verdict: Verdict | null;
}

/** One entry per planned verdict of these checks. A negated check asks for the opposite: its outcomes mean nothing here. */
export function seenBy(rows: readonly JoinedRow[], types: readonly string[]): Seen[] {
  const seen: Seen[] = [];
  for (const row of rows) {
    row.cell.checks.forEach((spec, index) => {
      if (!spec.not && types.includes(spec.type))
        seen.push({ row, spec, verdict: row.byIndex[index]?.verdict ?? null });
    });
  }
  return seen;
}

/** The details of a verdict with a score; null of any other. */
export function scoredDetails({ verdict }: Seen): Details | null {
  return verdict?.status === 'scored' ? verdict.details : null;
}

type Scope = Pick<EvidenceScope, 'suite' | 'metric' | 'target' | 'language'>;

/** Entries by suite, metric, target and language, in the order of the axes. */
export function byScope(axes: Axes, seen: readonly Seen[]): [Scope, Seen[]][] {
  const scopeOf = ({ row, spec }: Seen): Scope => ({
    suite: row.cell.suite,
    metric: spec.metric,
    target: row.cell.target,
    language: row.cell.language,
  });
  const groups = groupBy(seen, ({ row: { cell }, spec }) =>
    [cell.suite, spec.metric, cell.target, cell.language].join('\u0000'),
  );
  const places = [axes.suites, axes.metrics, axes.targets, axes.languages].map(
    (names) => new Map(names.map((name, at) => [name, at])),
  );
  const rank = ({ suite, metric, target, language }: Scope): number[] =>
    [suite, metric, target, language].map((name, at) => places[at]?.get(name) ?? 0);
  return [...groups.values()]
    .flatMap((list): [Scope, Seen[]][] => (list[0] === undefined ? [] : [[scopeOf(list[0]), list]]))
    .toSorted(([a], [b]) => compareRanks(rank(a), rank(b)));
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((place, index) => place !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Details come from files: what is not there, or of another kind, is not counted. */
export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOf(value: Json | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function objectsOf(value: Json | undefined): readonly Details[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isObject(value: Json | undefined): value is Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
