/** What gates may speak of, from the plan. */
import type { Cell } from '../../types.ts';
import type { GateNames } from './expression.ts';

/** Targets and languages in the order of the plan unless `targets` gives one. */
export function gateNames(
  cells: Iterable<Pick<Cell, 'target' | 'language' | 'checks'>>,
  targets: readonly string[],
  hasEarlier: boolean,
): GateNames {
  const languages = new Set<string>();
  const metrics = new Set<string>();
  const asked = new Set<string>(targets);
  const planned = new Set<string>();
  for (const { target, language, checks } of cells) {
    asked.add(target);
    languages.add(language);
    for (const metric of [null, ...checks.map((check) => check.metric)]) {
      if (metric !== null) metrics.add(metric);
      planned.add(nameOf(target, language, metric)).add(nameOf(target, null, metric));
    }
  }
  return {
    targets: [...asked],
    languages: [...languages],
    metrics: [...metrics],
    hasEarlier,
    isPlanned: (...scope) => planned.has(nameOf(...scope)),
  };
}

function nameOf(target: string, language: string | null, metric: string | null): string {
  return JSON.stringify([target, language, metric]);
}
