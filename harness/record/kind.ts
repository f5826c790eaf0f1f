/** The files of records in a run folder: what their lines are, and what makes a sealed line none of them. */
import { describeMisfit, type Shape } from './shape.ts';
import { newerForm } from './newer-form.ts';
import { files } from './run-folder.ts';
import { earlierLineShape, planLineShape, readingShape, sampleShape, speedPlanLineShape } from './shapes.ts';

export interface Kind {
  /** Name of the file. */
  readonly file: string;
  /** The newest form of its lines that is known here. */
  readonly newest: number;
  readonly shape: Shape;
  /** In words, what a line is: `record of an answer`. */
  readonly what: string;
}

export const kinds = {
  samples: { file: files.samples, newest: 1, shape: sampleShape, what: 'record of an answer' },
  readings: { file: files.readings, newest: 2, shape: readingShape, what: 'reading' },
  plan: { file: files.plan, newest: 1, shape: planLineShape, what: 'planned cell' },
  speedPlan: { file: files.speedPlan, newest: 1, shape: speedPlanLineShape, what: 'planned request' },
  earlier: { file: files.earlier, newest: 1, shape: earlierLineShape, what: 'line of an earlier run' },
} as const satisfies Record<string, Kind>;

/** Levels of brackets in a record: what walks through deeper ones would run out of stack. */
const mostLevels = 512;
/** A shorter line cannot hold so many: each takes two bytes. */
const shallowBytes = 2 * mostLevels;

/**
 * Why a record of a line of so many bytes is none of its kind, in words; null when it is one. Throws (exit 3) where the
 * line is of a later form: whoever can read it must.
 */
export function whyUnfit(
  record: Record<string, unknown>,
  bytes: number,
  { file, newest, shape, what }: Kind,
): string | null {
  const form = record['v'];
  if (typeof form === 'number' && form > newest) throw newerForm(file, form);
  if (!shape.holds(record)) return `is no ${what}: ${describeMisfit(shape.misfit(record, ''))}`;
  return bytes > shallowBytes && isDeep(record, mostLevels) ? `is no ${what}: it nests too deep` : null;
}

/** Whether a value has more levels than that. */
export function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const part of Array.isArray(value) ? value : Object.values(value))
    if (typeof part === 'object' && isDeep(part, levels - 1)) return true;
  return false;
}
