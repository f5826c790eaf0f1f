/** On which rung of the ladder the JSON of an answer stood. */
import { groupBy } from '../grouping.ts';
import type { JsonStageEvidence, JsonStageName } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { byScope, seenBy, textOf, type Seen } from './seen.ts';

const names: readonly JsonStageName[] = [
  'strict',
  'fenced',
  'embedded',
  'ambiguous',
  'truncated',
  'repaired',
  'invalid',
  'none',
];

/** One row per suite, target and language. Where several checks read one answer, the first that says a stage counts. */
export function readStages(axes: Axes, rows: readonly JoinedRow[]): JsonStageEvidence[] {
  const seen = seenBy(rows, ['is-json', 'contains-json', 'equals-json']);
  const perCell = [...groupBy(seen, ({ row }) => row.cell.key).values()].flatMap((list): Seen[] => {
    const chosen = list.find((one) => stageOf(one) !== null) ?? list[0];
    // One metric for all: the answer is counted, not the check.
    return chosen === undefined ? [] : [{ ...chosen, spec: { ...chosen.spec, metric: '' } }];
  });
  return byScope(axes, perCell).map(([{ suite, target, language }, list]) => {
    const stages = list.map(stageOf).filter((stage) => stage !== null);
    const counts = names.map((name): [JsonStageName, number] => [
      name,
      stages.filter((stage) => stage === name).length,
    ]);
    return {
      suite,
      target,
      language,
      n: stages.length,
      missing: list.length - stages.length,
      stages: Object.fromEntries(counts) as JsonStageEvidence['stages'],
    };
  });
}

function stageOf({ verdict }: Seen): JsonStageName | null {
  const said = textOf(verdict?.details['stage']);
  return names.find((name) => name === said) ?? null;
}
