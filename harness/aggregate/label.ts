/** When a difference may be called one. */
import type { Label } from '../types.ts';

/** Smallest difference worth a word, in shares: two points. */
export const margin = 0.02;
/** Fewer independent items than this get an estimate and an interval, and no test. */
export const fewestClusters = 10;
const significance = 0.05;
const rounding = 1e-12;

export interface Evidence {
  readonly value: number | null;
  /** 95 % interval. */
  readonly low: number | null;
  readonly high: number | null;
  readonly low90: number | null;
  readonly high90: number | null;
  readonly clusters: number;
  /** p after Holm. */
  readonly pHolm: number | null;
}

/** True when the 95 % interval leaves out 0 and p after Holm is below 0.05, whatever the size of the difference. */
export function isDifferent({ low, high, pHolm }: Evidence): boolean {
  return low !== null && high !== null && (low > 0 || high < 0) && pHolm !== null && pHolm < significance;
}

/**
 * Better or worse: different, and by at least the margin. Equivalent: the 90 % interval lies inside ± margin (two
 * one-sided tests at 5 %). Inconclusive otherwise: no p value, however large, makes two models equal.
 */
export function labelOf(evidence: Evidence): Label {
  const { value, low90, high90, clusters } = evidence;
  if (value === null || clusters < fewestClusters) return 'too-few';
  if (isDifferent(evidence) && Math.abs(value) >= margin - rounding) return value > 0 ? 'better' : 'worse';
  if (low90 !== null && high90 !== null && low90 > -margin && high90 < margin) return 'equivalent';
  return 'inconclusive';
}
