/** Readings sorted out: of one target, by what they mean, in the order in which they were made. */
import type { Basis, Figures, Moment, Reading } from '../types.ts';
import { compareText } from './effective.ts';

type Made = Extract<Reading, { status: 'read' }>;
export type Read<B extends Basis = Basis> = Made & Extract<Figures, { basis: B }>;
export type Missed = Extract<Reading, { status: 'unavailable' }>;

/** In the order of time; equal moments by content, so that the order they came in does not matter. */
export function inOrder(readings: readonly Reading[]): Reading[] {
  const keyed = readings.map((reading) => ({ reading, text: JSON.stringify(reading) }));
  return keyed
    .toSorted((a, b) => a.reading.at - b.reading.at || compareText(a.text, b.text))
    .map(({ reading }) => reading);
}

export function readsOf<B extends Basis>(readings: readonly Reading[], ...bases: readonly B[]): Read<B>[] {
  return readings.filter(
    (reading): reading is Read<B> =>
      reading.status === 'read' && (bases as readonly Basis[]).includes(reading.basis),
  );
}

export const isQuiet = ({ moment }: { readonly moment: Moment }): boolean =>
  moment === 'idle' || moment === 'after';

/** Looks of some probes that gave nothing. */
export function missesOf(readings: readonly Reading[], probes: readonly string[]): Missed[] {
  return readings.filter(
    (reading): reading is Missed => reading.status === 'unavailable' && probes.includes(reading.probe),
  );
}

/** The last of a list in order. */
export const lastOf = <T>(list: readonly T[]): T | null => list.at(-1) ?? null;

/** The largest, without spreading a list that may be long; null when there is none. */
export function largest(values: readonly (number | null)[]): number | null {
  let most: number | null = null;
  for (const value of values) if (value !== null && (most === null || value > most)) most = value;
  return most;
}
