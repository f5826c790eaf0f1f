/** What repeats of the same question say: how often one of several tries passes, and whether tries agree. */
import type { LanguageTag, RepeatRow, Stat } from '../types.ts';
import { groupBy } from './grouping.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import type { Axes } from './scores.ts';
import { macroShareStat, shareStat, type ItemShare } from './stat.ts';
import { passAtK } from './stats/pass-at-k.ts';
import { fnv1a32 } from './stats/pcg32.ts';

/** Up to this many tries every k is given; beyond, round numbers and the last. */
const everyUpTo = 10;
const roundNumbers = [20, 50, 100, 200, 500, 1000];

/**
 * Rows of every target with items asked more than once: over all languages, then per language. Items asked once are left
 * out; for pass@k only those asked at least k times count. An item with a lost repeat is missing.
 */
export function repeatRows(
  axes: Axes,
  observations: ReadonlyMap<string, ObservationsByMetric>,
  seed: number,
): RepeatRow[] {
  return axes.targets.flatMap((target) => {
    const repeated = (observations.get(target)?.get(null) ?? []).filter(
      (item) => item.judged && item.planned > 1,
    );
    if (repeated.length === 0) return [];
    const byLanguage = groupBy(repeated, (item) => item.language);
    return [null, ...axes.languages].flatMap((language) => {
      const items = language === null ? repeated : byLanguage.get(language);
      return items === undefined ? [] : [repeatRow(target, language, items, seed)];
    });
  });
}

function repeatRow(
  target: string,
  language: LanguageTag | null,
  items: readonly Observation[],
  seed: number,
): RepeatRow {
  const stat = (
    name: string,
    of: readonly Observation[],
    value: (item: Observation) => number | null,
  ): Stat => {
    const known: ItemShare[] = [];
    for (const item of of) {
      const found = value(item);
      // One value per item, whatever it is made of: all that varies between items is in it.
      if (found !== null)
        known.push({ cluster: item.cluster, language: item.language, value: found, repeats: 1 });
    }
    const counts = { missing: of.length - known.length, unit: 'share' };
    const chance = { seed, seq: fnv1a32(JSON.stringify([name, language])) };
    return language === null ? macroShareStat(known, counts, chance) : shareStat(known, counts, chance);
  };
  const most = items.reduce((high, { planned }) => Math.max(high, planned), 0);
  return {
    target,
    language,
    passAtK: triesUpTo(most).map((k) => ({
      k,
      value: stat(
        `pass@${k}`,
        items.filter((item) => item.planned >= k),
        ({ pass, decided }) =>
          pass === null || decided < k ? null : passAtK(decided, Math.round(pass * decided), k),
      ),
    })),
    stable: stat('stable', items, ({ pass, decided }) =>
      pass === null || decided < 2 ? null : pass === 0 || pass === 1 ? 1 : 0,
    ),
  };
}

function triesUpTo(most: number): number[] {
  const every = Array.from({ length: Math.min(most, everyUpTo) }, (_, index) => index + 1);
  return most <= everyUpTo ? every : [...every, ...roundNumbers.filter((k) => k < most), most];
}
