/** A claim on its way to being judged: what it is about, and what the rooms of the numbers hand over for it. */
import type { GateClaim, LanguageTag, Stat } from '../../types.ts';
import type { ObservationsByMetric } from '../observation.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import type { Comparison, GateNames } from './expression.ts';

/** Everything but its words. */
export type ClaimDraft = Omit<GateClaim, 'sentence'>;

/** One run, as gates look at it. */
export interface GateSide {
  readonly rows: ReadonlyMap<string, readonly JoinedRow[]>;
  readonly observations: ReadonlyMap<string, ObservationsByMetric>;
}

export interface GateContext extends GateSide {
  readonly axes: Axes;
  readonly names: GateNames;
  readonly seed: number;
  /** Both runs on the cells that they share; null: there is no earlier run. */
  readonly shared: { readonly later: GateSide; readonly earlier: GateSide } | null;
}

const rounding = 1e-12;

/** Whether the value meets the limit; a last digit lost in a sum does not decide. */
export function meets(value: number, comparison: Comparison, limit: number): boolean {
  const difference = value - limit;
  switch (comparison) {
    case '>=':
      return difference >= -rounding;
    case '<=':
      return difference <= rounding;
    case '>':
      return difference > rounding;
    case '<':
      return difference < -rounding;
  }
}

/** True for a limit that must be reached, false for one that must not be passed. */
export function isFloor(comparison: Comparison): boolean {
  return comparison === '>=' || comparison === '>';
}

/** The languages that a claim is made for: null is all together. */
export function languagesOf(
  { axes, names }: GateContext,
  language: LanguageTag | null,
  target: string,
  metric: string | null,
): readonly (LanguageTag | null)[] {
  if (language !== '*') return [language];
  return axes.languages.filter((tag) => names.isPlanned(target, tag, metric));
}

/** The planned cells of a target in a language (null: in all). */
export function rowsIn(side: GateSide, target: string, language: LanguageTag | null): readonly JoinedRow[] {
  const rows = side.rows.get(target) ?? [];
  return language === null ? rows : rows.filter(({ cell }) => cell.language === language);
}

/** Share of the cells that were answered; null without a cell. */
export function answeredIn(rows: readonly JoinedRow[]): number | null {
  if (rows.length === 0) return null;
  return rows.filter(({ sample }) => sample?.outcome.kind === 'answered').length / rows.length;
}

/** Decided on a value alone: pass, fail, or nothing to decide on. */
export function byValue(
  counted: Stat,
  comparison: Comparison,
  limit: number,
): Pick<ClaimDraft, 'state' | 'confidence' | 'low' | 'high' | 'why' | 'clustersNeeded' | 'isClose'> {
  const { value, low, high } = counted;
  const known = low !== null && high !== null;
  return {
    state: value === null ? 'inconclusive' : meets(value, comparison, limit) ? 'pass' : 'fail',
    confidence: known ? 0.95 : null,
    low,
    high,
    why: value === null ? 'no-value' : null,
    clustersNeeded: null,
    isClose: known && low < limit && high > limit,
  };
}
