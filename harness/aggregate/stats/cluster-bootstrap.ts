/** Bootstrap of a mean of language means over whole clusters, each cluster in all its languages at once. */
import { bcaIntervals, expandedTail } from './bca.ts';
import { binomial } from './binomial.ts';
import { draws } from './bootstrap.ts';
import type { ClusteredInLanguage } from './clustered.ts';
import type { Interval } from './interval.ts';
import { below, pcg32, type Chance } from './pcg32.ts';

/** Sums and counts of one cluster, one entry per language. */
interface ClusterRow {
  readonly sums: readonly number[];
  readonly counts: readonly number[];
}

/**
 * BCa intervals of `macroMean` (of `clusteredMean` where there is one language), one for each of `tails` (0.025 for
 * 95 %), from 10,000 draws, with tails expanded for the number of clusters. The order of the observations moves nothing. A language that a draw misses is left out of
 * that draw's mean. null where the correction breaks down. At least two clusters.
 */
export function bcaOfMeans(
  observations: readonly ClusteredInLanguage[],
  estimate: number,
  tails: readonly number[],
  chance: Chance,
): (Interval | null)[] {
  const rows = balanced(rowsOf(observations));
  const totals = sumOf(rows);
  const leftOut = rows.map(({ sums, counts }) =>
    meanOfLanguages(
      totals.sums.map((sum, at) => sum - (sums[at] ?? 0)),
      totals.counts.map((count, at) => count - (counts[at] ?? 0)),
    ),
  );
  return bcaIntervals(
    { estimate, sorted: distribution(rows, chance), leftOut },
    tails.map((tail) => expandedTail(tail, rows.length)),
  );
}

/** In the order of the clusters' names. */
function rowsOf(observations: readonly ClusteredInLanguage[]): ClusterRow[] {
  const languages = [...new Set(observations.map(({ language }) => language))].toSorted();
  const places = new Map(languages.map((name, at) => [name, at]));
  const rows = new Map<string, { sums: number[]; counts: number[] }>();
  for (const { cluster, language, value } of observations) {
    const row = rows.get(cluster) ?? { sums: languages.map(() => 0), counts: languages.map(() => 0) };
    const at = places.get(language) ?? 0;
    row.sums[at] = (row.sums[at] ?? 0) + value;
    row.counts[at] = (row.counts[at] ?? 0) + 1;
    rows.set(cluster, row);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** With the same counts in every cluster the mean is that of one figure per cluster. */
function balanced(rows: readonly ClusterRow[]): readonly ClusterRow[] {
  const width = rows[0]?.counts.length ?? 0;
  const alike = rows.every(({ counts }) => counts.every((count, at) => count === rows[0]?.counts[at]));
  if (!alike) return rows;
  return rows.map(({ sums, counts }) => ({
    sums: [sums.reduce((total, sum, at) => total + sum / (counts[at] ?? 1), 0) / width],
    counts: [1],
  }));
}

function sumOf(rows: readonly ClusterRow[]): ClusterRow {
  const [first] = rows;
  const added = (pick: (row: ClusterRow) => readonly number[]): number[] =>
    (first === undefined ? [] : pick(first)).map((_, at) =>
      rows.reduce((total, row) => total + (pick(row)[at] ?? 0), 0),
    );
  return { sums: added((row) => row.sums), counts: added((row) => row.counts) };
}

function meanOfLanguages(sums: ArrayLike<number>, counts: ArrayLike<number>): number {
  let total = 0;
  let seen = 0;
  for (let at = 0; at < counts.length; at += 1) {
    if (counts[at] === 0) continue;
    total += (sums[at] ?? 0) / (counts[at] ?? 1);
    seen += 1;
  }
  return total / seen;
}

/**
 * The bootstrap distribution, ascending. Skewed scores are mostly one value: how many draws fall on the most common row
 * is drawn at once, and only the others one by one, which is the same distribution at a fraction of the time.
 */
function distribution(rows: readonly ClusterRow[], { seed, seq }: Chance): Float64Array {
  const { common, rest } = split(rows);
  const next = pcg32(seed, seq);
  const others = binomial(next, rows.length, rest.length / rows.length);
  const place = below(next, Math.max(1, rest.length));
  const width = common.sums.length;
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  // Row after row in one piece of memory: the loop below runs ten thousand times the number of clusters.
  const restSums = Float64Array.from(rest.flatMap((row) => row.sums));
  const restCounts = Float64Array.from(rest.flatMap((row) => row.counts));
  const found = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw += 1) {
    const drawn = others();
    for (let at = 0; at < width; at += 1) {
      sums[at] = (rows.length - drawn) * (common.sums[at] ?? 0);
      counts[at] = (rows.length - drawn) * (common.counts[at] ?? 0);
    }
    if (width === 1) {
      addOne(sums, counts, { restSums, restCounts, drawn, place });
    } else {
      for (let picked = 0; picked < drawn; picked += 1) {
        const from = width * place();
        for (let at = 0; at < width; at += 1) {
          sums[at] = (sums[at] ?? 0) + (restSums[from + at] ?? 0);
          counts[at] = (counts[at] ?? 0) + (restCounts[from + at] ?? 0);
        }
      }
    }
    found[draw] = meanOfLanguages(sums, counts);
  }
  return found.sort();
}

interface Drawing {
  readonly restSums: Float64Array;
  readonly restCounts: Float64Array;
  readonly drawn: number;
  readonly place: () => number;
}

/** The rows of one draw where each has one figure, as most have: the same additions in the same order, in registers. */
function addOne(
  sums: Float64Array,
  counts: Float64Array,
  { restSums, restCounts, drawn, place }: Drawing,
): void {
  let sum = sums[0] ?? 0;
  let count = counts[0] ?? 0;
  for (let picked = 0; picked < drawn; picked += 1) {
    const at = place();
    sum += restSums[at] ?? 0;
    count += restCounts[at] ?? 0;
  }
  sums[0] = sum;
  counts[0] = count;
}

/** The most common row (the first of several), and all rows that differ from it. */
function split(rows: readonly ClusterRow[]): { common: ClusterRow; rest: readonly ClusterRow[] } {
  const alike = new Map<string, ClusterRow[]>();
  for (const row of rows) {
    // Alike but for the last bits, in which ln(a / b) and -ln(b / a) differ: else a swap would draw otherwise.
    const name = [...row.sums, ...row.counts].map((figure) => Math.round(figure * 1e12)).join(' ');
    const list = alike.get(name);
    if (list === undefined) alike.set(name, [row]);
    else list.push(row);
  }
  let most: readonly ClusterRow[] = [];
  for (const list of alike.values()) if (list.length > most.length) most = list;
  const kept = new Set(most);
  return { common: most[0] ?? { sums: [], counts: [] }, rest: rows.filter((row) => !kept.has(row)) };
}
