/** Which leaves of the references answers got right, leaf by leaf. */
import { entry, groupBy } from '../grouping.ts';
import type { Bounded, FieldEvidence, Json } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { macroShareStat, type ItemShare } from '../stat.ts';
import { fnv1a32, type Chance } from '../stats/pcg32.ts';
import { groupedPointer } from './pointers.ts';
import { byScope, numberOf, objectsOf, scoredDetails, seenBy, textOf, type Seen } from './seen.ts';

/** Leaves per suite and metric that are listed; the answers may add any number of their own. */
const maxListed = 40;

interface Leaf {
  readonly seen: Seen;
  readonly pointer: string;
  readonly kind: string;
  readonly match: number;
  readonly why: string;
}

/**
 * One entry per suite, metric, pointer and target: leaves of the references in their order, then what only answers have.
 * An answer without readable JSON has no leaves; neither has one so large that its details do not show them all.
 */
export function readFields(axes: Axes, rows: readonly JoinedRow[], seed: number): Bounded<FieldEvidence> {
  const scopes = byScope(axes, seenBy(rows, ['equals-json']));
  const groups = groupBy(scopes, ([{ suite, metric }]) => JSON.stringify([suite, metric]));
  const parts = [...groups.values()].map((group) => metricFields(axes, group, seed));
  return {
    list: parts.flatMap(({ list }) => list),
    distinct: parts.reduce((sum, part) => sum + part.distinct, 0),
  };
}

function metricFields(axes: Axes, group: ReturnType<typeof byScope>, seed: number): Bounded<FieldEvidence> {
  const [first] = group;
  if (first === undefined) return { list: [], distinct: 0 };
  const { suite, metric } = first[0];
  const seen = group.flatMap(([, list]) => list);
  const byPointer = groupBy(seen.flatMap(leavesOf), (leaf) => leaf.pointer);
  const planned = plannedLeaves(seen);
  const pointers = [...byPointer.keys()];
  const ordered = [
    ...pointers.filter((pointer) => planned.has(pointer)),
    ...pointers
      .filter((pointer) => !planned.has(pointer))
      .toSorted((a, b) => (byPointer.get(b)?.length ?? 0) - (byPointer.get(a)?.length ?? 0)),
  ];
  const targets = axes.targets.filter((target) => seen.some(({ row }) => row.cell.target === target));
  const list = ordered.slice(0, maxListed).flatMap((pointer) =>
    targets.map((target): FieldEvidence => {
      const own = (byPointer.get(pointer) ?? []).filter((leaf) => leaf.seen.row.cell.target === target);
      const due = planned.get(pointer)?.get(target) ?? 0;
      const chance = { seed, seq: fnv1a32(JSON.stringify(['field', suite, metric, pointer])) };
      return { suite, metric, target, pointer, ...figures(axes, own, due, chance) };
    }),
  );
  return { list, distinct: ordered.length };
}

/** The leaves that an answer was compared in; none where the details do not show all of them. */
function leavesOf(seen: Seen): Leaf[] {
  const details = scoredDetails(seen);
  if (details === null) return [];
  const shown = objectsOf(details['fields']);
  if (numberOf(details['leaves']) + numberOf(details['extra']) > shown.length) return [];
  return shown.flatMap((field): Leaf[] => {
    const pointer = textOf(field['pointer']);
    const why = textOf(field['why']);
    if (pointer === null || why === null) return [];
    const kind = textOf(field['kind']) ?? '';
    return [{ seen, pointer: groupedPointer(pointer), kind, match: numberOf(field['match']), why }];
  });
}

/** How many leaves the references have at each pointer, by target. */
function plannedLeaves(seen: readonly Seen[]): Map<string, Map<string, number>> {
  const planned = new Map<string, Map<string, number>>();
  for (const { row, spec } of seen) {
    for (const pointer of pointersOf('', spec.params['value'])) {
      const byTarget = entry(planned, groupedPointer(pointer), () => new Map<string, number>());
      byTarget.set(row.cell.target, (byTarget.get(row.cell.target) ?? 0) + 1);
    }
  }
  return planned;
}

/** Pointers of the scalars, and of the empty objects and arrays, of a value. */
function pointersOf(path: string, value: Json | undefined): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Object.entries(value);
  if (parts.length === 0) return [path];
  return parts.flatMap(([name, part]: [string, Json]) =>
    pointersOf(`${path}/${name.normalize('NFC').replaceAll('~', '~0').replaceAll('/', '~1')}`, part),
  );
}

function figures(
  axes: Axes,
  leaves: readonly Leaf[],
  planned: number,
  chance: Chance,
): Pick<FieldEvidence, 'kind' | 'match' | 'differences' | 'languages'> {
  const compared = leaves.filter(({ why }) => why !== 'extra');
  const items = compared.map(({ seen: { row }, match }): ItemShare => {
    return { cluster: row.names.cluster, language: row.cell.language, value: match, repeats: 1 };
  });
  const count = (why: string): number => leaves.filter((leaf) => leaf.why === why).length;
  return {
    kind: (compared[0] ?? leaves[0])?.kind ?? '',
    match: macroShareStat(items, { missing: Math.max(0, planned - items.length), unit: 'share' }, chance),
    differences: {
      value: count('value'),
      type: count('type'),
      absent: count('missing'),
      extra: count('extra'),
    },
    languages: axes.languages.flatMap((language) => {
      const own = items.filter((item) => item.language === language);
      if (own.length === 0) return [];
      return [{ language, n: own.length, matched: own.filter(({ value }) => value === 1).length }];
    }),
  };
}
