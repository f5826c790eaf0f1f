/** `min` and `max` of the checks that count something. */
import type { JsonObject } from '../../types.ts';

export const boundParams: JsonObject = {
  min: { type: 'integer', minimum: 0, description: 'At least this many.' },
  max: { type: 'integer', minimum: 0, description: 'At most this many.' },
};

/** Bounds that bound nothing, or leave nothing between them. */
export function boundsProblem({ min, max }: JsonObject): string | null {
  if (min === undefined && max === undefined) return 'neither min nor max is given';
  return typeof min === 'number' && typeof max === 'number' && min > max
    ? `min ${min} is more than max ${max}`
    : null;
}

export interface Bounds {
  readonly holds: (count: number) => boolean;
  /** `at least 3`, `2 to 4`. */
  readonly words: string;
}

export function boundsOf(params: JsonObject): Bounds {
  const bound = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);
  const min = bound(params['min'], 0);
  const max = bound(params['max'], Number.POSITIVE_INFINITY);
  const words =
    max === Number.POSITIVE_INFINITY
      ? `at least ${min}`
      : min === 0
        ? `at most ${max}`
        : min === max
          ? `exactly ${min}`
          : `${min} to ${max}`;
  return { words, holds: (count) => count >= min && count <= max };
}
