/**
 * Two systems by a figure of the whole corpus, such as corpus chrF or BLEU: computed from counts summed over all items, it
 * is no mean of item scores, and neither t nor a sign-flip fits it.
 */
import type { Interval } from './interval.ts';
import { pcg32, type Chance } from './pcg32.ts';
import { sumsBootstrap } from './sums-bootstrap.ts';

/** Counts of two systems on the same cluster, all of one length; a cluster's items are summed. */
export interface CorpusPair {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

export interface CorpusTest {
  /** A figure from summed counts. */
  readonly figure: (sums: ArrayLike<number>) => number;
  /** How many swappings, or resamples, are drawn. */
  readonly draws: number;
  readonly chance: Chance;
}

/** Differences that are closer, of 1, are ties and count as extreme. */
const tie = 1e-9;

/**
 * p of approximate randomisation (Noreen 1989; Riezler and Maxwell 2005): if two systems are alike, their outputs on each
 * cluster could as well have been swapped. Of so many seeded swappings, those whose difference is at least as large as
 * the one seen: (1 + #)/(1 + draws). Swapping the systems moves nothing; the order of the clusters is the caller's. 1
 * without a pair.
 */
export function approximateRandomisation(
  pairs: readonly CorpusPair[],
  { figure, draws, chance }: CorpusTest,
): number {
  const width = pairs[0]?.first.length ?? 0;
  if (width === 0) return 1;
  // What the systems have in common stays; a swap moves half of a pair's difference from one side to the other.
  const middle = new Float64Array(width);
  const halves = new Float64Array(width * pairs.length);
  for (const [index, { first, second }] of pairs.entries()) {
    for (let at = 0; at < width; at += 1) {
      const [a, b] = [first[at] ?? 0, second[at] ?? 0];
      middle[at] = (middle[at] ?? 0) + (a + b) / 2;
      halves[index * width + at] = (a - b) / 2;
    }
  }
  const here = new Float64Array(width);
  const there = new Float64Array(width);
  const apart = (bits: () => number): number => {
    here.fill(0);
    for (let index = 0, word = 0; index < pairs.length; index += 1) {
      if (index % 32 === 0) word = bits();
      const sign = ((word >>> (index % 32)) & 1) === 0 ? 1 : -1;
      for (let at = 0; at < width; at += 1)
        here[at] = (here[at] ?? 0) + sign * (halves[index * width + at] ?? 0);
    }
    for (let at = 0; at < width; at += 1) {
      const [centre, shift] = [middle[at] ?? 0, here[at] ?? 0];
      here[at] = centre + shift;
      there[at] = centre - shift;
    }
    return Math.abs(figure(here) - figure(there));
  };
  const seen = apart(() => 0) - tie;
  const next = pcg32(chance.seed, chance.seq);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw += 1) if (apart(next) >= seen) extreme += 1;
  return (1 + extreme) / (1 + draws);
}

/** Percentile interval (95 %) of figure(first) - figure(second), both over the same clusters drawn; null below two. */
export function corpusDifference(
  pairs: readonly CorpusPair[],
  { figure, draws, chance }: CorpusTest,
): Interval | null {
  if (pairs.length < 2) return null;
  const width = pairs[0]?.first.length ?? 0;
  const rows = pairs.map(({ first, second }) => [...first, ...second]);
  const sums = new Float64Array(2 * width);
  const difference = (both: ArrayLike<number>): number => {
    for (let at = 0; at < 2 * width; at += 1) sums[at] = both[at] ?? 0;
    return figure(sums.subarray(0, width)) - figure(sums.subarray(width));
  };
  return sumsBootstrap([{ rows, figure: difference }], draws, chance)[0] ?? null;
}
