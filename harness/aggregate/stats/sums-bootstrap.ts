/**
 * Percentile bootstrap over clusters (Efron 1979) for figures that are no means: the counts of as many clusters as there
 * are, drawn with replacement, are added up, and the figure is computed from the sums.
 */
import type { Interval } from './interval.ts';
import { pcg32 } from './pcg32.ts';

/** A figure computed from sums, and what it is summed over. */
export interface SummedFigure {
  /** Counts, a row per cluster, all of one length. */
  readonly rows: readonly (readonly number[])[];
  readonly figure: (sums: ArrayLike<number>) => number;
}

export interface BootstrapOptions {
  /** How often all clusters are drawn anew. */
  readonly draws: number;
  readonly seed: number;
  /** The stream of the analysis; see `pcg32`. */
  readonly seq: number;
}

/**
 * The middle 95 % of each figure over the draws, by order statistics. All figures have the same number of rows, one or
 * more, and are drawn together: drawing takes longer than adding up. None moves another.
 */
export function sumsBootstrap(
  figures: readonly SummedFigure[],
  { draws, seed, seq }: BootstrapOptions,
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
  const low = Math.floor(0.025 * draws);
  return tables.map(({ found }) => {
    found.sort();
    return { low: found[low] ?? Number.NaN, high: found[draws - 1 - low] ?? Number.NaN };
  });
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

/** Integers 0 <= x < n, each as likely as another: words under 2^32 mod n are drawn again. */
function below(next: () => number, n: number): () => number {
  const least = 2 ** 32 % n;
  return () => {
    let word = next();
    while (word < least) word = next();
    return word % n;
  };
}
