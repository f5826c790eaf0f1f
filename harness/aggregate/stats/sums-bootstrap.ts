/**
 * Percentile bootstrap over clusters (Efron 1979) for figures that are no means: the counts of as many clusters as there
 * are, drawn with replacement, are added up, and the figure is computed from the sums.
 */
import { percentileInterval } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { below, pcg32, type Chance } from './pcg32.ts';

/** A figure computed from sums, and what it is summed over. */
export interface SummedFigure {
  /** Counts, a row per cluster, all of one length. */
  readonly rows: readonly (readonly number[])[];
  readonly figure: (sums: ArrayLike<number>) => number;
}

/**
 * The middle 95 % of each figure when all clusters are drawn anew so many times. All figures have the same number of
 * rows, one or more, and are drawn together: drawing takes longer than adding up. None moves another.
 */
export function sumsBootstrap(
  figures: readonly SummedFigure[],
  draws: number,
  { seed, seq }: Chance,
): Interval[] {
  const clusters = figures[0]?.rows.length ?? 0;
  const place = below(pcg32(seed, seq), clusters);
  const times = new Int32Array(clusters);
  const tables = figures.map(({ rows, figure }) => {
    const width = rows[0]?.length ?? 0;
    const sums = new Float64Array(4 * Math.ceil(width / 4));
    const columns = columnsOf(rows, sums.length);
    return { columns, sums, seen: sums.subarray(0, width), figure, found: new Float64Array(draws) };
  });
  for (let draw = 0; draw < draws; draw += 1) {
    times.fill(0);
    for (let drawn = 0; drawn < clusters; drawn += 1) {
      const row = place();
      times[row] = (times[row] ?? 0) + 1;
    }
    for (const { columns, sums, seen, figure, found } of tables) {
      addUp(columns, times, sums);
      found[draw] = figure(seen);
    }
  }
  return tables.map(({ found }) => percentileInterval(found.sort(), 0.025));
}

/** One column after the other; those past the last are zeros. */
function columnsOf(rows: readonly (readonly number[])[], width: number): Float64Array {
  const columns = new Float64Array(width * rows.length);
  for (const [at, row] of rows.entries())
    for (const [column, count] of row.entries()) columns[column * rows.length + at] = count;
  return columns;
}

/** Sums of the columns, each row as often as it was drawn; four columns at a time take half the time of one. */
function addUp(columns: Float64Array, times: Int32Array, sums: Float64Array): void {
  const rows = times.length;
  for (let column = 0; column < sums.length; column += 4) {
    const first = column * rows;
    const second = first + rows;
    const third = second + rows;
    const fourth = third + rows;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let row = 0; row < rows; row += 1) {
      const count = times[row] ?? 0;
      a += count * (columns[first + row] ?? 0);
      b += count * (columns[second + row] ?? 0);
      c += count * (columns[third + row] ?? 0);
      d += count * (columns[fourth + row] ?? 0);
    }
    sums[column] = a;
    sums[column + 1] = b;
    sums[column + 2] = c;
    sums[column + 3] = d;
  }
}
