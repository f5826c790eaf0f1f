/**
 * Which record of a cell counts. Several processes may have asked the same cell, and a run may have been resumed: the
 * first answer stands, whatever came after it; without an answer, the last failure does.
 */
import type { Cell, Plan, Sample } from '../types.ts';

export interface Effective {
  /** The first answered record by (endedAt, leg, attempt); without one, the last failed. */
  readonly sample: Sample;
  /** Finished attempts at the cell, over all legs; equal lines count once. */
  readonly attempts: number;
  /** Answers that came after the one that counts. */
  readonly surplus: number;
}

/** What is left out of every number, counted. */
export interface LeftOut {
  readonly warmups: number;
  /** Records of cells that the plan does not hold, or whose labels contradict it. */
  readonly strangers: number;
}

/** The records that count, by cell key. A cell that was never asked is not in it. */
export function effectiveSamples(plan: Plan, samples: readonly Sample[]): Map<string, Effective> {
  return sift(plan, samples).effective;
}

/** `effectiveSamples`, with the count of what was left out. The order of `samples` does not matter. */
export function sift(
  plan: Plan,
  samples: readonly Sample[],
): { effective: Map<string, Effective>; leftOut: LeftOut } {
  const cells = new Map(plan.cells.map((cell) => [cell.key, cell]));
  const byCell = new Map<string, Sample[]>();
  let warmups = 0;
  let strangers = 0;
  for (const sample of samples) {
    const cell = cells.get(sample.cell);
    if (sample.warmup) warmups += 1;
    else if (cell === undefined || !belongs(sample, cell)) strangers += 1;
    else {
      const list = byCell.get(cell.key);
      if (list === undefined) byCell.set(cell.key, [sample]);
      else list.push(sample);
    }
  }
  const effective = new Map<string, Effective>();
  for (const [key, list] of byCell) {
    const chosen = choose(list);
    if (chosen !== null) effective.set(key, chosen);
  }
  return { effective, leftOut: { warmups, strangers } };
}

/** The labels on a record are for people; where they contradict the plan, something is wrong with the record. */
export function belongs(sample: Sample, cell: Cell): boolean {
  return (
    sample.target === cell.target &&
    sample.suite === cell.suite &&
    sample.test === cell.test &&
    sample.language === cell.language &&
    sample.variant === cell.variant &&
    sample.repeat === cell.repeat
  );
}

/** Which of two records of a cell came first, where their content need not decide. */
export function compareTimes(
  a: Pick<Sample, 'endedAt' | 'leg' | 'attempt'>,
  b: Pick<Sample, 'endedAt' | 'leg' | 'attempt'>,
): number {
  return a.endedAt - b.endedAt || compareText(a.leg, b.leg) || a.attempt - b.attempt;
}

function choose(list: readonly Sample[]): Effective | null {
  const ordered = list.length === 1 ? list : distinct(list.toSorted(compareRecords));
  const answered = ordered.filter((sample) => sample.outcome.kind === 'answered');
  const sample = answered[0] ?? ordered.at(-1);
  if (sample === undefined) return null;
  return { sample, attempts: ordered.length, surplus: Math.max(0, answered.length - 1) };
}

/** By the time they ended: the first answer is the one that counts. */
export function compareRecords(a: Sample, b: Sample): number {
  return (
    compareTimes(a, b) ||
    // Only for records that nothing tells apart but their content; the order they were read in must not decide.
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

/** By UTF-16 unit: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A flush that was repeated leaves the same line twice: one record. */
function distinct(ordered: readonly Sample[]): readonly Sample[] {
  const seen = new Set<string>();
  return ordered.filter((sample) => {
    const line = JSON.stringify(sample);
    if (seen.has(line)) return false;
    seen.add(line);
    return true;
  });
}
