/** Does a target that knows an item in one language know it in all? */
import type { ConsistencyRow } from '../types.ts';
import { sameRuler } from './across-languages.ts';
import { groupBy } from './grouping.ts';
import type { Observation, ObservationsByMetric } from './observation.ts';
import type { Axes } from './scores.ts';
import { shareStat, type ItemShare } from './stat.ts';
import { fnv1a32 } from './stats/pcg32.ts';

/**
 * Rows of every target: over all suites, then per suite where there are several. Of an item asked more than once in a
 * language, more than half of its answers must pass. Languages where no check applies are left out; an item with an
 * answer lost in any of the others, or judged otherwise there, is missing. Targets without an item in two languages have no row.
 */
export function consistencyRows(
  axes: Axes,
  observations: ReadonlyMap<string, ObservationsByMetric>,
  seed: number,
): ConsistencyRow[] {
  return axes.targets.flatMap((target) => {
    const judged = (observations.get(target)?.get(null) ?? []).filter((item) => item.judged);
    const suites = axes.suites.length > 1 ? [null, ...axes.suites] : [null];
    return suites.flatMap((suite) =>
      consistencyRow(
        target,
        suite,
        judged.filter((item) => suite === null || item.suite === suite),
        seed,
      ),
    );
  });
}

function consistencyRow(
  target: string,
  suite: string | null,
  judged: readonly Observation[],
  seed: number,
): ConsistencyRow[] {
  const values: ItemShare[] = [];
  const counts = { allPassed: 0, nonePassed: 0, mixed: 0 };
  let missing = 0;
  for (const group of groupBy(judged.filter(isDue), (item) => item.item).values()) {
    const [first] = group;
    if (first === undefined || group.length < 2) continue;
    if (group.some((item) => item.pass === null || !sameRuler(item, first))) {
      missing += 1;
      continue;
    }
    const passed = group.filter((item) => (item.pass ?? 0) > 0.5).length;
    const outcome = passed === 0 ? 'nonePassed' : passed === group.length ? 'allPassed' : 'mixed';
    counts[outcome] += 1;
    values.push({ cluster: first.cluster, language: '', value: outcome === 'mixed' ? 0 : 1, repeats: 1 });
  }
  if (values.length + missing === 0) return [];
  const chance = { seed, seq: fnv1a32(JSON.stringify(['consistent', suite])) };
  return [{ target, suite, consistent: shareStat(values, { missing, unit: 'share' }, chance), ...counts }];
}

/** False where no check applied to any answer, and none is lost. */
function isDue({ pass, worst }: Observation): boolean {
  return pass !== null || worst.pass !== null;
}
