/** Fields of the plan that a target's server does not take: somebody wrote them, so it is said before the run. */
import { droppedBy } from '../run/dialects.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { Cell, Target } from '../types.ts';
import { dialectOf } from './endpoints.ts';

/** A line for each target of which some request loses a field. */
export function leftOutWarnings(
  targets: readonly Target[],
  open: readonly Cell[],
  facts: ReadonlyMap<string, ServerFacts>,
): string[] {
  return targets.flatMap((target) => {
    const known = facts.get(target.id) ?? null;
    const dialect = dialectOf(target, known);
    const own = open.filter((cell) => cell.target === target.id);
    const counts = new Map<string, number>();
    for (const { request } of own)
      for (const field of droppedBy(dialect, request, known ?? {}))
        counts.set(field, (counts.get(field) ?? 0) + 1);
    if (counts.size === 0) return [];
    const fields = [...counts].map(([field, count]) =>
      count === own.length ? field : `${field} (in ${count} of ${own.length} requests)`,
    );
    return [`target ${target.id}: ${dialect.title} does not take ${fields.join(', ')}: left out`];
  });
}
