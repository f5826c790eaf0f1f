/**
 * Each other target against the baseline, on the same items. The claims are the overall difference and the languages;
 * the suites are exploration, and are corrected among themselves.
 */
import type { Comparison, LanguageTag, Scope } from '../types.ts';
import { languageDifference, overallDifference, type Difference } from './difference.ts';
import { labelOf, margin } from './label.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import { pairUp, type Pairing } from './pairing.ts';
import type { Axes } from './scores.ts';
import { groupBy } from './scores.ts';
import { sentenceOf } from './sentence.ts';
import { holm } from './stats/holm.ts';
import { fnv1a32 } from './stats/pcg32.ts';

export interface CompareInput {
  readonly axes: Axes;
  readonly baseline: string;
  /** Seed of the run. */
  readonly seed: number;
  readonly observations: ReadonlyMap<string, ObservationsByMetric>;
}

interface Draft extends Difference {
  readonly other: string;
  readonly language: LanguageTag | null;
  readonly suite: string | null;
}

/**
 * Comparisons by cell score, in the order of the targets: overall, per language, per suite over all languages. p is
 * corrected by Holm over the languages of a pair, over its suites, and, for the overall differences, over the pairs.
 */
export function compareTargets({ axes, baseline, seed, observations }: CompareInput): Comparison[] {
  const itemsOf = (target: string): readonly Observation[] => observations.get(target)?.get(null) ?? [];
  if (!axes.targets.includes(baseline)) return [];
  const pairs = axes.targets
    .filter((target) => target !== baseline)
    .map((other) =>
      draftsOf(axes, { other, baseline, seed, pairing: pairUp(itemsOf(other), itemsOf(baseline)) }),
    );
  const overall = corrected(pairs.map((pair) => pair.overall));
  return pairs.flatMap((pair, index) =>
    [...overall.slice(index, index + 1), ...corrected(pair.languages), ...corrected(pair.suites)].map(
      (draft) => finish(draft, baseline),
    ),
  );
}

interface PairDrafts {
  readonly overall: Draft;
  readonly languages: readonly Draft[];
  readonly suites: readonly Draft[];
}

interface PairInput {
  readonly other: string;
  readonly baseline: string;
  readonly seed: number;
  readonly pairing: Pairing;
}

function draftsOf(axes: Axes, { other, baseline, seed, pairing }: PairInput): PairDrafts {
  const draft = (scope: Pick<Scope, 'language' | 'suite'>, part: Pairing): Draft => {
    // Named by what is analysed, the pair in alphabetical order: no further language and no swap moves its stream.
    const name = JSON.stringify(['score', [other, baseline].toSorted(), scope.suite, scope.language]);
    const difference = scope.language === null ? overallDifference : languageDifference;
    return { other, ...scope, ...difference(part, { seed, seq: fnv1a32(name) }) };
  };
  const split = (by: 'language' | 'suite', names: readonly string[]): [string, Pairing][] => {
    const pairs = groupBy(pairing.pairs, (pair) => pair[by]);
    const gaps = groupBy(pairing.gaps, (gap) => gap[by]);
    return names
      .filter((name) => pairs.has(name) || gaps.has(name))
      .map((name) => [name, { pairs: pairs.get(name) ?? [], gaps: gaps.get(name) ?? [] }]);
  };
  const overall = draft({ language: null, suite: null }, pairing);
  const suites = split('suite', axes.suites);
  return {
    overall,
    languages: split('language', axes.languages).map(([language, part]) =>
      draft({ language, suite: null }, part),
    ),
    // The only suite is the whole: the same data get the same p, not another draw.
    suites: suites.map(([suite, part]) =>
      suites.length === 1 ? { ...overall, suite } : draft({ language: null, suite }, part),
    ),
  };
}

type Corrected = Draft & Pick<Comparison, 'pHolm'>;

/** Holm over those of a family that have a p. */
function corrected(family: readonly Draft[]): Corrected[] {
  const adjusted = holm(family.flatMap((draft) => draft.p ?? []));
  let next = 0;
  return family.map((draft) => ({ ...draft, pHolm: draft.p === null ? null : (adjusted[next++] ?? null) }));
}

function finish(draft: Corrected, baseline: string): Comparison {
  const { difference } = draft;
  const comparison: Omit<Comparison, 'sentence'> = {
    language: draft.language,
    suite: draft.suite,
    metric: null,
    other: draft.other,
    baseline,
    measure: 'score',
    difference,
    clusters: draft.clusters,
    p: draft.p,
    pHolm: draft.pHolm,
    test: draft.test,
    onlyOther: draft.onlyOther,
    onlyBaseline: draft.onlyBaseline,
    low90: draft.low90,
    high90: draft.high90,
    minimumDetectable: draft.minimumDetectable,
    margin,
    label: labelOf({ ...draft, value: difference.value, low: difference.low, high: difference.high }),
  };
  return { ...comparison, sentence: sentenceOf(comparison) };
}
