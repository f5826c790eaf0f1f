/**
 * Each other target against the baseline, on the same items. The claims are the overall difference and the languages;
 * the suites are exploration, and are corrected among themselves.
 */
import type { Comparison, LanguageTag, Scope } from '../types.ts';
import { differenceStat, languageDifference, overallDifference, type Difference } from './difference.ts';
import { groupBy } from './grouping.ts';
import { labelOf, margin } from './label.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import { pairUp, worstScore, type Pairing } from './pairing.ts';
import type { Axes } from './scores.ts';
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

interface Draft extends Difference, Pick<Comparison, 'worstCase'> {
  readonly other: string;
  readonly language: LanguageTag | null;
  readonly suite: string | null;
}

/**
 * Comparisons by cell score, in the order of the targets: overall, per language, per suite over all languages. p is
 * corrected by Holm within three families, each over all pairs of targets: the overall differences, the languages, and
 * the suites.
 */
export function compareTargets({ axes, baseline, seed, observations }: CompareInput): Comparison[] {
  const itemsOf = (target: string): readonly Observation[] => observations.get(target)?.get(null) ?? [];
  if (!axes.targets.includes(baseline)) return [];
  const pairs = axes.targets
    .filter((target) => target !== baseline)
    .map((other) =>
      draftsOf(axes, { other, baseline, seed, ...pairings(itemsOf(other), itemsOf(baseline)) }),
    );
  const drafts = [
    ...corrected(pairs.map((pair) => pair.overall)),
    ...corrected(pairs.flatMap((pair) => pair.languages)),
    ...corrected(pairs.flatMap((pair) => pair.suites)),
  ];
  return pairs.flatMap(({ overall: { other } }) =>
    drafts.filter((draft) => draft.other === other).map((draft) => finish(draft, baseline)),
  );
}

/**
 * Every pair of targets over all languages, the later named against the earlier one: a family of its own, corrected over
 * all pairs, and so stricter than the comparisons with the baseline.
 */
export function comparePairs({
  axes,
  seed,
  observations,
}: Pick<CompareInput, 'axes' | 'seed' | 'observations'>): Comparison[] {
  const itemsOf = (target: string): readonly Observation[] => observations.get(target)?.get(null) ?? [];
  const pairs = axes.targets.flatMap((baseline, at) =>
    axes.targets.slice(at + 1).map((other) => ({ other, baseline })),
  );
  const drafts = corrected(
    pairs.map(({ other, baseline }) => {
      const { pairing, worst } = pairings(itemsOf(other), itemsOf(baseline));
      return draft({ other, baseline, seed }, { language: null, suite: null }, pairing, worst);
    }),
  );
  return drafts.map((each, at) => finish(each, pairs[at]?.baseline ?? ''));
}

/** What is there on both sides; and with all that is lost counted as wrong, the same where nothing is. */
function pairings(
  other: readonly Observation[],
  baseline: readonly Observation[],
): Pick<PairInput, 'pairing' | 'worst'> {
  const pairing = pairUp(other, baseline);
  return { pairing, worst: pairing.gaps.length === 0 ? pairing : pairUp(other, baseline, worstScore) };
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
  readonly worst: Pairing;
}

function draft(
  { other, baseline, seed }: Pick<PairInput, 'other' | 'baseline' | 'seed'>,
  scope: Pick<Scope, 'language' | 'suite'>,
  part: Pairing,
  whole: Pairing,
): Draft {
  // Named by what is analysed, the pair in alphabetical order: no further language and no swap moves its stream.
  const name = JSON.stringify(['score', [other, baseline].toSorted(), scope.suite, scope.language]);
  const chance = { seed, seq: fnv1a32(name) };
  const over = scope.language === null ? 'languages' : 'language';
  const found = (over === 'languages' ? overallDifference : languageDifference)(part, chance);
  const worstCase = part.gaps.length === 0 ? found.difference : differenceStat(whole, over);
  return { other, ...scope, ...found, worstCase };
}

function draftsOf(axes: Axes, pair: PairInput): PairDrafts {
  const { pairing, worst } = pair;
  const overall = draft(pair, { language: null, suite: null }, pairing, worst);
  const languages = [splitBy('language', pairing), splitBy('language', worst)] as const;
  const suites = [splitBy('suite', pairing), splitBy('suite', worst)] as const;
  return {
    overall,
    languages: axes.languages
      .filter((language) => languages[0].has(language))
      .map((language) =>
        draft(pair, { language, suite: null }, at(languages[0], language), at(languages[1], language)),
      ),
    // The only suite is the whole: the same data get the same p, not another draw.
    suites: axes.suites
      .filter((suite) => suites[0].has(suite))
      .map((suite) =>
        suites[0].size === 1
          ? { ...overall, suite }
          : draft(pair, { language: null, suite }, at(suites[0], suite), at(suites[1], suite)),
      ),
  };
}

/** The pairs and gaps of each language or suite. */
function splitBy(by: 'language' | 'suite', pairing: Pairing): Map<string, Pairing> {
  const pairs = groupBy(pairing.pairs, (pair) => pair[by]);
  const gaps = groupBy(pairing.gaps, (gap) => gap[by]);
  return new Map(
    [...new Set([...pairs.keys(), ...gaps.keys()])].map((name) => [
      name,
      { pairs: pairs.get(name) ?? [], gaps: gaps.get(name) ?? [] },
    ]),
  );
}

function at(parts: ReadonlyMap<string, Pairing>, name: string): Pairing {
  return parts.get(name) ?? { pairs: [], gaps: [] };
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
    worstCase: draft.worstCase,
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
