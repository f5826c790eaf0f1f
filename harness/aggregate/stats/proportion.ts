import type { Interval } from './interval.ts';
import { normalQuantiles } from './normal.ts';

/**
 * Wilson's score interval for k successes in n >= 1 independent trials (Wilson 1927). Keeps its coverage for small n
 * and near 0 and 1, where estimate ± z·SE does not. `z` 1.96 for 95 %.
 */
export function wilson(k: number, n: number, z: number = normalQuantiles.p975): Interval {
  const p = k / n;
  const z2 = z * z;
  const scale = 1 + z2 / n;
  const centre = (p + z2 / (2 * n)) / scale;
  const half = (z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / scale;
  return { low: k === 0 ? 0 : centre - half, high: k === n ? 1 : centre + half };
}
