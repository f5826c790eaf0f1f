import type { ChoiceEvidence } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { countOutcomes } from './outcomes.ts';
import { scoredDetails } from './seen.ts';

/** What `choice` read, and what guessing would have got. */
export function readChoices(axes: Axes, rows: readonly JoinedRow[]): ChoiceEvidence[] {
  const outcomes = ['correct', 'wrong', 'invalid', 'none', 'ambiguous'] as const;
  return countOutcomes(axes, rows, 'choice', outcomes).map(({ row, read }) => {
    const chances = read
      .map(({ seen }) => scoredDetails(seen)?.['chance'])
      .filter((chance) => typeof chance === 'number');
    const chance =
      chances.length === 0 ? null : chances.reduce((sum, each) => sum + each, 0) / chances.length;
    return { ...row, chance };
  });
}
