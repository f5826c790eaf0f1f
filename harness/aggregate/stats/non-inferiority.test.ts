import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval } from './interval.ts';
import { nonInferiority, type MarginClaim } from './non-inferiority.ts';
import { normalQuantile } from './normal.ts';

/** A claim with a normal interval. */
const claim = (value: number, se: number, more: Partial<MarginClaim> = {}): MarginClaim => ({
  value,
  clusters: 100,
  answered: 1,
  intervalAt: (confidence): Interval => {
    const half = normalQuantile((1 + confidence) / 2) * se;
    return { low: value - half, high: value + half };
  },
  ...more,
});
const states = (claims: readonly MarginClaim[], margin: number): string[] =>
  nonInferiority(claims, margin).map(({ state }) => state);

describe('a gate on a difference', () => {
  it.each([
    ['pass', 0.0, 0.01],
    ['pass', -0.01, 0.005],
    ['fail', -0.06, 0.01],
    ['inconclusive', -0.01, 0.01],
    ['inconclusive', 0.05, 0.1],
    ['inconclusive', -0.02, 0.0001],
  ])('is %s for %f ± 1.96·%f at a margin of two points', (state, value, se) => {
    expect(states([claim(value, se)], 0.02)).toEqual([state]);
  });

  it('says how many items would decide: twice as near takes four times as many', () => {
    const [near] = nonInferiority([claim(0.01, 0.02)], 0.02);
    const [nearer] = nonInferiority([claim(-0.005, 0.02)], 0.02);
    // 2.801585 standard errors in 0.03: 100·(2.801585·0.02/0.03)².
    expect(near).toEqual({ state: 'inconclusive', why: 'interval', confidence: 0.95, clustersNeeded: 349 });
    expect(nearer?.clustersNeeded).toBe(1396);
    expect(nonInferiority([claim(-0.02, 0.02)], 0.02)[0]?.clustersNeeded).toBeNull();
    // A wide interval on the far side is no reason to ask more.
    expect(nonInferiority([claim(-0.045, 0.02)], 0.02)[0]?.clustersNeeded).toBe(503);
  });

  it('asks for as many items as make the interval of a count of none fit', () => {
    // Wilson's lower end at 40 of 40 is 1 / (1 + z²/40) = 0.9124; at 74 of 74 it is 0.9507.
    const flat = claim(1, 0, {
      clusters: 40,
      isFlat: true,
      intervalAt: () => ({ low: 0.9124, high: 1 }),
    });
    expect(nonInferiority([flat], -0.95)[0]?.clustersNeeded).toBe(71);
    expect(nonInferiority([{ ...flat, isFlat: false }], -0.95)[0]?.clustersNeeded).toBe(251);
  });

  it.each([
    ['no-value', { value: null, intervalAt: (): Interval | null => null }],
    ['too-few-items', { clusters: 9 }],
    ['too-few-answers', { answered: 0.949 }],
    ['interval', { intervalAt: (): Interval | null => null }],
  ] as const)('is inconclusive: %s', (why, more) => {
    for (const value of [0.5, -0.5]) {
      expect(nonInferiority([claim(value, 0.001, more)], 0.02)).toEqual([
        {
          state: 'inconclusive',
          why,
          confidence: why === 'interval' ? 0.95 : null,
          clustersNeeded: null,
        },
      ]);
    }
  });

  it('never passes on missing data, however good what is there looks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.9499, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        (value, answered, margin, others) => {
          const good = Array.from({ length: others }, () => claim(0.9, 0.0001));
          const found = nonInferiority([claim(value, 0.0001, { answered }), ...good], margin);
          expect(found[0]).toMatchObject({ state: 'inconclusive', why: 'too-few-answers' });
        },
      ),
    );
  });
});

describe('gates on several languages', () => {
  it('share the error by Holm: the clearest first, at 5 % over all of them', () => {
    // z of 2.3, 2.3 and 2.1 against -0.02: alone each passes (1.96), of three none (2.39).
    const three = [claim(0.026, 0.02), claim(0.026, 0.02), claim(0.022, 0.02)];
    for (const each of three) expect(states([each], 0.02)).toEqual(['pass']);
    expect(states(three, 0.02)).toEqual(['inconclusive', 'inconclusive', 'inconclusive']);
    // One clear case makes the others easier: 2.24 for the next two, then 1.96.
    expect(states([claim(0.1, 0.02), ...three.slice(1)], 0.02)).toEqual(['pass', 'pass', 'pass']);
    expect(states([claim(-0.2, 0.02), ...three.slice(1)], 0.02)).toEqual(['fail', 'pass', 'pass']);
    const levels = nonInferiority([claim(0.1, 0.02), ...three.slice(1)], 0.02);
    expect(levels.map(({ confidence }) => confidence)).toEqual([1 - 0.05 / 3, 1 - 0.05 / 2, 0.95]);
  });

  it('are not made easier by a language that did not answer', () => {
    const silent = claim(0, 0.01, { value: null });
    expect(states([claim(0.022, 0.02), silent], 0.02)).toEqual(['inconclusive', 'inconclusive']);
    expect(states([claim(0.022, 0.02)], 0.02)).toEqual(['pass']);
  });

  it('are none where there is none', () => {
    expect(nonInferiority([], 0.02)).toEqual([]);
  });
});
