/** The formulas against numbers that other programs computed, and against what must hold for any data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../fixtures/stats/expect-close.ts';
import { newcombe } from '../../../fixtures/stats/newcombe.ts';
import reference from '../../../fixtures/stats/reference.json' with { type: 'json' };
import { clusteredMean, macroMean, mean, standardError } from './clustered.ts';
import { holm } from './holm.ts';
import { within } from './interval.ts';
import { mcnemarExact } from './mcnemar.ts';
import { normalCdf, normalQuantile, normalQuantiles } from './normal.ts';
import { fnv1a32, pcg32 } from './pcg32.ts';
import { minimumDetectable } from './power.ts';
import { wilson } from './proportion.ts';
import { quantile } from './quantile.ts';
import { signFlip } from './sign-flip.ts';
import { incompleteBeta, logGamma } from './special-functions.ts';
import { tCdf, tQuantile, tTwoSided } from './student.ts';
import { tango, tangoStatistic } from './tango.ts';

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
    expect(tQuantile(0.95, 1e6)).toBeCloseTo(normalQuantiles.p95, 5);
  });

  it('turns t quantiles into shares and back, on both sides and at the ends', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.0001, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 2000 }),
        (p, df) => {
          expectClose(tCdf(tQuantile(p, df), df), p);
          expect(tQuantile(1 - p, df)).toBeCloseTo(-tQuantile(p, df), 6);
        },
      ),
    );
    // One degree of freedom is the Cauchy distribution, two have a closed form.
    for (const t of [-40, -1, -1e-9, 0, 1e-9, 0.3, 2.5, 1e6]) {
      expectClose(tCdf(t, 1), 0.5 + Math.atan(t) / Math.PI);
      expectClose(tCdf(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)));
    }
    expect([tQuantile(0, 5), tQuantile(0.5, 5), tQuantile(1, 5)]).toEqual([-Infinity, 0, Infinity]);
    expect(() => tQuantile(1.1, 5)).toThrow('0..1');
  });

  it('knows the normal distribution far into its tails', () => {
    expectClose(normalCdf(-10) / 7.61985302416053e-24, 1);
    expectClose(normalCdf(-30) / 4.906713927148187e-198, 1);
    expectClose(normalCdf(1), 0.8413447460685429);
    expectClose(normalCdf(-3) + normalCdf(3), 1);
    expectClose(normalQuantile(0.975), normalQuantiles.p975);
    expectClose(normalQuantile(0.95), normalQuantiles.p95);
    expectClose(normalQuantile(0.8), normalQuantiles.p80);
    expectClose(normalQuantile(1e-100), -21.2734535609653);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
    expect(() => normalQuantile(-0.1)).toThrow('0..1');
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) =>
        expectClose(normalCdf(normalQuantile(p)), p),
      ),
    );
  });

  it.each(reference.mcnemar)('agrees with the chi-square p of $b : $c', (row) => {
    for (const [square, p] of [
      [row.chi2, row.p_chi2],
      [row.chi2_cc, row.p_chi2_cc],
    ]) {
      if (typeof square === 'number' && typeof p === 'number')
        expectClose(2 * normalCdf(-Math.sqrt(square)), p);
    }
  });

  it.each(reference.proportion)('agrees with the beta quantiles behind $k of $n', (row) => {
    const { k, n } = row;
    const ends = [
      { interval: row.clopper_pearson, a: [k, k + 1], b: [n - k + 1, n - k] },
      { interval: row.jeffreys, a: [k + 0.5, k + 0.5], b: [n - k + 0.5, n - k + 0.5] },
      { interval: row.bayes_beta11, a: [k + 1, k + 1], b: [n - k + 1, n - k + 1] },
    ];
    for (const { interval, a, b } of ends) {
      for (const [side, wanted] of [0.025, 0.975].entries()) {
        const x = interval[side] ?? Number.NaN;
        if (x > 0 && x < 1) expectClose(incompleteBeta(x, a[side] ?? 0, b[side] ?? 0), wanted);
      }
    }
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

  it('rises with every further success', () => {
    for (const n of [1, 7, 40, 300]) {
      for (let k = 0; k < n; k += 1) {
        const [here, above] = [wilson(k, n), wilson(k + 1, n)];
        expect(above.low).toBeGreaterThan(here.low);
        expect(above.high).toBeGreaterThan(here.high);
        expect(above.high).toBeLessThanOrEqual(1);
        expect(here.low).toBeGreaterThanOrEqual(0);
      }
    }
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
    expectClose(tango(row.a_only, row.b_only, row.n, normalQuantiles.p95).low, row.ni_lower_onesided95_tango);
    const z = tangoStatistic(row.a_only, row.b_only, row.n, -row.noninferiority_margin);
    expectClose(z, row.ni_z_tango);
    expectClose(normalCdf(-z), row.ni_p_tango);
    expect(row.ni_lower_onesided95_tango > -row.noninferiority_margin).toBe(row.noninferior);
  });

  it.each(reference.paired_proportion)(
    'hears the same from Newcombe about $a_only : $b_only of $n',
    (row) => {
      const second = newcombe(row);
      expectClose(second.low, row.newcombe10[0]);
      expectClose(second.high, row.newcombe10[1]);
      // The two methods may differ by a few points at a small n, not about which way the models lie.
      const first = tango(row.a_only, row.b_only, row.n);
      expect(Math.abs(first.low - second.low)).toBeLessThan(0.1);
      expect(Math.abs(first.high - second.high)).toBeLessThan(0.1);
      expect(Math.sign(first.low)).toBe(Math.sign(second.low));
    },
  );

  it('sees Wald claim certainty where nothing differed', () => {
    const same = reference.paired_proportion.find((row) => row.a_only + row.b_only === 0);
    expect(same?.wald).toEqual([0, 0]);
    expect(tango(0, 0, same?.n ?? 0).high).toBeGreaterThan(0.2);
  });

  it('rises with every item that goes from the second to the first', () => {
    for (const n of [5, 30, 120]) {
      for (let b = 0; b < n; b += 1) {
        const c = Math.min(3, n - b);
        const here = tango(b, c, n);
        // One tie becomes a win, or one loss a win.
        const above = b + c < n ? tango(b + 1, c, n) : tango(b + 1, c - 1, n);
        expect(above.low).toBeGreaterThanOrEqual(here.low - 1e-12);
        expect(above.high).toBeGreaterThanOrEqual(here.high - 1e-12);
      }
    }
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

  /** Mean squares between and inside clusters, of a one-way analysis of variance. */
  function meanSquares(list: readonly { cluster: string; value: number }[]): [number, number] {
    const all = mean(list.map(({ value }) => value));
    const groups = [...new Set(list.map(({ cluster }) => cluster))].map((name) =>
      list.filter(({ cluster }) => cluster === name).map(({ value }) => value),
    );
    const between = groups.reduce((sum, group) => sum + group.length * (mean(group) - all) ** 2, 0);
    const inside = groups.flatMap((group) => group.map((value) => (value - mean(group)) ** 2));
    return [
      between / (groups.length - 1),
      inside.reduce((sum, each) => sum + each, 0) / (list.length - groups.length),
    ];
  }

  it('gives the CR1 error of twenty values in four clusters', () => {
    expectClose(standardError(inspect.values), inspect.se_clt);
    const { value, se, clusters } = clusteredMean(
      inspect.values.map((each, index) => ({ cluster: String(inspect.cluster[index]), value: each })),
    );
    expectClose(value, inspect.mean);
    expectClose(se, inspect.se_cluster1);
    // CR0 leaves out the correction for the number of clusters.
    expectClose((se ?? 0) * Math.sqrt((clusters - 1) / clusters), inspect.se_cluster0);
    expectClose(tQuantile(0.975, clusters - 1), inspect.t_crit_df3);
    expectClose(value - (se ?? 0) * tQuantile(0.975, clusters - 1), inspect.ci[0] ?? Number.NaN);
    expectClose(value + (se ?? 0) * tQuantile(0.975, clusters - 1), inspect.ci[1] ?? Number.NaN);
  });

  it('gives the paired difference of eight items in four languages', () => {
    const [first, second] = [macroMean(cells(a)), macroMean(cells(b))];
    expectClose(first.value, pairs.mean_a);
    expectClose(second.value, pairs.mean_b);
    expectClose(first.se, pairs.se_a_cluster1);
    expectClose(second.se, pairs.se_b_cluster1);
    expectClose((first.se ?? 0) * Math.sqrt(7 / 8), pairs.se_a_cluster0);
    expectClose(standardError(cells(a).map((each) => each.value)), pairs.se_a_clt);
    expectClose(standardError(cells(b).map((each) => each.value)), pairs.se_b_clt);
    expectClose(Math.hypot(pairs.se_a_clt, pairs.se_b_clt), pairs.se_unpaired);
    const found = macroMean(cells((item, index) => a(item, index) - b(item, index)));
    expectClose(found.value, pairs.diff);
    expectClose(found.se, pairs.se_paired_cluster1);
    expectClose((found.se ?? 0) * Math.sqrt(7 / 8), pairs.se_paired_cluster0);
    const naive = standardError(
      cells((item, index) => a(item, index) - b(item, index)).map(({ value }) => value),
    );
    expectClose(naive, pairs.se_paired_naive);
    expectClose(((found.se ?? 0) / naive) ** 2, pairs.design_effect);
    const [between, inside] = meanSquares(cells((item, index) => a(item, index) - b(item, index)));
    expectClose((between - inside) / (between + 3 * inside), pairs.icc_anova);
    expectClose(found.value / (found.se ?? 0), pairs.t);
    expectClose(tTwoSided(pairs.t, pairs.df), pairs.p_t);
    expectClose(tQuantile(0.975, pairs.df), pairs.t_crit);
    expect(found.influences.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 12);
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

  it('counts each language for itself, and all languages together only to be seen to differ', () => {
    let [onlyA, onlyB] = [0, 0];
    for (const [index, language] of pairs.langs.entries()) {
      const wanted = (pairs.per_language as Readonly<Record<string, typeof pairs.per_language.en>>)[language];
      const b_disc = pairs.items.filter((item) => a(item, index) > b(item, index)).length;
      const c_disc = pairs.items.filter((item) => a(item, index) < b(item, index)).length;
      expect({ b_disc, c_disc }).toEqual({ b_disc: wanted?.b_disc, c_disc: wanted?.c_disc });
      expectClose(mcnemarExact(b_disc, c_disc), wanted?.mcnemar_exact);
      onlyA += b_disc;
      onlyB += c_disc;
    }
    // Half the p of the test that knows the clusters.
    expectClose(mcnemarExact(onlyA, onlyB), pairs.mcnemar_pooled_naive.exact);
    expect(pairs.mcnemar_pooled_naive.exact).toBeLessThan(pairs.exact_cluster_signflip.p / 2);
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
