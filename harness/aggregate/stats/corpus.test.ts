import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  approximateRandomisation,
  corpusDifference,
  corpusInterval,
  type Counts,
  type CorpusPair,
} from './corpus.ts';
import { pcg32 } from './pcg32.ts';

const chance = { seed: 42, seq: 54 };
/** Matches of what was written and of what was wanted: F1 over the corpus, no mean of the items' F1. */
const f1 = (sums: Counts): number => {
  const [matched = 0, written = 0, wanted = 0] = Array.from(sums);
  return written + wanted === 0 ? 0 : (2 * matched) / (written + wanted);
};
const counts = fc.tuple(fc.nat(6), fc.integer({ min: 6, max: 12 }), fc.integer({ min: 6, max: 12 }));
const pairsOf = (clusters: number) =>
  fc
    .array(fc.tuple(counts, counts), { minLength: clusters, maxLength: clusters })
    .map((list) =>
      list.map(([first, second], index): CorpusPair => ({ cluster: `q${index % clusters}`, first, second })),
    );
const swapped = (pairs: readonly CorpusPair[]): CorpusPair[] =>
  pairs.map(({ cluster, first, second }) => ({ cluster, first: second, second: first }));

describe('approximate randomisation', () => {
  it('keeps p when the systems are swapped or the items reordered', () => {
    fc.assert(
      fc.property(pairsOf(12), (pairs) => {
        const p = approximateRandomisation(pairs, f1, chance);
        expect(approximateRandomisation(swapped(pairs), f1, chance)).toBe(p);
        expect(approximateRandomisation(pairs.toReversed(), f1, chance)).toBe(p);
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
    expect(approximateRandomisation(same, f1, chance)).toBe(1);
    expect(approximateRandomisation([], f1, chance)).toBe(1);
    const apart = same.map((pair) => ({ ...pair, first: [6, 6, 7], second: [0, 6, 7] }));
    const p = approximateRandomisation(apart, f1, chance);
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
    const p = approximateRandomisation(pairs, f1, chance);
    expect(Math.abs(p - extreme / 256)).toBeLessThan(0.02);
  });

  it('swaps the items of a cluster together', () => {
    const pairs = Array.from({ length: 40 }, (_, item) => ({
      cluster: `q${item}`,
      first: [5, 6, 7],
      second: [3, 6, 7],
    }));
    const passage = pairs.map((pair, item) => ({ ...pair, cluster: `p${item % 2}` }));
    expect(approximateRandomisation(pairs, f1, chance)).toBeLessThan(0.001);
    // Two clusters can only be swapped in four ways, half of them as extreme.
    expect(approximateRandomisation(passage, f1, chance)).toBeGreaterThan(0.4);
  });
});

it('sums what belongs to one cluster: an item cut in two halves changes nothing', () => {
  const whole = Array.from({ length: 20 }, (_, item) => ({
    cluster: `q${item}`,
    first: [2 * (item % 4), 12, 14],
    second: [2 * (item % 3), 12, 14],
  }));
  const halves = whole.flatMap(({ cluster, first, second }) => {
    const half = { cluster, first: first.map((n) => n / 2), second: second.map((n) => n / 2) };
    return [half, half];
  });
  expect(approximateRandomisation(halves, f1, chance)).toBe(approximateRandomisation(whole, f1, chance));
  expect(corpusDifference(halves, f1, chance)).toEqual(corpusDifference(whole, f1, chance));
});

describe('a corpus interval', () => {
  const items = Array.from({ length: 60 }, (_, item) => ({ cluster: `q${item}`, counts: [item % 6, 6, 7] }));

  it('holds the corpus score, and needs two clusters', () => {
    const found = corpusInterval(items, f1, chance);
    const value = f1([150, 360, 420]);
    expect(found?.low).toBeLessThan(value);
    expect(found?.high).toBeGreaterThan(value);
    expect((found?.high ?? 1) - (found?.low ?? 0)).toBeLessThan(0.2);
    expect(corpusInterval(items.slice(0, 1), f1, chance)).toBeNull();
    expect(
      corpusInterval(
        items.map((item) => ({ ...item, cluster: 'one' })),
        f1,
        chance,
      ),
    ).toBeNull();
  });

  it('of a difference draws the same clusters on both sides, and turns round with them', () => {
    const pairs = items.map(({ cluster, counts: [matched = 0, ...rest] }, item) => ({
      cluster,
      first: [matched, ...rest],
      second: [Math.max(0, matched - (item % 3 === 0 ? 1 : 0)), ...rest],
    }));
    const there = corpusDifference(pairs, f1, chance);
    const back = corpusDifference(swapped(pairs), f1, chance);
    expect(there?.low).toBeGreaterThan(0);
    expect(there?.low).toBeCloseTo(-(back?.high ?? Number.NaN), 12);
    // Far narrower than a corpus score itself: what is hard is hard for both.
    const alone = corpusInterval(items, f1, chance);
    expect((there?.high ?? 1) - (there?.low ?? 0)).toBeLessThan(((alone?.high ?? 0) - (alone?.low ?? 0)) / 2);
  });
});
