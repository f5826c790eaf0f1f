/** The formulas against numbers that other programs computed, and against what must hold for any data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import reference from '../../../fixtures/stats/reference.json' with { type: 'json' };
import { clusteredMean, macroMean, mean, standardError } from './clustered.ts';
import { holm } from './holm.ts';
import { within } from './interval.ts';
import { mcnemarExact } from './mcnemar.ts';
import { fnv1a32, pcg32 } from './pcg32.ts';
import { minimumDetectable } from './power.ts';
import { wilson } from './proportion.ts';
import { quantile } from './quantile.ts';
import { signFlip } from './sign-flip.ts';
import { incompleteBeta, logGamma, normalQuantile, tQuantile } from './special-functions.ts';
import { tango } from './tango.ts';

/** 1e-9 relative, 1e-12 absolute near zero. */
function expectClose(actual: number, wanted: number): void {
  expect(Math.abs(actual - wanted), `${actual} is not ${wanted}`).toBeLessThanOrEqual(
    Math.max(1e-9 * Math.abs(wanted), 1e-12),
  );
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('special functions', () => {
  it.each(Object.entries(reference.t_quantiles_975))(
    'gives the t quantile at 0.975 for df %s',
    (df, wanted) => {
      expectClose(tQuantile(0.975, Number(df)), wanted);
    },
  );

  it('knows the t quantile at 0.95, and tends to the normal one', () => {
    expectClose(tQuantile(0.95, 7), 1.894578605061305);
    expect(tQuantile(0.95, 1e6)).toBeCloseTo(normalQuantile.p95, 5);
  });

  it('agrees with factorials and with Γ(½) = √π', () => {
    expectClose(logGamma(0.5), Math.log(Math.sqrt(Math.PI)));
    let factorial = 1;
    for (let n = 1; n <= 20; n += 1) {
      expectClose(logGamma(n), Math.log(factorial));
      factorial *= n;
    }
  });

  it('gives an incomplete beta that is symmetric and right for a = b = 1', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (x, a, b) => {
          expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9);
          expect(incompleteBeta(x, 1, 1)).toBeCloseTo(x, 12);
        },
      ),
    );
  });
});

describe('one proportion', () => {
  it.each(reference.proportion)('gives the Wilson interval of $k of $n', ({ k, n, wilson: wanted }) => {
    const { low, high } = wilson(k, n);
    expectClose(low, wanted[0] ?? Number.NaN);
    expectClose(high, wanted[1] ?? Number.NaN);
  });

  it('ends exactly at 0 and 1', () => {
    for (let n = 1; n < 200; n += 1) expect([wilson(0, n).low, wilson(n, n).high]).toEqual([0, 1]);
  });

  it('is not the Wald interval, which is empty when all pass', () => {
    const five = reference.proportion.find(({ k, n }) => k === 5 && n === 5);
    expect(five?.wald).toEqual([1, 1]);
    expect(wilson(5, 5).low).toBeLessThan(0.6);
  });
});

describe('two proportions on the same items', () => {
  it.each(reference.mcnemar)('gives the exact McNemar p of $b : $c', ({ b, c, exact }) => {
    expectClose(mcnemarExact(b, c), exact);
  });

  it.each(reference.paired_proportion)('gives the Tango interval of $a_only : $b_only of $n', (row) => {
    const { low, high } = tango(row.a_only, row.b_only, row.n);
    expectClose(low, row.tango[0] ?? Number.NaN);
    expectClose(high, row.tango[1] ?? Number.NaN);
    expectClose(tango(row.a_only, row.b_only, row.n, normalQuantile.p95).low, row.ni_lower_onesided95_tango);
  });

  it('turns round when the models are swapped, and stays inside -1 to 1', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 40 }), (b, c, same) => {
        const n = b + c + same;
        const there = tango(b, c, n);
        const back = tango(c, b, n);
        expect(there.low).toBeCloseTo(-back.high, 9);
        expect(there.high).toBeCloseTo(-back.low, 9);
        expect(there.low).toBeGreaterThanOrEqual(-1);
        expect(there.low).toBeLessThanOrEqual((b - c) / n);
        expect(there.high).toBeGreaterThanOrEqual((b - c) / n);
        expect(mcnemarExact(b, c)).toBe(mcnemarExact(c, b));
      }),
    );
  });

  it('holds at the ends of the scale, where every item differs', () => {
    expect(tango(12, 0, 12).high).toBe(1);
    expect(tango(12, 0, 12).low).toBeGreaterThan(0.5);
    expect(tango(0, 12, 12).low).toBe(-1);
  });
});

describe('clusters', () => {
  const inspect = reference.clustered_inspect;
  const pairs = reference.clustered_pairs;
  type Grid = Readonly<Record<string, readonly number[]>>;
  const cells = (value: (item: string, index: number) => number) =>
    pairs.items.flatMap((cluster) =>
      pairs.langs.map((language, index) => ({ cluster, language, value: value(cluster, index) })),
    );
  const a = (item: string, index: number): number => (pairs.A as Grid)[item]?.[index] ?? Number.NaN;
  const b = (item: string, index: number): number => (pairs.B as Grid)[item]?.[index] ?? Number.NaN;

  it('gives the CR1 error of twenty values in four clusters', () => {
    expectClose(standardError(inspect.values), inspect.se_clt);
    const { value, se, clusters } = clusteredMean(
      inspect.values.map((each, index) => ({ cluster: String(inspect.cluster[index]), value: each })),
    );
    expectClose(value, inspect.mean);
    expectClose(se ?? Number.NaN, inspect.se_cluster1);
    expectClose(value - (se ?? 0) * tQuantile(0.975, clusters - 1), inspect.ci[0] ?? Number.NaN);
    expectClose(value + (se ?? 0) * tQuantile(0.975, clusters - 1), inspect.ci[1] ?? Number.NaN);
  });

  it('gives the paired difference of eight items in four languages', () => {
    expectClose(macroMean(cells(a)).se ?? Number.NaN, pairs.se_a_cluster1);
    expectClose(macroMean(cells(b)).se ?? Number.NaN, pairs.se_b_cluster1);
    const found = macroMean(cells((item, index) => a(item, index) - b(item, index)));
    expectClose(found.value, pairs.diff);
    expectClose(found.se ?? Number.NaN, pairs.se_paired_cluster1);
    expectClose(found.value - (found.se ?? 0) * tQuantile(0.975, 7), pairs.ci_t[0] ?? Number.NaN);
    expectClose(found.value + (found.se ?? 0) * tQuantile(0.975, 7), pairs.ci_t[1] ?? Number.NaN);
    const flip = signFlip(found.contributions, 42, 54);
    expect(flip).toMatchObject({
      count: pairs.exact_cluster_signflip.count,
      total: pairs.exact_cluster_signflip.total,
      test: 'sign-flip-exact',
    });
    expectClose(flip.p, pairs.exact_cluster_signflip.p);
  });

  it('weighs languages the same when they have different numbers of items', () => {
    const unbalanced = reference.macro_unbalanced;
    const rows = unbalanced.rows.map(([cluster, language, value]) => ({
      cluster: String(cluster),
      language: String(language),
      value: Number(value),
    }));
    const macro = macroMean(rows);
    expectClose(macro.value, unbalanced.macro);
    expectClose(macro.se ?? Number.NaN, unbalanced.se_macro_cluster1);
    expect(macro.clusters).toBe(unbalanced.G);
    const micro = clusteredMean(rows);
    expectClose(micro.value, unbalanced.micro);
    expectClose(micro.se ?? Number.NaN, unbalanced.se_micro_cluster1);
  });

  it('is the plain standard error when every cluster holds one value', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 40 }), (values) => {
        const { se } = clusteredMean(values.map((value, index) => ({ cluster: String(index), value })));
        expect(se).toBeCloseTo(standardError(values), 12);
      }),
    );
  });

  it('keeps the cluster error when m identical languages are added, while the naive one shrinks by √m', () => {
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 3, maxLength: 30 }),
        fc.integer({ min: 2, max: 12 }),
        (values, m) => {
          const once = values.map((value, index) => ({ cluster: String(index), language: 'sw', value }));
          const many = Array.from({ length: m }, (_, language) =>
            once.map((each) => ({ ...each, language: `x-${language}` })),
          ).flat();
          expect(macroMean(many).se).toBeCloseTo(macroMean(once).se ?? Number.NaN, 10);
          const naive =
            standardError(many.map((each) => each.value)) * Math.sqrt((many.length - 1) / many.length);
          const single = standardError(values) * Math.sqrt((values.length - 1) / values.length);
          expect(naive).toBeCloseTo(single / Math.sqrt(m), 10);
        },
      ),
    );
  });

  it('has contributions that add up to the mean, and no error from a single cluster', () => {
    const found = macroMean(cells(a));
    expectClose(mean(found.contributions) * found.contributions.length, found.value);
    expect(
      clusteredMean([
        { cluster: 'q', value: 1 },
        { cluster: 'q', value: 0 },
      ]).se,
    ).toBeNull();
  });
});

describe('the sign-flip test', () => {
  it.each([12, 20, 21, 60])('is 1 for identical models in %i clusters', (clusters) => {
    expect(
      signFlip(
        Array.from({ length: clusters }, () => 0),
        42,
        1,
      ).p,
    ).toBe(1);
  });

  it.each([9, 40])('keeps p, to the last bit, when models are swapped or %i items permuted', (clusters) => {
    const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: clusters, maxLength: clusters });
    fc.assert(
      fc.property(values, fc.nat(), (whole, turn) => {
        const contributions = whole.map((value) => value / 7);
        const { p } = signFlip(contributions, 42, 7);
        expect(
          signFlip(
            contributions.map((value) => -value),
            42,
            7,
          ).p,
        ).toBe(p);
        const permuted = [
          ...contributions.slice(turn % clusters),
          ...contributions.slice(0, turn % clusters),
        ];
        expect(signFlip(permuted, 42, 7).p).toBe(p);
      }),
      { numRuns: 20 },
    );
  });

  it('draws a p close to the exact one, and never 0', () => {
    const contributions = Array.from({ length: 20 }, (_, index) => (index % 3 === 0 ? -1 : 1.3));
    const exact = signFlip(contributions, 42, 3);
    const drawn = signFlip([...contributions, 0], 42, 3);
    expect(exact.test).toBe('sign-flip-exact');
    expect(drawn.test).toBe('sign-flip-10000');
    expect(Math.abs(drawn.p - exact.p)).toBeLessThan(4 * Math.sqrt((exact.p * (1 - exact.p)) / 10_000));
    expect(
      signFlip(
        Array.from({ length: 100 }, () => 1),
        42,
        3,
      ).p,
    ).toBe(1 / 10_001);
  });

  it('rejects about one true null in twenty where an item is easier for one model in all languages', () => {
    const next = pcg32(7, 1);
    const uniform = (): number => next() / 2 ** 32;
    let rejected = 0;
    const trials = 1000;
    for (let trial = 0; trial < trials; trial += 1) {
      const cells = Array.from({ length: 16 }, (_, item) => {
        const lean = uniform() - 0.5;
        return ['ar', 'th', 'hi', 'ja'].map((language) => ({
          cluster: String(item),
          language,
          value: lean + 0.4 * (uniform() - 0.5),
        }));
      }).flat();
      if (signFlip(macroMean(cells).contributions, 1, 1).p < 0.05) rejected += 1;
    }
    expect(rejected / trials).toBeGreaterThan(0.035);
    expect(rejected / trials).toBeLessThan(0.065);
  });
});

describe('several claims', () => {
  it.each(reference.multiplicity)('gives the Holm values of $name', ({ p, holm: wanted }) => {
    for (const [index, value] of holm(p).entries()) expectClose(value, wanted[index] ?? Number.NaN);
  });

  it('never makes a p smaller, nor larger than 1', () => {
    fc.assert(
      fc.property(fc.array(share, { maxLength: 20 }), (raw) => {
        for (const [index, value] of holm(raw).entries()) {
          expect(value).toBeGreaterThanOrEqual(raw[index] ?? 1);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('power, quantiles and chance', () => {
  it.each(reference.power.mde)('can see $mde with $n items', ({ n, omega2, sa2, sb2, K, mde }) => {
    expectClose(minimumDetectable(Math.sqrt((omega2 + sa2 / K + sb2 / K) / n)), mde);
    expectClose(minimumDetectable(1) ** 2, reference.power.z_sum_sq);
  });

  it('interpolates quantiles between neighbours', () => {
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expectClose(quantile([10, 20, 30, 40, 50], 0.9), 46);
    expect(quantile([3, 3, 3], 0.95)).toBe(3);
  });

  it('draws the published words of PCG32', () => {
    const next = pcg32(reference.pcg32.seed, reference.pcg32.seq);
    expect(reference.pcg32.first8.map(() => next())).toEqual(reference.pcg32.first8.map(Number));
  });

  it('names streams by FNV-1a over UTF-8', () => {
    expect(fnv1a32('')).toBe(0x811c9dc5);
    expect(fnv1a32('a')).toBe(0xe40c292c);
    expect(fnv1a32('foobar')).toBe(0xbf9cf968);
  });

  it('cuts an interval to what its quantity can be', () => {
    expect(within({ low: -0.2, high: 1.3 }, 0, 1)).toEqual({ low: 0, high: 1 });
  });
});
