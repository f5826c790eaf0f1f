/** How good each target is, in every scope that a page shows. */
import type { LanguageTag, ScoreRow, Scope, Stat } from '../types.ts';
import { groupBy } from './grouping.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import { macroShareStat, shareStat, type ItemShare } from './stat.ts';
import { fnv1a32, type Chance } from './stats/pcg32.ts';

/** What there is to group by, in the order of the report. */
export interface Axes {
  readonly targets: readonly string[];
  readonly languages: readonly LanguageTag[];
  readonly suites: readonly string[];
  readonly metrics: readonly string[];
}

/**
 * Score rows of every target: overall, per language, per suite, per suite and language, per metric, per metric and
 * language, per suite and metric. Rows without a planned cell are left out.
 *
 * In each `Stat`, n counts the items with a value, one in each language it was asked in, and `missing` the planned
 * ones without: n + missing is the number of planned items (of items with a threshold, for the pass rate). Items that
 * are observed only are in neither. The interval of a row without a language rests on clusters, of which there are
 * fewer than n. Beside them the same figures with everything lost counted as wrong.
 */
export function scoreRows(
  axes: Axes,
  observations: ReadonlyMap<string, ObservationsByMetric>,
  seed: number,
): ScoreRow[] {
  const rows: ScoreRow[] = [];
  for (const target of axes.targets) {
    for (const metric of [null, ...axes.metrics]) {
      const all = observations.get(target)?.get(metric) ?? [];
      // The only suite is the whole: the same figures, not another draw.
      const only = all.every((item) => item.suite === all[0]?.suite);
      const whole = new Map<LanguageTag | null, Figures>();
      for (const { language, suite, items } of scopesOf(axes, all, metric)) {
        const known = only && suite !== null ? whole.get(language) : undefined;
        const found = known ?? figures(items, { language, suite, metric }, seed);
        if (suite === null) whole.set(language, found);
        rows.push({ language, suite, metric, target, ...found });
      }
    }
  }
  return rows;
}

interface ScopedItems extends Pick<Scope, 'language' | 'suite'> {
  readonly items: readonly Observation[];
}

function* scopesOf(axes: Axes, all: readonly Observation[], metric: string | null): Generator<ScopedItems> {
  if (all.length === 0) return;
  yield { language: null, suite: null, items: all };
  yield* languagesOf(axes, null, all);
  const bySuite = groupBy(all, (item) => item.suite);
  for (const suite of axes.suites) {
    const items = bySuite.get(suite);
    if (items === undefined) continue;
    yield { language: null, suite, items };
    if (metric === null) yield* languagesOf(axes, suite, items);
  }
}

function* languagesOf(axes: Axes, suite: string | null, all: readonly Observation[]): Generator<ScopedItems> {
  const byLanguage = groupBy(all, (item) => item.language);
  for (const language of axes.languages) {
    const items = byLanguage.get(language);
    if (items !== undefined) yield { language, suite, items };
  }
}

type Figures = Pick<ScoreRow, 'score' | 'passRate' | 'worstCase' | 'planned'>;

function figures(items: readonly Observation[], scope: Scope, seed: number): Figures {
  const stat = (of: readonly Observation[], pick: (item: Observation) => number | null): Stat =>
    statOf(of, pick, scope, chanceOf(scope, seed));
  const scorable = items.filter((item) => item.scorable);
  const judged = items.filter((item) => item.judged);
  const score = stat(scorable, (item) => item.score);
  const passRate = stat(judged, (item) => item.pass);
  return {
    score,
    passRate,
    worstCase: {
      score: score.missing === 0 ? score : stat(scorable, (item) => item.worst.score),
      passRate: passRate.missing === 0 ? passRate : stat(judged, (item) => item.worst.pass),
    },
    planned: items.reduce((sum, item) => sum + item.planned, 0),
  };
}

/** Named by what is analysed and not by whom: equal answers of two targets get equal intervals. */
export function chanceOf({ language, suite, metric }: Scope, seed: number): Chance {
  return { seed, seq: fnv1a32(JSON.stringify(['mean', metric, suite, language])) };
}

function statOf(
  items: readonly Observation[],
  pick: (item: Observation) => number | null,
  { language }: Scope,
  chance: Chance,
): Stat {
  const known = itemShares(items, pick);
  const counts = { missing: items.length - known.length, unit: 'share' };
  return language === null ? macroShareStat(known, counts, chance) : shareStat(known, counts, chance);
}

/** The items with a value. */
export function itemShares(
  items: readonly Observation[],
  pick: (item: Observation) => number | null,
): ItemShare[] {
  const known: ItemShare[] = [];
  for (const item of items) {
    const value = pick(item);
    const { cluster, language, planned } = item;
    if (value !== null) known.push({ cluster, language, value, repeats: planned });
  }
  return known;
}
