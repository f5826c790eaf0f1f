/**
 * Items that two targets were scored on by different definitions: a target's own request parameters may change what a
 * check accepts. Such numbers are never subtracted; the items leave the comparison, and a note says so.
 */
import type { Comparison, Note } from '../types.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import { differing } from './pairing.ts';
import type { Axes } from './scores.ts';
import { counted, listed } from './sentence.ts';

export interface Conflict extends Pick<Observation, 'suite' | 'language'> {
  readonly other: string;
  /** The definition behind the other target's score, and behind the baseline's. */
  readonly signatures: readonly [other: string, baseline: string];
}

/** All items that the baseline and another target have a score for, each by another definition. */
export function findConflicts(
  axes: Axes,
  baseline: string,
  observations: ReadonlyMap<string, ObservationsByMetric>,
): Conflict[] {
  const itemsOf = (target: string): readonly Observation[] => observations.get(target)?.get(null) ?? [];
  const partners = new Map(itemsOf(baseline).map((item) => [item.name, item]));
  return axes.targets.flatMap((other) =>
    itemsOf(other).flatMap((item): Conflict[] => {
      const partner = partners.get(item.name);
      if (item.score === null || partner === undefined || partner.score === null) return [];
      const signatures = differing(item, partner);
      return signatures === null ? [] : [{ other, suite: item.suite, language: item.language, signatures }];
    }),
  );
}

/** The comparisons less those of a language or a suite in which nothing is left to compare. */
export function comparableOnly(
  comparisons: readonly Comparison[],
  conflicts: readonly Conflict[],
): Comparison[] {
  return comparisons.filter(({ other, language, suite, difference }) => {
    const isWhole = language === null && suite === null;
    return (
      isWhole ||
      difference.n > 0 ||
      !conflicts.some(
        (one) =>
          one.other === other &&
          (language === null || one.language === language) &&
          (suite === null || one.suite === suite),
      )
    );
  });
}

/** A note per target whose scores may not be subtracted from the baseline's. */
export function conflictNotes(baseline: string, conflicts: readonly Conflict[]): Note[] {
  const others = new Set(conflicts.map(({ other }) => other));
  return [...others].flatMap((other): Note[] => {
    const own = conflicts.filter((one) => one.other === other);
    const [first] = own;
    if (first === undefined) return [];
    const suites = listed([...new Set(own.map(({ suite }) => suite))]);
    const [theirs, base] = first.signatures;
    const text = `${other} and ${baseline} are not compared on ${counted(own.length, 'item')} of ${suites}: a check scored them by different definitions (${theirs} against ${base}).`;
    return [{ level: 'warning', code: 'signatures-differ', text }];
  });
}
