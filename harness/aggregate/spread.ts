/** How evenly each target serves its languages: the worst of them, the distance to the best, and to the base language. */
import type { BaseGap, LanguageTag, ScoreRow, SpreadRow } from '../types.ts';
import { sameRuler } from './across-languages.ts';
import { differenceStat } from './difference.ts';
import { groupBy } from './grouping.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import type { Pair, Pairing } from './pairing.ts';
import type { Axes } from './scores.ts';
import { emptyStat } from './stat.ts';

export interface SpreadInput {
  readonly axes: Axes;
  readonly scores: readonly ScoreRow[];
  readonly observations: ReadonlyMap<string, ObservationsByMetric>;
  /** The base language of a suite, its first; null where it is not known. */
  readonly baseOf: (suite: string) => LanguageTag | null;
}

/** One row per target, by pass rate over all suites. */
export function spreadRows(input: SpreadInput): SpreadRow[] {
  return input.axes.targets.map((target) => ({
    target,
    ...extremes(input.scores.filter((row) => row.target === target)),
    gaps: gapsOf(input, input.observations.get(target)?.get(null) ?? []),
  }));
}

function extremes(scores: readonly ScoreRow[]): Pick<SpreadRow, 'worst' | 'best' | 'spread'> {
  const known = scores.flatMap(({ language, suite, metric, passRate }) =>
    language !== null && suite === null && metric === null && passRate.value !== null
      ? [{ language, value: passRate.value }]
      : [],
  );
  const planned = scores.filter(
    ({ language, suite, metric, passRate }) =>
      language !== null && suite === null && metric === null && passRate.n + passRate.missing > 0,
  );
  const counts = { missing: planned.length - known.length, unit: 'share' };
  const [first] = known;
  if (first === undefined || known.length < 2)
    return { worst: null, best: null, spread: { ...emptyStat(counts), n: known.length } };
  const worst = known.reduce((least, each) => (each.value < least.value ? each : least), first);
  const best = known.reduce((most, each) => (each.value > most.value ? each : most), first);
  const spread = { ...emptyStat(counts), value: best.value - worst.value, n: known.length };
  return { worst: worst.language, best: best.language, spread };
}

function gapsOf({ axes, baseOf }: SpreadInput, items: readonly Observation[]): BaseGap[] {
  const judged = items.filter((item) => item.judged);
  const inBase = new Map(
    judged.filter((item) => item.language === baseOf(item.suite)).map((item) => [item.item, item]),
  );
  const others = groupBy(
    judged.filter((item) => {
      const base = baseOf(item.suite);
      return base !== null && item.language !== base;
    }),
    (item) => item.language,
  );
  return axes.languages.flatMap((language) => {
    const list = others.get(language);
    if (list === undefined) return [];
    const [base = null, ...more] = new Set(list.map((item) => baseOf(item.suite)));
    return [
      {
        language,
        base: more.length === 0 ? base : null,
        difference: differenceStat(pairWithBase(list, inBase), 'language'),
      },
    ];
  });
}

/**
 * The same item in both languages, judged alike; an item that was never planned in the base language is no gap in the
 * record.
 */
function pairWithBase(items: readonly Observation[], inBase: ReadonlyMap<string, Observation>): Pairing {
  const pairs: Pair[] = [];
  const gaps: Observation[] = [];
  for (const item of items) {
    const base = inBase.get(item.item);
    if (base === undefined) continue;
    if (item.pass === null || base.pass === null || !sameRuler(item, base)) {
      gaps.push(item);
      continue;
    }
    const { suite, language, cluster } = item;
    const once = item.planned === 1 && base.planned === 1;
    pairs.push({ suite, language, cluster, other: item.pass, baseline: base.pass, once });
  }
  return { pairs, gaps };
}
