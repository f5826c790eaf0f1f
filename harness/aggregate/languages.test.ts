/** What a reader asks beyond the score: the worst language, the same item in all languages, the same question again. */
import { describe, expect, it } from 'vitest';
import { syntheticRun, type RunOptions } from '../../fixtures/aggregate/synthetic-run.ts';
import type { ConsistencyRow, RepeatRow, SpreadRow, Summary } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { wilson } from './stats/proportion.ts';

const summaryOf = (options: RunOptions): Summary => aggregate(syntheticRun(options)).summary;
function spreadOf(options: RunOptions, target = 'alpha'): SpreadRow {
  const row = summaryOf(options).spread.find((each) => each.target === target);
  if (row === undefined) throw new Error('no row');
  return row;
}
const consistencyOf = (
  options: RunOptions,
  target = 'alpha',
  suite: string | null = null,
): ConsistencyRow | undefined =>
  summaryOf(options).consistency.find((each) => each.target === target && each.suite === suite);
function repeatsOf(options: RunOptions, language: string | null = null): RepeatRow {
  const row = summaryOf(options).repeats.find(
    (each) => each.target === 'alpha' && each.language === language,
  );
  if (row === undefined) throw new Error('no row');
  return row;
}

/** Items passed of twenty, by language. */
const passed: Readonly<Record<string, number>> = { en: 18, ar: 12, th: 9, hi: 12, zh: 18 };
const uneven: RunOptions = {
  items: 20,
  languages: Object.keys(passed),
  script: (_, language, item) => (item < (passed[language] ?? 0) ? 1 : 0),
};

describe('the spread of a target', () => {
  it('names the worst and the best language, and how far they lie apart, without an interval', () => {
    expect(spreadOf(uneven)).toMatchObject({ worst: 'th', best: 'en' });
    expect(spreadOf(uneven).spread).toMatchObject({ n: 5, missing: 0, low: null, high: null, method: null });
    expect(spreadOf(uneven).spread.value).toBeCloseTo(0.45, 12);
  });

  it('measures every language against the base language on the same items', () => {
    const { gaps } = spreadOf(uneven);
    expect(gaps.map(({ language, base }) => [language, base])).toEqual([
      ['ar', 'en'],
      ['th', 'en'],
      ['hi', 'en'],
      ['zh', 'en'],
    ]);
    expect(gaps[0]?.difference).toMatchObject({ n: 20, missing: 0, method: 'tango' });
    expect(gaps[0]?.difference.value).toBeCloseTo(-0.3, 12);
    expect(gaps[1]?.difference.high).toBeLessThan(-0.2);
    expect(gaps[3]?.difference.value).toBe(0);
  });

  it('counts pairs with a lost answer as missing, and leaves out what no check applies to', () => {
    const { gaps, spread } = spreadOf({
      ...uneven,
      script: (target, language, item, repeat, suite) =>
        language === 'ar' && item < 3
          ? 'failed'
          : language === 'hi'
            ? 'failed'
            : uneven.script(target, language, item, repeat, suite),
    });
    expect(gaps[0]?.difference).toMatchObject({ n: 17, missing: 3 });
    expect(gaps[2]?.difference).toMatchObject({ value: null, n: 0, missing: 20 });
    expect(spread).toMatchObject({ n: 4, missing: 1 });
  });

  it('has no worst of one language, and no gap of the base to itself', () => {
    expect(spreadOf({ ...uneven, languages: ['am'] })).toMatchObject({
      worst: null,
      best: null,
      spread: { value: null, n: 1, missing: 0 },
      gaps: [],
    });
    expect(spreadOf({ ...uneven, script: () => 'failed' })).toMatchObject({
      worst: null,
      spread: { n: 0, missing: 5 },
    });
  });
});

describe('consistency', () => {
  it('is the share of items with the same pass in every language', () => {
    // Items 0..8 pass everywhere, 18 and 19 nowhere, the rest in some.
    const row = consistencyOf(uneven);
    expect(row).toMatchObject({ allPassed: 9, nonePassed: 2, mixed: 9 });
    expect(row?.consistent).toMatchObject({ n: 20, missing: 0, method: 'wilson', ...wilson(11, 20) });
    expect(row?.consistent.value).toBeCloseTo(0.55, 12);
  });

  it('does not judge an item with a lost answer, nor a language where no check applies', () => {
    const row = consistencyOf({
      ...uneven,
      languages: ['en', 'th', 'ko'],
      script: (_, language, item) => {
        if (item === 0 && language === 'ko') return 'failed';
        if (language === 'th') return 'not-applicable';
        return item < 10 ? 1 : 0;
      },
    });
    expect(row).toMatchObject({
      allPassed: 9,
      nonePassed: 10,
      mixed: 0,
      consistent: { value: 1, n: 19, missing: 1 },
    });
  });

  it('asks for more than half of the repeats', () => {
    const of = (passes: number) =>
      consistencyOf({
        items: 12,
        languages: ['sw', 'tr'],
        repeats: 4,
        script: (_, language, __, repeat) => (language === 'sw' || repeat <= passes ? 1 : 0),
      });
    expect([of(2)?.mixed, of(3)?.mixed]).toEqual([12, 0]);
  });

  it('is given per suite too, and not for one language', () => {
    const two: RunOptions = {
      ...uneven,
      suites: ['orders', 'sums'],
      script: (target, language, item, repeat, suite) =>
        suite === 'sums' ? 1 : uneven.script(target, language, item, repeat, suite),
    };
    expect(consistencyOf(two, 'alpha', 'sums')?.consistent.value).toBe(1);
    expect(consistencyOf(two, 'alpha', 'orders')?.consistent.value).toBeCloseTo(0.55, 12);
    expect(consistencyOf(two)?.consistent).toMatchObject({ n: 40 });
    expect(consistencyOf({ ...uneven, languages: ['ja'] })).toBeUndefined();
  });
});

describe('repeats', () => {
  /** Item i passes in i mod 5 of its four repeats. */
  const four: RunOptions = {
    items: 20,
    repeats: 4,
    languages: ['ar', 'ja'],
    script: (_, __, item, repeat) => (repeat <= item % 5 ? 1 : 0),
  };

  it('give pass@k without bias, and the share of items that are stable', () => {
    const { passAtK, stable } = repeatsOf(four, 'ja');
    expect(passAtK.map(({ k }) => k)).toEqual([1, 2, 3, 4]);
    // Of 4 with c passes: c/4; 1 - C(4 - c, 2)/6; 1 - C(4 - c, 3)/4; c > 0.
    for (const [index, wanted] of [0.5, (0 + 0.5 + 5 / 6 + 2) / 5, (0 + 0.75 + 3) / 5, 0.8].entries())
      expect(passAtK[index]?.value.value).toBeCloseTo(wanted, 12);
    expect(passAtK[3]?.value).toMatchObject({ n: 20, missing: 0, method: 'wilson' });
    expect(passAtK[0]?.value.method).toBe('t');
    expect(stable).toMatchObject({ n: 20, missing: 0, method: 'wilson' });
    expect(stable.value).toBeCloseTo(0.4, 12);
    expect(repeatsOf(four).stable).toMatchObject({ value: stable.value, n: 40, method: 'cr1-t' });
  });

  it('are no repeats when a question is asked once, and an item with a lost repeat is missing', () => {
    expect(summaryOf({ ...four, repeats: 1 }).repeats).toEqual([]);
    const { passAtK, stable } = repeatsOf(
      {
        ...four,
        script: (target, language, item, repeat, suite) =>
          item === 0 && repeat === 3 ? 'failed' : four.script(target, language, item, repeat, suite),
      },
      'ar',
    );
    expect(passAtK[1]?.value).toMatchObject({ n: 19, missing: 1 });
    expect(stable).toMatchObject({ n: 19, missing: 1 });
  });

  it('give every k up to ten, then round numbers and the last', () => {
    expect(
      repeatsOf({ items: 2, languages: ['th'], repeats: 25, script: () => 1 }, 'th').passAtK.map(
        ({ k }) => k,
      ),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 25]);
  });
});
