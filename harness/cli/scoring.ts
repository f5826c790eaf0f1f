/** Scores every cell of a plan in its order, by judges beside this thread. Holds no more of it at a time than they work on. */
import { findingOf, noAnswer, seenAnswer, type ScoreContext } from '../score/score.ts';
import type { Cell, Finding, Sample, Verdict } from '../types.ts';
import type { Judges } from './judges/pool.ts';
import type { Task } from './judges/job.ts';

export interface ScoringInput extends Pick<ScoreContext, 'times' | 'takesTools'> {
  readonly cells: readonly Cell[];
  /** The record that counts, or null when there is none. */
  readonly sampleOf: (cell: Cell) => Sample | null;
}

/** A batch ends at so many checks or so many UTF-16 units of answers and prompts. */
const batchChecks = 64;
const batchText = 1_000_000;
/** Checks of a plan for which another batch is worth having under way. */
const checksPerBatchAhead = 4000;

/** The findings of each cell, in plan order; the same as from `scoreCell`, but for checks that had to be ended. */
export async function* scoreCells(input: ScoringInput, judges: Judges): AsyncGenerator<readonly Finding[]> {
  const total = input.cells.reduce((sum, { checks }) => sum + checks.length, 0);
  const ahead = Math.min(judges.size + 1, 1 + Math.floor(total / checksPerBatchAhead));
  const batches = batchesOf(input);
  const underWay: { readonly cells: readonly Answered[]; readonly verdicts: Promise<Verdict[]> }[] = [];
  const begin = (): void => {
    const { value: cells, done } = batches.next();
    if (done === true) return;
    const verdicts = judges.judge(cells.flatMap(({ task }) => task ?? []));
    // Whoever stops reading in between has no use for what becomes of it.
    verdicts.catch(() => {});
    underWay.push({ cells, verdicts });
  };
  for (let count = 0; count < ahead; count++) begin();
  for (let batch = underWay.shift(); batch !== undefined; batch = underWay.shift()) {
    const verdicts = await batch.verdicts;
    begin();
    let at = 0;
    for (const { cell, sample, task } of batch.cells) {
      yield cell.checks.map((_, index) =>
        findingOf(cell, index, (task === null ? undefined : verdicts[at++]) ?? noAnswer(sample)),
      );
    }
  }
}

interface Answered {
  readonly cell: Cell;
  readonly sample: Sample | null;
  /** null without an answer. */
  readonly task: Task | null;
}

function* batchesOf({
  cells,
  sampleOf,
  ...context
}: ScoringInput): Generator<readonly Answered[], undefined> {
  let batch: Answered[] = [];
  let checks = 0;
  let text = 0;
  for (const cell of cells) {
    const sample = sampleOf(cell);
    const answer = seenAnswer(cell, sample, context);
    batch.push({
      cell,
      sample,
      task: answer === null ? null : { target: cell.target, answer, checks: cell.checks },
    });
    checks += cell.checks.length;
    text += (answer?.text.length ?? 0) + (answer?.prompt.length ?? 0);
    if (checks < batchChecks && text < batchText) continue;
    yield batch;
    batch = [];
    checks = 0;
    text = 0;
  }
  if (batch.length > 0) yield batch;
  return undefined;
}
