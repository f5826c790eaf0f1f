import type { NumberEvidence } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { countOutcomes } from './outcomes.ts';
import { scoredDetails } from './seen.ts';

/** What `number` read: a number that cannot be read and a wrong one are counted apart. */
export function readNumbers(axes: Axes, rows: readonly JoinedRow[]): NumberEvidence[] {
  const outcomes = ['correct', 'wrong', 'none', 'ambiguous'] as const;
  return countOutcomes(axes, rows, 'number', outcomes).map(({ row, read }) => ({
    ...row,
    otherReading: read.filter(({ seen }) => scoredDetails(seen)?.['otherReading'] === true).length,
  }));
}
