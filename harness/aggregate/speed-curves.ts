/** Distributions of times, thinned to what a drawing needs. */
import type { SpeedCurve } from '../types.ts';
import { groupBy } from './grouping.ts';
import type { JoinedRow } from './rows.ts';
import { answerSpeed } from './answer-speed.ts';
import { quantile } from './stats/quantile.ts';
import { isTimed } from './times.ts';

/** Finer than an eye can tell on a page. */
const points = 60;
/** Fewer answers than this make steps, not a curve. */
const fewest = 10;

/** Per target and metric, of answers at the first attempt that nothing of ours disturbed; none where there are too few. */
export function speedCurves(targets: readonly string[], rows: readonly JoinedRow[]): SpeedCurve[] {
  const timed = groupBy(
    rows.filter(({ sample }) => sample !== null && isTimed(sample)),
    ({ cell }) => cell.target,
  );
  return (['ttftMs', 'e2eMs'] as const).flatMap((metric) =>
    targets.flatMap((target): SpeedCurve[] => {
      const values: number[] = [];
      for (const { sample, times } of timed.get(target) ?? []) {
        const value = sample === null ? null : answerSpeed(sample, times)[metric];
        if (value !== null) values.push(value);
      }
      if (values.length < fewest) return [];
      const sorted = Float64Array.from(values).sort();
      return [
        {
          target,
          metric,
          n: sorted.length,
          valuesMs: Array.from(
            { length: points },
            (_, at) => Math.round(1000 * quantile(sorted, (at + 0.5) / points)) / 1000,
          ),
        },
      ];
    }),
  );
}
