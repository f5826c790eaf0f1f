/** Outcomes of a check that reads one thing from an answer: how many of each, and what was never read. */
import type { EvidenceScope } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { byScope, scoredDetails, seenBy, textOf, type Seen } from './seen.ts';

export type Counted<Outcome extends string> = EvidenceScope & Readonly<Record<Outcome, number>>;

/** A verdict with a score, and what it says it read. */
export interface ReadVerdict<Outcome extends string> {
  readonly seen: Seen;
  readonly outcome: Outcome;
}

export interface OutcomeTable<Outcome extends string> {
  readonly row: Counted<Outcome>;
  readonly read: readonly ReadVerdict<Outcome>[];
}

/**
 * One row per suite, metric, target and language. A score without an outcome comes from a transform that left nothing
 * to read: `none`. An outcome that is not on the list was not read, and is missing.
 */
export function countOutcomes<Outcome extends string>(
  axes: Axes,
  rows: readonly JoinedRow[],
  check: string,
  outcomes: readonly (Outcome | 'none')[],
): OutcomeTable<Outcome | 'none'>[] {
  return byScope(axes, seenBy(rows, [check])).map(([scope, list]) => {
    const read = list.flatMap((seen): ReadVerdict<Outcome | 'none'>[] => {
      const details = scoredDetails(seen);
      if (details === null) return [];
      const said = textOf(details['outcome']) ?? 'none';
      const outcome = outcomes.find((one) => one === said);
      return outcome === undefined ? [] : [{ seen, outcome }];
    });
    const counts = Object.fromEntries(
      outcomes.map((outcome) => [outcome, read.filter((one) => one.outcome === outcome).length]),
    ) as Record<Outcome | 'none', number>;
    return { row: { ...scope, n: read.length, missing: list.length - read.length, ...counts }, read };
  });
}
