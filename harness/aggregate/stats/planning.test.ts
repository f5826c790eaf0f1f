/** How much to ask, how sure a choice among many is, and what comes of preferences: against reference numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../fixtures/stats/expect-close.ts';
import reference from '../../../fixtures/stats/reference.json' with { type: 'json' };
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { bradleyTerry, type Meeting } from './bradley-terry.ts';
import { holm } from './holm.ts';
import { passAtK } from './pass-at-k.ts';
import { designEffect, detectableWith, itemVariance, itemsNeeded, itemsNeededMcnemar } from './power.ts';

describe('power', () => {
  it.each(reference.power.n)('needs $n_ceil items at K = $K', ({ delta, omega2, n, n_ceil, ...row }) => {
    const variance = itemVariance({
      betweenItems: omega2,
      first: row.sa2 ?? 1 / 6,
      second: row.sb2 ?? 1 / 6,
      repeats: row.K === 'inf' ? Infinity : Number(row.K),
    });
    expectClose(itemsNeeded(delta, variance), n);
    expect(Math.ceil(itemsNeeded(delta, variance))).toBe(n_ceil);
    expectClose(detectableWith(n, variance), delta);
  });

  it.each(reference.power.mde)('can see $mde with $n items', ({ n, omega2, sa2, sb2, K, mde }) => {
    const variance = itemVariance({ betweenItems: omega2, first: sa2, second: sb2, repeats: K });
    expectClose(detectableWith(n, variance), mde);
    expectClose(itemsNeeded(mde, variance), n);
  });

  it.each(reference.power.mcnemar)(
    'needs $n_ceil items for McNemar where $discordant differ',
    ({ discordant, delta, n, n_ceil }) => {
      expectClose(itemsNeededMcnemar(discordant, delta), n);
      expectClose(itemsNeededMcnemar(discordant, -delta), n);
      expect(Math.ceil(itemsNeededMcnemar(discordant, delta))).toBe(n_ceil);
    },
  );

  it('grows with clusters by the design effect, which is none for clusters of one', () => {
    expect(designEffect(1, 0.7)).toBe(1);
    expectClose(designEffect(5, 0.25), 2);
    expectClose(itemsNeeded(0.03, 0.4, designEffect(5, 0.25)), 2 * itemsNeeded(0.03, 0.4));
    expectClose(detectableWith(400, 0.4, designEffect(5, 0.25)), Math.SQRT2 * detectableWith(400, 0.4));
    expect(() => itemsNeededMcnemar(0.1, 0.2)).toThrow('discordant');
    expect(() => itemsNeededMcnemar(0.1, 0)).toThrow('discordant');
  });
});

describe('several claims, explored', () => {
  it.each(reference.multiplicity)('gives the values of $name', ({ p, bh, by, bonferroni }) => {
    const harmonic = p.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
    for (const [index, value] of benjaminiHochberg(p).entries()) {
      expectClose(value, bh[index]);
      // Where the tests depend on each other in any way, Benjamini and Yekutieli pay the harmonic sum.
      expectClose(Math.min(1, value * harmonic), by[index]);
      expectClose(Math.min(1, (p[index] ?? 1) * p.length), bonferroni[index]);
    }
  });

  it('is never stricter than Holm, nor laxer than no correction, and Holm never beyond Bonferroni', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { maxLength: 20 }), (raw) => {
        const strict = holm(raw);
        for (const [index, value] of benjaminiHochberg(raw).entries()) {
          const p = raw[index] ?? 1;
          expect(value).toBeLessThanOrEqual((strict[index] ?? 0) + 1e-12);
          expect(value).toBeGreaterThanOrEqual(p - 1e-12);
          expect(strict[index]).toBeGreaterThanOrEqual(p);
          expect(strict[index]).toBeLessThanOrEqual(Math.min(1, p * raw.length) + 1e-12);
        }
      }),
    );
  });
});

describe('pass@k', () => {
  it.each(reference.pass_at_k)('is $value for $c of $n and k = $k', ({ n, c, k, value }) => {
    expectClose(passAtK(n, c, k), value);
  });

  it('is the share itself at k = 1, rises with k, and is sure once fewer than k fail', () => {
    for (const n of [1, 4, 9]) {
      for (let c = 0; c <= n; c += 1) {
        expectClose(passAtK(n, c, 1), c / n);
        for (let k = 2; k <= n; k += 1)
          expect(passAtK(n, c, k)).toBeGreaterThanOrEqual(passAtK(n, c, k - 1) - 1e-12);
        expect(passAtK(n, c, n)).toBe(c === 0 ? 0 : 1);
      }
    }
  });

  it.each([
    [3, 1, 4],
    [3, 4, 1],
    [3, -1, 1],
    [3, 1, 0],
    [0, 0, 1],
  ])('is not defined for n %i, c %i, k %i', (n, c, k) => {
    expect(() => passAtK(n, c, k)).toThrow('pass@k');
  });
});

describe('Bradley-Terry', () => {
  const meeting = (
    first: string,
    second: string,
    firstWins: number,
    secondWins: number,
    ties = 0,
  ): Meeting => ({
    first,
    second,
    firstWins,
    secondWins,
    ties,
  });

  it('gives the strengths of three that met ten times each', () => {
    const { log_strength_sum0, elo_400_mean1000, p_A_beats_B } = reference.bradley_terry;
    const found = bradleyTerry([meeting('A', 'B', 7, 3), meeting('A', 'C', 8, 2), meeting('B', 'C', 6, 4)]);
    const wanted = Object.entries(log_strength_sum0);
    expect(found?.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    for (const [index, [name, log]] of wanted.entries()) {
      expectClose(found?.[index]?.log, log);
      expectClose(found?.[index]?.elo, (elo_400_mean1000 as Readonly<Record<string, number>>)[name]);
    }
    const [a, b] = [found?.[0]?.log ?? 0, found?.[1]?.log ?? 0];
    expectClose(1 / (1 + Math.exp(b - a)), p_A_beats_B);
  });

  it('counts a tie as half a win for either, in whichever order they are named', () => {
    const split = bradleyTerry([meeting('A', 'B', 7, 3, 4)]);
    const turned = bradleyTerry([meeting('B', 'A', 5, 9)]);
    expectClose(split?.find(({ name }) => name === 'A')?.log, Math.log(9 / 5) / 2);
    expectClose(turned?.find(({ name }) => name === 'A')?.log, Math.log(9 / 5) / 2);
  });

  it('has no finite strength for who never lost, never won or never met the rest', () => {
    expect(bradleyTerry([meeting('A', 'B', 5, 0)])).toBeNull();
    expect(bradleyTerry([meeting('A', 'B', 2, 3), meeting('B', 'C', 4, 0)])).toBeNull();
    expect(bradleyTerry([meeting('A', 'B', 2, 3), meeting('C', 'D', 4, 1)])).toBeNull();
    expect(bradleyTerry([])).toEqual([]);
    expect(bradleyTerry([meeting('A', 'A', 2, 3)])).toEqual([]);
  });
});
