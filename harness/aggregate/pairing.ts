/** The items that two targets both have a score for, and how many they should have. */
import type { LanguageTag } from '../types.ts';
import type { Observation } from './observation.ts';

export interface Pair {
  readonly suite: string;
  readonly language: LanguageTag;
  readonly cluster: string;
  /** Scores of the other target and of the baseline, 0..1. */
  readonly other: number;
  readonly baseline: number;
  /** True when both were asked once. */
  readonly once: boolean;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Planned pairs without two scores, or with scores of two definitions: one entry each. */
  readonly gaps: readonly { readonly suite: string; readonly language: LanguageTag }[];
}

/** The score that a pair is made of. */
export type PickScore = (item: Observation) => number | null;

/** Where both were planned, what is lost counts as wrong; what no check applies to is still no pair. */
export const worstScore: PickScore = (item) => item.worst.score;

/**
 * Pairs by item and language, in plan order. Items that are observed only are no pairs. `pickBaseline` where the two
 * sides are not read alike.
 */
export function pairUp(
  other: readonly Observation[],
  baseline: readonly Observation[],
  pick: PickScore = (item) => item.score,
  pickBaseline: PickScore = pick,
): Pairing {
  const partners = new Map(baseline.filter((item) => item.scorable).map((item) => [item.name, item]));
  const pairs: Pair[] = [];
  const gaps: Pairing['gaps'][number][] = [];
  for (const item of other) {
    if (!item.scorable) continue;
    const partner = partners.get(item.name);
    partners.delete(item.name);
    const score = pick(item);
    const against = partner === undefined ? null : pickBaseline(partner);
    if (score === null || partner === undefined || against === null || differing(item, partner) !== null) {
      gaps.push(item);
      continue;
    }
    const { suite, language, cluster } = item;
    const once = item.planned === 1 && partner.planned === 1;
    pairs.push({ suite, language, cluster, other: score, baseline: against, once });
  }
  // A partner that is left was planned for the baseline alone.
  gaps.push(...partners.values());
  return { pairs, gaps };
}

/** The first check whose two scores carry different signatures: they are not subtracted. null: all agree. */
export function differing(
  item: Observation,
  partner: Observation,
): readonly [other: string, baseline: string] | null {
  for (const [index, signature] of (item.signatures ?? []).entries()) {
    const theirs = partner.signatures?.[index] ?? null;
    if (signature !== null && theirs !== null && signature !== theirs) return [signature, theirs];
  }
  return null;
}
