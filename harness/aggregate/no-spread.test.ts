import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageDifference, overallDifference } from './difference.ts';
import type { Pair } from './pairing.ts';
import { amountStat, macroShareStat, shareStat, type ItemShare } from './stat.ts';
import { normalQuantiles } from './stats/normal.ts';

const counts = { missing: 0, unit: 'share' };
const chance = { seed: 42, seq: 54 };
const z2 = normalQuantiles.p975 ** 2;

const share = (item: number, language: string, value: number): ItemShare => ({
  cluster: `q${item}`,
  language,
  value,
  repeats: 1,
});
const pair = (item: number, language: string, other: number, baseline: number): Pair => ({
  suite: 's',
  language,
  cluster: `q${item}`,
  other,
  baseline,
  once: true,
});
/** `items` items in each language, with the one value that the language has. */
const grid = (items: number, values: Readonly<Record<string, number>>): ItemShare[] =>
  Object.entries(values).flatMap(([language, value]) =>
    Array.from({ length: items }, (_, item) => share(item, language, value)),
  );
const asPairs = (shares: readonly ItemShare[]): Pair[] =>
  shares.map(({ cluster, language, value }) => ({ ...pair(0, language, value, 0), cluster }));

describe('a mean over languages without spread', () => {
  it('is bounded by what each language can show, half of them right and half wrong', () => {
    const { value, low, high, n, method } = macroShareStat(grid(15, { en: 1, am: 0 }), counts, chance);
    // Wilson gives 15/15 [15/(15 + z²), 1] and 0/15 [0, z²/(15 + z²)].
    expect({ value, n, method }).toEqual({ value: 0.5, n: 30, method: 'wilson' });
    expect(low).toBeCloseTo(15 / (15 + z2) / 2, 9);
    expect(high).toBeCloseTo((1 + z2 / (15 + z2)) / 2, 9);
  });

  it('leaves room on both sides when one language of fourteen is lost', () => {
    const tags = ['en', 'zh', 'ja', 'ko', 'ar', 'hi', 'bn', 'th', 'sw', 'tr', 'de', 'es', 'fr'];
    const all = Object.fromEntries([...tags.map((tag) => [tag, 1] as const), ['am', 0]]);
    const { value, low, high } = macroShareStat(grid(12, all), counts, chance);
    expect(value).toBeCloseTo(13 / 14, 12);
    expect(low).toBeCloseTo(((13 / 14) * 12) / (12 + z2), 9);
    expect(high).toBeCloseTo((13 + z2 / (12 + z2)) / 14, 9);
  });

  it('counts the items of each language, not of all: a language with few says little', () => {
    const items = [...grid(30, { en: 1 }), ...grid(2, { th: 1 })];
    expect(macroShareStat(items, counts, chance).low).toBeCloseTo((30 / (30 + z2) + 2 / (2 + z2)) / 2, 9);
  });

  it('is not taken for sure where languages cancel within each item', () => {
    const items = Array.from({ length: 20 }, (_, item) => [
      share(item, 'hi', item % 2),
      share(item, 'bn', 1 - (item % 2)),
    ]).flat();
    const { value, low, high } = macroShareStat(items, counts, chance);
    expect(value).toBe(0.5);
    expect(low).toBeLessThan(0.35);
    expect(high).toBeGreaterThan(0.65);
  });

  it('is not taken for sure where all items have the same grade', () => {
    const { low, high, method } = shareStat(grid(20, { ko: 0.7 }), counts, chance);
    expect(method).toBe('wilson');
    expect([low, high].map((end) => Number(end?.toFixed(3)))).toEqual([0.481, 0.855]);
  });

  it.each([12, 0.1, 1.1, 1e9 / 3])(
    'has no interval for amounts that are all %s: they have no upper end',
    (value) => {
      const amounts = Array.from({ length: 30 }, (_, item) => ({ cluster: `q${item}`, value }));
      const found = amountStat(amounts, { missing: 0, unit: 'tokens' });
      expect(found.value).toBeCloseTo(value, 3);
      expect(found).toMatchObject({ low: null, high: null, n: 30, method: null });
    },
  );
});

describe('a difference over languages without spread', () => {
  it('keeps an interval and a smallest difference when one language is won whole and the other is a tie', () => {
    const pairs = Array.from({ length: 12 }, (_, item) => [
      pair(item, 'en', 1, 1),
      pair(item, 'am', 1, 0),
    ]).flat();
    const found = overallDifference({ pairs, gaps: [] }, chance);
    expect(found.difference).toMatchObject({ value: 0.5, method: 'tango', n: 12 });
    // Tango gives 0 of 12 ± z²/(12 + z²), and 12 of 12 [(12 - z²)/(12 + z²), 1].
    expect(found.difference.low).toBeCloseTo((12 - 2 * z2) / (12 + z2) / 2, 6);
    expect(found.difference.high).toBeCloseTo((1 + z2 / (12 + z2)) / 2, 6);
    expect(found.low90).toBeGreaterThan(found.difference.low ?? Number.NaN);
    expect(found.high90).toBeLessThan(found.difference.high ?? Number.NaN);
    expect(found.minimumDetectable).toBeGreaterThan(0.1);
  });

  it('is no proof of anything where wins and losses cancel within each item', () => {
    const pairs = Array.from({ length: 12 }, (_, item) => [
      pair(item, 'ja', 1, 0),
      pair(item, 'sw', 0, 1),
    ]).flat();
    const { difference, low90, high90 } = overallDifference({ pairs, gaps: [] }, chance);
    expect(difference.value).toBe(0);
    expect(low90).toBeLessThan(-0.1);
    expect(high90).toBeGreaterThan(0.1);
  });
});

describe('an interval', () => {
  const ends = fc.array(
    fc.tuple(fc.nat(5), fc.constantFrom('ar', 'th', 'tr', 'zh'), fc.constantFrom(0, 0.5, 1)),
    { minLength: 1, maxLength: 24 },
  );

  it('is never of no width, and holds its mean', () => {
    fc.assert(
      fc.property(ends, (list) => {
        const items = list.map(([item, language, value]) => share(item, language, value));
        for (const { value, low, high } of [
          shareStat(items, counts, chance),
          macroShareStat(items, counts, chance),
        ]) {
          if (low === null || high === null) {
            expect(new Set(items.map((each) => each.cluster)).size).toBe(1);
            continue;
          }
          expect(high - low).toBeGreaterThan(1e-3);
          expect(value).toBeGreaterThanOrEqual(low - 1e-12);
          expect(value).toBeLessThanOrEqual(high + 1e-12);
        }
      }),
    );
  });

  it('is never of no width for a difference, and something always stays unseen', () => {
    fc.assert(
      fc.property(ends, (list) => {
        const pairs = asPairs(list.map(([item, language, value]) => share(item, language, value)));
        for (const found of [
          languageDifference({ pairs, gaps: [] }, chance),
          overallDifference({ pairs, gaps: [] }, chance),
        ]) {
          const { value, low, high } = found.difference;
          if (low === null || high === null) {
            expect(found.clusters).toBe(1);
            continue;
          }
          expect(high - low).toBeGreaterThan(1e-3);
          expect(value).toBeGreaterThanOrEqual(low - 1e-9);
          expect(value).toBeLessThanOrEqual(high + 1e-9);
          expect((found.high90 ?? 0) - (found.low90 ?? 0)).toBeGreaterThan(1e-3);
          expect(found.minimumDetectable).toBeGreaterThan(1e-3);
        }
      }),
    );
  });
});
