import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approximateRandomisation, corpusDifference, type CorpusPair } from './approximate-randomisation.ts';
import { pcg32 } from './pcg32.ts';

type Counts = ArrayLike<number>;
/** Matches of what was written and of what was wanted: F1 over the corpus, no mean of the items' F1. */
const f1 = (sums: Counts): number => {
  const [matched = 0, written = 0, wanted = 0] = Array.from(sums);
  return written + wanted === 0 ? 0 : (2 * matched) / (written + wanted);
};
const test = { figure: f1, draws: 10_000, chance: { seed: 42, seq: 54 } };
const counts = fc.tuple(fc.nat(6), fc.integer({ min: 6, max: 12 }), fc.integer({ min: 6, max: 12 }));
const pairsOf = (clusters: number) =>
  fc
    .array(fc.tuple(counts, counts), { minLength: clusters, maxLength: clusters })
    .map((list) => list.map(([first, second]): CorpusPair => ({ first, second })));
const swapped = (pairs: readonly CorpusPair[]): CorpusPair[] =>
  pairs.map(({ first, second }) => ({ first: second, second: first }));

describe('approximate randomisation', () => {
  it('keeps p, to the last bit, when the systems are swapped', () => {
    fc.assert(
      fc.property(pairsOf(12), (pairs) => {
        const p = approximateRandomisation(pairs, test);
        expect(approximateRandomisation(swapped(pairs), test)).toBe(p);
      }),
      { numRuns: 8 },
    );
  });

  it('is 1 for identical systems and for none, and never 0', () => {
    const same = Array.from({ length: 15 }, (_, item) => ({
      cluster: `q${item}`,
      first: [item % 4, 6, 7],
      second: [item % 4, 6, 7],
    }));
    expect(approximateRandomisation(same, test)).toBe(1);
    expect(approximateRandomisation([], test)).toBe(1);
    const apart = same.map((pair) => ({ ...pair, first: [6, 6, 7], second: [0, 6, 7] }));
    const p = approximateRandomisation(apart, test);
    // All on one side: 2 of the 2^15 swappings are as extreme.
    expect(p).toBeGreaterThanOrEqual(1 / 10_001);
    expect(p).toBeLessThan(0.001);
  });

  it('agrees with all swappings of eight clusters, counted one by one', () => {
    const next = pcg32(3, 3);
    const pairs = Array.from({ length: 8 }, (_, item) => ({
      cluster: `q${item}`,
      first: [next() % 6, 6 + (next() % 4), 8],
      second: [next() % 5, 6 + (next() % 4), 8],
    }));
    const total = (side: 'first' | 'second', swaps: number): Counts =>
      [0, 1, 2].map((at) =>
        pairs.reduce((sum, pair, index) => {
          const other = side === 'first' ? pair.second : pair.first;
          return sum + (((swaps >> index) & 1) === 1 ? (other[at] ?? 0) : (pair[side][at] ?? 0));
        }, 0),
      );
    const apart = (swaps: number): number => Math.abs(f1(total('first', swaps)) - f1(total('second', swaps)));
    const extreme = Array.from({ length: 256 }, (_, swaps) => apart(swaps)).filter(
      (each) => each >= apart(0) - 1e-12,
    ).length;
    const p = approximateRandomisation(pairs, test);
    expect(Math.abs(p - extreme / 256)).toBeLessThan(0.02);
  });
});

describe('the interval of a corpus difference', () => {
  const pairs = Array.from({ length: 60 }, (_, item) => ({
    first: [item % 6, 6, 7],
    second: [Math.max(0, (item % 6) - (item % 3 === 0 ? 1 : 0)), 6, 7],
  }));

  it('draws the same clusters on both sides, and turns round with them', () => {
    const there = corpusDifference(pairs, test);
    const back = corpusDifference(swapped(pairs), test);
    expect(there?.low).toBeGreaterThan(0);
    expect(there?.low).toBeCloseTo(-(back?.high ?? Number.NaN), 12);
    // What is hard is hard for both: with partners at random it would be far wider.
    const astray = pairs.map((pair, item) => ({ ...pair, second: pairs[(item + 7) % 60]?.second ?? [] }));
    const wide = corpusDifference(astray, test);
    expect((there?.high ?? 1) - (there?.low ?? 0)).toBeLessThan(((wide?.high ?? 0) - (wide?.low ?? 0)) / 2);
  });

  it('needs two clusters', () => {
    expect(corpusDifference(pairs.slice(0, 1), test)).toBeNull();
    expect(corpusDifference([], test)).toBeNull();
  });
});
