/** Gates `by ci`: three-valued, on the whole interval, of what was answered and of that with the gaps counted against it. */
import type { LanguageTag, Stat } from '../../types.ts';
import type { Interval } from '../stats/interval.ts';
import { nonInferiority, type GateDecision, type MarginClaim } from '../stats/non-inferiority.ts';
import { isFloor, type ClaimDraft } from './draft.ts';
import type { Comparison } from './expression.ts';

/** A figure with its interval at any confidence (0..1). */
export interface Ranged {
  readonly stat: Stat;
  readonly intervalAt: (confidence: number) => Interval | null;
}

/** A claim with what it is decided on. */
export interface RangedClaim {
  readonly target: string;
  readonly against: string | null;
  readonly language: LanguageTag | null;
  readonly found: Ranged;
  readonly counted: Ranged;
  readonly clusters: number;
  /** Nothing that was answered differs from anything else. */
  readonly isFlat: boolean;
  readonly answered: number | null;
}

/**
 * A claim passes if the interval of what was answered lies wholly on the right side, and that with everything missing
 * counted against it as well: nobody passes by not answering. All claims of a gate share the 5 % by Holm's rule.
 */
export function byInterval(
  claims: readonly RangedClaim[],
  comparison: Comparison,
  limit: number,
): ClaimDraft[] {
  const up = isFloor(comparison);
  const decide = (pick: (claim: RangedClaim) => Ranged): GateDecision[] =>
    nonInferiority(
      claims.map((claim) => marginClaim(claim, pick(claim), up)),
      up ? -limit : limit,
    );
  const onFound = decide(({ found }) => found);
  const onCounted = decide(({ counted }) => counted);
  return claims.map((claim, at): ClaimDraft => {
    const { found, counted, target, against, language, clusters, answered } = claim;
    const decision = onFound[at];
    const holdsOnly = decision?.state === 'pass' && onCounted[at]?.state !== 'pass';
    const confidence = decision?.confidence ?? null;
    const shown = confidence === null ? null : found.intervalAt(confidence);
    return {
      target,
      against,
      language,
      state: holdsOnly ? 'inconclusive' : (decision?.state ?? 'inconclusive'),
      found: found.stat,
      counted: counted.stat,
      clusters,
      answered,
      confidence,
      low: shown?.low ?? null,
      high: shown?.high ?? null,
      why: holdsOnly ? 'missing' : (decision?.why ?? null),
      clustersNeeded: decision?.clustersNeeded ?? null,
      isClose: false,
    };
  });
}

/** A limit from above is one from below of what is negated. */
function marginClaim(
  { clusters, answered, isFlat }: RangedClaim,
  { stat, intervalAt }: Ranged,
  up: boolean,
): MarginClaim {
  const { value } = stat;
  return {
    value: value === null || up ? value : -value,
    clusters,
    answered: answered ?? 0,
    isFlat,
    intervalAt: (confidence) => {
      const interval = intervalAt(confidence);
      return interval === null || up ? interval : { low: -interval.high, high: -interval.low };
    },
  };
}
