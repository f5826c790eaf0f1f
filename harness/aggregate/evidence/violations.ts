/** Which rules of their schemas answers broke, and how often. */
import { entry } from '../grouping.ts';
import type { Bounded, JsonViolation } from '../../types.ts';
import { compareText } from '../effective.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { groupedPointer } from './pointers.ts';
import { objectsOf, scoredDetails, seenBy, textOf } from './seen.ts';

/** More are not listed. */
const maxListed = 20;

/** The most frequent first, by pointer and keyword; an answer that breaks one rule at many places counts once. */
export function readViolations(axes: Axes, rows: readonly JoinedRow[]): Bounded<JsonViolation> {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const seen of seenBy(rows, ['is-json', 'contains-json'])) {
    const { suite, target, key } = seen.row.cell;
    for (const error of objectsOf(scoredDetails(seen)?.['errors'])) {
      const pointer = textOf(error['pointer']);
      const keyword = textOf(error['keyword']);
      if (pointer === null || keyword === null) continue;
      const name = JSON.stringify([suite, groupedPointer(pointer), keyword]);
      const byTarget = entry(found, name, () => new Map<string, Set<string>>());
      entry(byTarget, target, () => new Set<string>()).add(key);
    }
  }
  const all = [...found].map(([name, byTarget]): JsonViolation => {
    const [suite = '', pointer = '', keyword = ''] = JSON.parse(name) as string[];
    const targets = axes.targets.map((target) => ({ target, answers: byTarget.get(target)?.size ?? 0 }));
    return {
      suite,
      pointer,
      keyword,
      answers: targets.reduce((sum, { answers }) => sum + answers, 0),
      targets,
    };
  });
  const list = all.toSorted(
    (a, b) =>
      b.answers - a.answers ||
      compareText(a.suite, b.suite) ||
      compareText(a.pointer, b.pointer) ||
      compareText(a.keyword, b.keyword),
  );
  return { list: list.slice(0, maxListed), distinct: list.length };
}
