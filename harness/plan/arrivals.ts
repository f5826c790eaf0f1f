/** When the requests of an open loop start: fixed before the first is sent, whatever the server does. */
import type { Load } from '../types.ts';
import { uniform, type Purpose } from './speed-draw.ts';

type OpenLoad = Extract<Load, { kind: 'open' }>;

/**
 * Starts in ms from the start of the block, ascending, the first at 0. `poisson`: exponential gaps, scaled so that the
 * block offers exactly its rate: n arrivals end at (n - 1) / rate. A block of chance would offer a little more or less,
 * and the two sides of no other pair the same.
 */
export function arrivalTimes(n: number, { rate, arrivals }: OpenLoad, purpose: Purpose): number[] {
  const gapMs = 1000 / rate;
  if (arrivals === 'constant' || n < 2) return Array.from({ length: n }, (_, at) => at * gapMs);
  const gaps = Array.from({ length: n - 1 }, (_, at) => -Math.log(1 - uniform([...purpose, 'gap', at])));
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  const scale = ((n - 1) * gapMs) / sum;
  let time = 0;
  return [0, ...gaps.map((gap) => (time += gap * scale))].map((ms) => Math.round(ms * 1000) / 1000);
}
