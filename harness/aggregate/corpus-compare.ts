/**
 * Corpus chrF and BLEU of each other target against the baseline, on the answers that both gave, within one language and
 * one definition. These figures explore; the verdict rests on the cell scores.
 */
import type { CorpusComparison, Stat } from '../types.ts';
import {
  byPlace,
  corpusAnswers,
  drawsFor,
  total,
  type CorpusAnswer,
  type CorpusPlace,
  type Metric,
} from './corpus.ts';
import { compareText } from './effective.ts';
import { entry } from './grouping.ts';
import { fewestClusters } from './label.ts';
import type { JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import {
  approximateRandomisation,
  corpusDifference,
  type CorpusPair,
} from './stats/approximate-randomisation.ts';
import { benjaminiHochberg } from './stats/benjamini-hochberg.ts';
import { fnv1a32 } from './stats/pcg32.ts';

interface Side {
  readonly cluster: string;
  readonly stats: readonly number[] | null;
}

interface Draft {
  readonly place: CorpusPlace;
  readonly figure: Metric;
  /** By target, then by what is paired. */
  readonly sides: Map<string, Map<string, Side>>;
}

export interface CorpusCompareInput {
  readonly axes: Axes;
  readonly baseline: string;
  /** Seed of the run. */
  readonly seed: number;
}

/** One row per other target, suite, metric, language and definition, in this order. */
export function corpusComparisons(input: CorpusCompareInput, rows: readonly JoinedRow[]): CorpusComparison[] {
  const { axes, baseline } = input;
  const drafts = new Map<string, Draft>();
  for (const answer of corpusAnswers(rows)) {
    const { row, place, figure, stats } = answer;
    const draft = entry(drafts, JSON.stringify(place), () => ({ place, figure, sides: new Map() }));
    const side = entry(draft.sides, row.cell.target, () => new Map<string, Side>());
    side.set(nameOf(answer), { cluster: row.names.cluster, stats });
  }
  const ordered = [...drafts.values()].toSorted((a, b) => byPlace(axes)(a.place, b.place));
  const found = axes.targets
    .filter((target) => target !== baseline)
    .flatMap((other) => ordered.flatMap((draft) => compared(draft, other, input)));
  const adjusted = benjaminiHochberg(found.flatMap(({ p }) => p ?? []));
  let next = 0;
  return found.map((row) => ({ ...row, q: row.p === null ? null : (adjusted[next++] ?? null) }));
}

/** The same question, asked as often, judged by the same check. */
function nameOf({ row: { cell }, index }: CorpusAnswer): string {
  return JSON.stringify([cell.test, cell.variant, cell.repeat, index]);
}

function compared(
  { place, figure, sides }: Draft,
  other: string,
  { baseline, seed }: CorpusCompareInput,
): CorpusComparison[] {
  const [theirs, base] = [sides.get(other), sides.get(baseline)];
  if (theirs === undefined || base === undefined) return [];
  const names = [...new Set([...theirs.keys(), ...base.keys()])];
  const byCluster = new Map<string, { first: (readonly number[])[]; second: (readonly number[])[] }>();
  let n = 0;
  for (const name of names) {
    const [left, right] = [theirs.get(name), base.get(name)];
    if (left === undefined || right === undefined || left.stats === null || right.stats === null) continue;
    const pair = entry(byCluster, left.cluster, () => ({ first: [], second: [] }));
    pair.first.push(left.stats);
    pair.second.push(right.stats);
    n += 1;
  }
  // In the order of the clusters' names, so that the order of the items moves no bit.
  const pairs = [...byCluster]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([, { first, second }]): CorpusPair => ({ first: total(first), second: total(second) }));
  const draws = drawsFor(Math.max(1, pairs.length));
  const seq = fnv1a32(JSON.stringify(['corpus', [other, baseline].toSorted(), place]));
  const test = { figure, draws, chance: { seed, seq } };
  const tested = pairs.length >= fewestClusters;
  return [
    {
      other,
      baseline,
      ...place,
      clusters: pairs.length,
      difference: {
        ...differenceOf(pairs, figure),
        ...intervalOf(pairs, test),
        n,
        missing: names.length - n,
        unit: 'points',
      },
      p: tested ? approximateRandomisation(pairs, test) : null,
      q: null,
      test: tested ? `approximate-randomisation-${draws}` : null,
    },
  ];
}

function differenceOf(pairs: readonly CorpusPair[], figure: Metric): Pick<Stat, 'value'> {
  if (pairs.length === 0) return { value: null };
  const side = (pick: (pair: CorpusPair) => readonly number[]): number => figure(total(pairs.map(pick)));
  return { value: side(({ first }) => first) - side(({ second }) => second) };
}

/** Without spread the draws say nothing of what was not seen. */
function intervalOf(
  pairs: readonly CorpusPair[],
  test: Parameters<typeof corpusDifference>[1],
): Pick<Stat, 'low' | 'high' | 'method'> {
  const interval = corpusDifference(pairs, test);
  return interval === null || interval.low >= interval.high
    ? { low: null, high: null, method: null }
    : { ...interval, method: `bootstrap-${test.draws}` };
}
