/**
 * Which cells of a plan are still open, from records that are read once and not kept: a run of a million cells is gone
 * on with in the memory that its plan takes.
 */
import { belongs, compareTimes } from '../aggregate/effective.ts';
import type { Cell, Sample } from '../types.ts';

export interface OpenCells {
  /** Cells without an answer that may still get one, in plan order. */
  readonly open: readonly Cell[];
  /** Attempts on record, by key of open cell. */
  readonly attemptsBefore: ReadonlyMap<string, number>;
  /** Keys of open cells with an attempt that failed after some of its answer had come. */
  readonly cutBefore: ReadonlySet<string>;
}

export interface CellTally {
  readonly take: (sample: Sample) => void;
  /** `retryErrors`: cells that failed for good are open too. */
  readonly open: (options: { readonly retryErrors: boolean }) => OpenCells;
}

/** What is known of a cell without an answer. */
interface Unanswered {
  attempts: number;
  wasCut: boolean;
  last: Pick<Sample, 'endedAt' | 'leg' | 'attempt'> | null;
  isFinal: boolean;
}

/**
 * A cell is open when it has no record, or its last one failed in a way that may pass. Records that contradict the plan
 * are none, as in every number; that they were attempts is remembered, so that no attempt has the number of another.
 */
export function tallyCells(planned: readonly Cell[]): CellTally {
  /** Those without an answer: one that is answered is done with, whatever else is on record of it. */
  const cells = new Map<string, Cell>();
  for (const cell of planned) cells.set(cell.key, cell);
  const unanswered = new Map<string, Unanswered>();

  const take = (sample: Sample): void => {
    const cell = cells.get(sample.cell);
    if (cell === undefined || sample.phase !== 'quality') return;
    const isOurs = !sample.warmup && belongs(sample, cell);
    const { outcome } = sample;
    if (isOurs && outcome.kind === 'answered') {
      cells.delete(cell.key);
      unanswered.delete(cell.key);
      return;
    }
    const known = unanswered.get(cell.key) ?? { attempts: 0, wasCut: false, last: null, isFinal: false };
    known.attempts = Math.max(known.attempts, sample.attempt);
    if (isOurs && outcome.kind === 'failed') {
      known.wasCut ||= sample.chunks > 0;
      if (known.last === null || compareTimes(known.last, sample) < 0) {
        known.last = { endedAt: sample.endedAt, leg: sample.leg, attempt: sample.attempt };
        known.isFinal = outcome.failure.remedy === 'final';
      }
    }
    unanswered.set(cell.key, known);
  };

  return {
    take,
    open: ({ retryErrors }) => {
      const open = planned.filter(
        ({ key }) => cells.has(key) && (retryErrors || unanswered.get(key)?.isFinal !== true),
      );
      const met = open.flatMap(({ key }) => {
        const known = unanswered.get(key);
        return known === undefined ? [] : [{ key, ...known }];
      });
      return {
        open,
        attemptsBefore: new Map(met.map(({ key, attempts }) => [key, attempts])),
        cutBefore: new Set(met.flatMap(({ key, wasCut }) => (wasCut ? [key] : []))),
      };
    },
  };
}
