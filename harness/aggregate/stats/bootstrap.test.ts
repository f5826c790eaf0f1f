import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../fixtures/stats/expect-close.ts';
import reference from '../../../fixtures/stats/reference.json' with { type: 'json' };
import { acceleration, bcaIntervals, bcaTails, expandedTail, medianBias } from './bca.ts';
import { binomial } from './binomial.ts';
import { percentileInterval, resample } from './bootstrap.ts';
import { bcaOfMeans } from './cluster-bootstrap.ts';
import { clusteredMean, macroMean, mean, type ClusteredInLanguage } from './clustered.ts';
import { normalQuantile } from './normal.ts';
import { below, pcg32 } from './pcg32.ts';
import { isSkewed, skewness } from './skewness.ts';
import { tQuantile } from './student.ts';

const chance = { seed: 42, seq: 54 };
const at = (values: readonly number[], picked: Uint32Array): number =>
  picked.reduce((sum, index) => sum + (values[index] ?? 0), 0) / picked.length;

describe('the seeded bootstrap', () => {
  it('comes out bit for bit', () => {
    const { vals, B, seed, seq, ci, p_le_0 } = reference.bootstrap_seeded;
    const sorted = resample(vals.length, (picked) => at(vals, picked), { seed, seq }, B);
    const { low, high } = percentileInterval(sorted, 0.025);
    expect([low, high]).toEqual(ci);
    expect(sorted.filter((value) => value <= 0).length / B).toBe(p_le_0);
  });

  it('draws every position as often as another, and only positions', () => {
    const place = below(pcg32(42, 54), 7);
    const counts = Array.from({ length: 7 }, () => 0);
    for (let draw = 0; draw < 70_000; draw += 1) {
      const found = place();
      counts[found] = (counts[found] ?? 0) + 1;
    }
    expect(counts).toHaveLength(7);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('draws again what would make small numbers likelier, and keeps the remainder of the rest', () => {
    const words = [0, 1, 2, 3, 0xffffffff, 5];
    const place = below(() => words.shift() ?? 0, 0xfffffffd);
    // 2^32 mod n is 3: the words 0, 1 and 2 are refused.
    expect([place(), place(), place()]).toEqual([3, 2, 5]);
    const other = below(pcg32(1, 2), 1000);
    const raw = pcg32(1, 2);
    for (let draw = 0; draw < 1000; draw += 1) expect(other()).toBe(raw() % 1000);
  });
});

/** Mean of every resample of eight clusters, as multisets with the number of ways each comes about. */
function everyResample(values: readonly number[]): { value: number; ways: number }[] {
  const n = values.length;
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  const found: { value: number; ways: number }[] = [];
  const go = (index: number, left: number, sum: number, ways: number): void => {
    if (index === n - 1) {
      const last = sum + left * (values[index] ?? 0);
      found.push({ value: last / n, ways: ways / factorial(left) });
      return;
    }
    for (let count = 0; count <= left; count += 1)
      go(index + 1, left - count, sum + count * (values[index] ?? 0), ways / factorial(count));
  };
  go(0, n, 0, factorial(n));
  return found.toSorted((a, b) => a.value - b.value);
}

describe('the exact bootstrap of eight items in four languages', () => {
  const pairs = reference.clustered_pairs;
  const { items, A, B, cluster_bootstrap_exact: exact, diff } = pairs;
  type Grid = Readonly<Record<string, readonly number[]>>;
  const values = items.map((item) => mean((A as Grid)[item] ?? []) - mean((B as Grid)[item] ?? []));
  const all = everyResample(values);
  const total = 8 ** 8;
  const quantile = (share: number): number => {
    let seen = 0;
    for (const { value, ways } of all) {
      seen += ways;
      if (seen > share * total) return value;
    }
    return Number.NaN;
  };
  const share = (test: (value: number) => boolean): number =>
    all.reduce((sum, { value, ways }) => sum + (test(value) ? ways : 0), 0) / total;

  it('has the percentiles and the share below zero of all 8^8 resamples', () => {
    expect(all.reduce((sum, { ways }) => sum + ways, 0)).toBeCloseTo(total, 3);
    expect([quantile(0.025), quantile(0.975)]).toEqual(exact.percentile_95);
    expectClose(
      share((value) => value <= 0),
      exact.p_le_0,
    );
  });

  it('has the BCa interval, its bias and its acceleration', () => {
    const z0 = medianBias(
      share((value) => value < diff),
      share((value) => value === diff),
    );
    expectClose(z0, exact.z0);
    const leftOut = values.map((_, out) => mean(values.filter((_value, index) => index !== out)));
    const a = acceleration(leftOut);
    expectClose(a, exact.acceleration);
    const tails = bcaTails(z0, a, 0.025);
    expectClose(tails?.below, exact.bca_alpha[0]);
    expectClose(1 - (tails?.above ?? Number.NaN), exact.bca_alpha[1]);
    expect([quantile(tails?.below ?? 0), quantile(1 - (tails?.above ?? 0))]).toEqual(exact.bca_95);
  });

  it('is met by ten thousand draws, and widened for so few clusters', () => {
    const leftOut = values.map((_, out) => mean(values.filter((_value, index) => index !== out)));
    const sorted = resample(8, (picked) => at(values, picked), chance);
    const [found] = bcaIntervals({ estimate: diff, sorted, leftOut }, [0.025]);
    expect(found).toEqual({ low: exact.bca_95[0], high: exact.bca_95[1] });
    const rows = values.map((value, index) => ({ cluster: `q${index}`, language: 'sw', value }));
    const [wide] = bcaOfMeans(rows, diff, [0.025], chance);
    // 2.364624·√(8/7) standard deviations in place of 1.96.
    expectClose(normalQuantile(expandedTail(0.025, 8)), -pairs.t_crit * Math.sqrt(8 / 7));
    expect(wide?.low).toBeLessThan(exact.bca_95[0] ?? 0);
    expect(wide?.high).toBeGreaterThan(exact.bca_95[1] ?? 0);
    // Both come to nothing where there are many.
    expect(expandedTail(0.025, 100_000)).toBeCloseTo(0.025, 5);
  });
});

describe('BCa', () => {
  const score = fc.constantFrom(0, 0.1, 0.3, 1);
  const rowsOf = fc
    .array(fc.tuple(score, fc.constantFrom('ar', 'th', 'sw'), fc.nat(25)), { minLength: 30, maxLength: 60 })
    .map((list) => list.map(([value, language, item]) => ({ cluster: `q${item}`, language, value })));
  const intervalOf = (rows: readonly ClusteredInLanguage[]) =>
    bcaOfMeans(rows, macroMean(rows).value, [0.025, 0.05], chance);

  it('turns round with the sign, and does not depend on the order of the items', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const [there, narrow] = intervalOf(rows);
        const [back] = intervalOf(rows.map((row) => ({ ...row, value: -row.value })));
        const [moved] = intervalOf(rows.toReversed());
        expect((there === null) === (back === null)).toBe(true);
        if (there === undefined || there === null) return;
        expect(there.low).toBeCloseTo(-(back?.high ?? Number.NaN), 12);
        expect(there.high).toBeCloseTo(-(back?.low ?? Number.NaN), 12);
        expect(moved?.low).toBeCloseTo(there.low, 12);
        expect(narrow?.low).toBeGreaterThanOrEqual(there.low);
        expect(narrow?.high).toBeLessThanOrEqual(there.high);
      }),
      { numRuns: 8 },
    );
  });

  it('keeps identical languages from narrowing it', () => {
    const once = Array.from({ length: 30 }, (_, item) => ({
      cluster: `q${item}`,
      language: 'hi',
      value: item % 9 === 0 ? item / 30 : 1,
    }));
    const thrice = ['hi', 'bn', 'am'].flatMap((language) => once.map((row) => ({ ...row, language })));
    const [single] = intervalOf(once);
    const [three] = intervalOf(thrice);
    expect(three?.low).toBeCloseTo(single?.low ?? Number.NaN, 12);
    expect(three?.high).toBeCloseTo(single?.high ?? Number.NaN, 12);
  });

  it('leans to the long side of a skewed mean, where t does not', () => {
    const rows = Array.from({ length: 40 }, (_, item) => ({
      cluster: `q${item}`,
      language: 'ko',
      value: item < 4 ? item / 10 : 1,
    }));
    const { value, se } = clusteredMean(rows);
    const [found] = intervalOf(rows);
    const half = tQuantile(0.975, 39) * (se ?? 0);
    expect(found?.low).toBeLessThan(value - half);
    expect(found?.high).toBeLessThan(Math.min(1, value + half));
  });

  it('gives up, not out, where its correction breaks down', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, index) => index);
    expect(bcaIntervals({ estimate: 200, sorted, leftOut: [1, 2, 3] }, [0.025])).toEqual([null]);
    expect(bcaTails(0, 0.6, 0.025)).toBeNull();
    expect(acceleration([2, 2, 2])).toBe(0);
  });

  it('leaves out a language that a draw misses', () => {
    const rows = [
      ...Array.from({ length: 25 }, (_, item) => ({ cluster: `q${item}`, language: 'en', value: item / 25 })),
      { cluster: 'q0', language: 'am', value: 1 },
    ];
    const [found] = intervalOf(rows);
    expect(Number.isFinite(found?.low)).toBe(true);
    expect(Number.isFinite(found?.high)).toBe(true);
  });
});

it('draws successes as often as their distribution says', () => {
  const draw = binomial(pcg32(7, 9), 12, 0.2);
  const counts = Array.from({ length: 13 }, () => 0);
  for (let trial = 0; trial < 50_000; trial += 1) {
    const found = draw();
    counts[found] = (counts[found] ?? 0) + 1;
  }
  const expected = [0.0687, 0.2062, 0.2835, 0.2362, 0.1329, 0.0532];
  for (const [k, p] of expected.entries())
    expect(Math.abs((counts[k] ?? 0) / 50_000 - p)).toBeLessThan(0.006);
  expect(binomial(pcg32(1, 1), 5, 0)()).toBe(0);
  expect(binomial(pcg32(1, 1), 5, 1)()).toBe(5);
  expect(binomial(pcg32(1, 1), 0, 0.5)()).toBe(0);
});

describe('skewness', () => {
  it('is 0 for what is symmetric or alike, and that of two points', () => {
    expect(skewness([1, 2, 3])).toBeCloseTo(0, 12);
    expect(skewness([4, 4])).toBe(0);
    // (1 - 2p)/√(pq) for a share p of ones.
    expect(skewness([1, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toBeCloseTo(0.8 / 0.3, 12);
    expect(skewness([0.2, 0.2, 0.9].map((value) => -value))).toBeCloseTo(-skewness([0.2, 0.2, 0.9]), 12);
  });

  it('is too much for t by the rule n <= 25·g1²', () => {
    const ones = (n: number): number[] => Array.from({ length: n }, (_, index) => (index % 10 === 0 ? 1 : 0));
    // g1 = 2.67: up to n = 177.
    expect([isSkewed(ones(100)), isSkewed(ones(170)), isSkewed(ones(200))]).toEqual([true, true, false]);
    expect(isSkewed(Array.from({ length: 30 }, (_, index) => index))).toBe(false);
  });
});
