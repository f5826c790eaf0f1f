import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageDifference, overallDifference, type Difference } from './difference.ts';
import { labelOf, type Evidence } from './label.ts';
import type { Observation } from './observation.ts';
import { pairUp, type Pair, type Pairing } from './pairing.ts';

const chance = { seed: 42, seq: 54 };
const pair = (
  item: number,
  language: string,
  other: number,
  baseline: number,
  more: Partial<Pair> = {},
): Pair => ({ suite: 's', language, cluster: `q${item}`, other, baseline, once: true, ...more });
const pairing = (pairs: readonly Pair[]): Pairing => ({ pairs, gaps: [] });
const swapped = ({ pairs, gaps }: Pairing): Pairing => ({
  pairs: pairs.map((each) => ({ ...each, other: each.baseline, baseline: each.other })),
  gaps,
});

const score = fc.constantFrom(0, 0.25, 0.5, 1);
const bit = fc.constantFrom(0, 1);
const pairsOf = (value: fc.Arbitrary<number>, items: number): fc.Arbitrary<Pairing> =>
  fc
    .array(fc.tuple(value, value, fc.constantFrom('ar', 'th', 'sw', 'zh')), {
      minLength: items,
      maxLength: items + 15,
    })
    .map((list) =>
      pairing(
        list.map(([other, baseline, language], index) => pair(index % items, language, other, baseline)),
      ),
    );

function expectMirrored(there: Difference, back: Difference): void {
  const negative = (value: number | null): number => -(value ?? Number.NaN);
  expect(there.difference.value).toBeCloseTo(negative(back.difference.value), 12);
  expect(there.difference.low).toBeCloseTo(negative(back.difference.high), 9);
  expect(there.difference.high).toBeCloseTo(negative(back.difference.low), 9);
  expect(there.low90).toBeCloseTo(negative(back.high90), 9);
  expect(there.p).toBe(back.p);
  expect(there.minimumDetectable).toBeCloseTo(back.minimumDetectable ?? Number.NaN, 9);
  expect(there.onlyOther).toBe(back.onlyBaseline);
}

describe('a difference', () => {
  it('turns round and keeps p when the models are swapped', () => {
    fc.assert(
      fc.property(pairsOf(score, 12), (data) =>
        expectMirrored(overallDifference(data, chance), overallDifference(swapped(data), chance)),
      ),
      { numRuns: 40 },
    );
    fc.assert(
      fc.property(pairsOf(bit, 24), (data) =>
        expectMirrored(overallDifference(data, chance), overallDifference(swapped(data), chance)),
      ),
      { numRuns: 10 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(bit, bit), { minLength: 10, maxLength: 40 }), (list) => {
        const data = pairing(list.map(([other, baseline], index) => pair(index, 'th', other, baseline)));
        expectMirrored(languageDifference(data, chance), languageDifference(swapped(data), chance));
      }),
    );
  });

  it('does not depend on the order of the items', () => {
    fc.assert(
      fc.property(pairsOf(score, 21), (data) => {
        const reversed = overallDifference({ ...data, pairs: data.pairs.toReversed() }, chance);
        const found = overallDifference(data, chance);
        expect(reversed.difference.value).toBeCloseTo(found.difference.value ?? Number.NaN, 12);
        expect(reversed.difference.low).toBeCloseTo(found.difference.low ?? Number.NaN, 9);
        expect(reversed.p).toBe(found.p);
      }),
      { numRuns: 15 },
    );
  });

  it('is p = 1 between identical models, and no proof that they are equivalent', () => {
    for (const n of [12, 60]) {
      const same = pairing(Array.from({ length: n }, (_, index) => pair(index, 'ja', index % 2, index % 2)));
      for (const found of [languageDifference(same, chance), overallDifference(same, chance)]) {
        expect(found).toMatchObject({ p: 1, difference: { value: 0, method: 'tango' } });
        expect(found.difference.high).toBeGreaterThan(0.02);
        expect(found.minimumDetectable).toBeGreaterThan(0.05);
      }
    }
  });

  it('picks Tango and McNemar for yes/no items asked once, and names b and c', () => {
    const list = Array.from({ length: 50 }, (_, index) =>
      pair(index, 'am', index < 32 ? 1 : 0, index < 20 || index >= 48 ? 1 : 0),
    );
    const found = languageDifference(pairing(list), chance);
    expect(found).toMatchObject({
      onlyOther: 12,
      onlyBaseline: 2,
      test: 'mcnemar-exact',
      clusters: 50,
      difference: { n: 50, method: 'tango' },
    });
    expect(found.difference.low).toBeCloseTo(0.061112406186344, 9);
    expect(found.p).toBeCloseTo(0.012939453125, 9);
  });

  it.each([
    ['graded scores', (index: number) => pair(index, 'ko', 0.5 + (index % 3) / 10, 0.4), 't'],
    ['repeats', (index: number) => pair(index, 'ko', index % 2, 0, { once: false }), 't'],
    [
      'shared clusters',
      (index: number) => pair(index, 'ko', index % 3 === 0 ? 1 : 0, 0, { cluster: `p${index % 11}` }),
      'cr1-t',
    ],
  ])('takes t and sign-flip for %s', (_, make, method) => {
    const found = languageDifference(
      pairing(Array.from({ length: 22 }, (_each, index) => make(index))),
      chance,
    );
    expect(found.difference.method).toBe(method);
    expect(found.test).toBe(method === 't' ? 'sign-flip-10000' : 'sign-flip-exact');
    expect(found.onlyOther).toBeNull();
  });

  it('has an estimate and no p below ten independent items, and no interval for one', () => {
    const nine = pairing(
      Array.from({ length: 27 }, (_, index) =>
        pair(index % 9, ['ar', 'hi', 'bn'][index % 3] ?? '', 1, index % 2),
      ),
    );
    expect(overallDifference(nine, chance)).toMatchObject({
      clusters: 9,
      p: null,
      test: null,
      difference: { n: 9, method: 'cr1-t' },
    });
    const few = pairing(Array.from({ length: 9 }, (_, index) => pair(index, 'ar', 1, index % 2)));
    expect(languageDifference(few, chance)).toMatchObject({
      p: null,
      test: null,
      difference: { n: 9, method: 'tango' },
    });
    for (const found of [
      languageDifference(pairing([pair(1, 'tr', 1, 0)]), chance),
      overallDifference(pairing([pair(1, 'tr', 0.5, 0)]), chance),
    ]) {
      expect(found).toMatchObject({
        p: null,
        low90: null,
        minimumDetectable: null,
        difference: { low: null, high: null, n: 1, method: null },
      });
    }
  });

  it('is null without a pair, and says how many are missing', () => {
    const found = overallDifference({ pairs: [], gaps: [{ suite: 's', language: 'th' }] }, chance);
    expect(found).toMatchObject({ clusters: 0, p: null, difference: { value: null, n: 0, missing: 1 } });
  });
});

describe('pairing', () => {
  const item = (name: string, score: number | null, more: Partial<Observation> = {}): Observation => ({
    suite: 's',
    language: 'zh',
    name,
    item: name,
    cluster: name,
    planned: 1,
    scorable: true,
    judged: true,
    score,
    pass: null,
    decided: 0,
    worst: { score: score ?? 0, pass: null },
    ...more,
  });

  it('takes the items both have a score for, and counts every planned pair without', () => {
    const watched = item('watched', null, { scorable: false });
    const other = [item('a', 1), item('b', null), item('c', 0), item('mine', 1), watched];
    const baseline = [
      item('c', 0.5, { planned: 3 }),
      item('b', 1),
      item('a', null),
      item('theirs', 1),
      watched,
    ];
    const { pairs, gaps } = pairUp(other, baseline);
    expect(pairs).toEqual([
      { suite: 's', language: 'zh', cluster: 'c', other: 0, baseline: 0.5, once: false },
    ]);
    expect(gaps).toHaveLength(4);
  });
});

describe('a label', () => {
  const evidence: Evidence = {
    value: 0.05,
    low: 0.01,
    high: 0.09,
    low90: 0.02,
    high90: 0.08,
    clusters: 50,
    pHolm: 0.01,
  };

  it.each([
    ['better', {}],
    ['worse', { value: -0.05, low: -0.09, high: -0.01, low90: -0.08, high90: -0.02 }],
    ['too-few', { clusters: 9 }],
    ['too-few', { value: null }],
    ['inconclusive', { pHolm: 0.05 }],
    ['inconclusive', { pHolm: null }],
    ['inconclusive', { low: -0.001 }],
    ['better', { value: 0.02 }],
    ['inconclusive', { value: 0.019 }],
    ['equivalent', { value: 0.01, low: 0.004, high: 0.016, low90: 0.005, high90: 0.015 }],
    ['equivalent', { value: 0, low: -0.022, high: 0.022, low90: -0.019, high90: 0.019, pHolm: 1 }],
    ['inconclusive', { value: 0, low: -0.03, high: 0.03, low90: -0.021, high90: 0.021, pHolm: 1 }],
  ] as const)('is %s for %o', (label, change) => {
    expect(labelOf({ ...evidence, ...change })).toBe(label);
  });
});
