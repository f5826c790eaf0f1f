/**
 * Gates on a difference: is it no worse than a margin allows? Three answers, because "not shown" is neither yes nor no.
 * Read off the two-sided 95 % interval that the page shows, which is a one-sided test at 2.5 % (ICH E9).
 */
import type { GateDoubt, GateState } from '../../types.ts';
import type { Interval } from './interval.ts';
import { normalQuantiles } from './normal.ts';

/** One claim to be judged: a difference (other minus baseline), higher being better. */
export interface MarginClaim {
  /** null: no pair of answers. */
  readonly value: number | null;
  /** Independent items. */
  readonly clusters: number;
  /** The smaller of both sides' shares of planned cells that were answered, 0..1. */
  readonly answered: number;
  /** The two-sided interval at a confidence of 0..1; null where there is none. Wider for more confidence. */
  readonly intervalAt: (confidence: number) => Interval | null;
  /** True: no item differs from another, and the interval is that of a count of none, which shrinks with n. */
  readonly isFlat?: boolean;
}

export interface GateDecision {
  readonly state: GateState;
  /** null unless inconclusive. */
  readonly why: GateDoubt | null;
  /** Of the interval that decided, or of the last that did not; null where none was looked at. */
  readonly confidence: number | null;
  /**
   * Independent items, in all, with which four of five runs would decide if the true difference is the one seen; null
   * where no number of items would, and where the gate has decided.
   */
  readonly clustersNeeded: number | null;
}

/** Fewer independent items than this decide nothing. */
export const fewestClusters = 10;
/** Below this share of answered cells nothing is decided: what is missing may be what is hard. */
export const fewestAnswered = 0.95;
const significance = 0.05;

/**
 * One decision per claim that a difference is above -margin: pass if its interval lies wholly above, fail if
 * wholly below. Several claims (languages) share the error by Holm's rule: the level of the interval is 1 - 0.05/m while
 * m claims are undecided, and each that is decided makes the rest easier. A claim that cannot be judged stays in m: not
 * answering in one language must not help another.
 */
export function nonInferiority(claims: readonly MarginClaim[], margin: number): GateDecision[] {
  const decided = claims.map((): GateDecision | null => null);
  for (;;) {
    const open = decided.filter((one) => one === null).length;
    const confidence = 1 - significance / open;
    const found = claims.map((claim, index) =>
      decided[index] === null ? sideOf(claim, -margin, confidence) : null,
    );
    if (found.every((state) => state === null))
      return claims.map((claim, index) => decided[index] ?? undecided(claim, -margin, confidence));
    for (const [index, state] of found.entries())
      if (state !== null) decided[index] = { state, why: null, confidence, clustersNeeded: null };
  }
}

function doubtOf({ value, clusters, answered }: MarginClaim): GateDoubt | null {
  if (value === null) return 'no-value';
  if (clusters < fewestClusters) return 'too-few-items';
  return answered < fewestAnswered ? 'too-few-answers' : null;
}

function sideOf(claim: MarginClaim, bound: number, confidence: number): 'pass' | 'fail' | null {
  if (doubtOf(claim) !== null) return null;
  const interval = claim.intervalAt(confidence);
  if (interval === null) return null;
  if (interval.low > bound) return 'pass';
  return interval.high < bound ? 'fail' : null;
}

function undecided(claim: MarginClaim, bound: number, confidence: number): GateDecision {
  const why = doubtOf(claim) ?? 'interval';
  const looked = why === 'interval';
  return {
    state: 'inconclusive',
    why,
    confidence: looked ? confidence : null,
    clustersNeeded: looked ? needed(claim, bound) : null,
  };
}

/**
 * The half of the interval that faces the bound shrinks with √n; 2.80 of its standard errors must fit in between. Without
 * spread it shrinks with n, and what it must do is to fit.
 */
function needed({ value, clusters, intervalAt, isFlat = false }: MarginClaim, bound: number): number | null {
  const interval = intervalAt(1 - significance);
  if (value === null || interval === null || value === bound) return null;
  const half = value > bound ? value - interval.low : interval.high - value;
  const ratio = half / Math.abs(value - bound);
  const errors = (normalQuantiles.p975 + normalQuantiles.p80) / normalQuantiles.p975;
  return Math.max(clusters, Math.ceil(clusters * (isFlat ? ratio : (errors * ratio) ** 2)));
}
