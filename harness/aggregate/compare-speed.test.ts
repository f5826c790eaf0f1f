import { describe, expect, it } from 'vitest';
import {
  compareSpeed,
  type CompareSpeedInput,
  type SpeedComparison,
  type TimedUnit,
} from './compare-speed.ts';

const languages = ['en', 'ar', 'th', 'ja'];
/** Twelve prompts in four languages, three repeats; `factor` is how much longer the other target takes. */
const unitsOf = (factor: (language: string, unit: number) => number, units = 24): TimedUnit[] =>
  Array.from({ length: units }, (_, unit) =>
    languages.map((language): TimedUnit => {
      const base = 300 + 40 * (unit % 5);
      const other = base * factor(language, unit);
      // An outlier in one repeat moves no median.
      return {
        unit: `q${unit}`,
        language,
        baseline: [base, base * 0.98, base * 9],
        other: [other * 7, other, other * 0.98],
      };
    }),
  ).flat();
const noise = (unit: number): number => 1 + 0.01 * Math.sin(unit * 5);
const compared = (units: readonly TimedUnit[], more: Partial<CompareSpeedInput> = {}): SpeedComparison[] =>
  compareSpeed({
    other: 'beta',
    baseline: 'alpha',
    measure: 'time to first token',
    units,
    languages,
    middle: 'median',
    seed: 42,
    ...more,
  });

describe('a comparison of speed', () => {
  it('says how many times as long, with its interval and the pairs behind it', () => {
    const [overall, ...rest] = compared(unitsOf((_, unit) => 1.2 * noise(unit)));
    expect(overall).toMatchObject({
      language: null,
      label: 'different',
      method: 'bca',
      units: 24,
      pHolm: null,
    });
    expect(overall?.ratio).toBeCloseTo(1.2, 2);
    expect(overall?.sentence).toMatch(
      /^Over all languages, time to first token: beta takes 1\.20 times as long as alpha \(95 % interval 1\.20 to 1\.2\d, 24 pairs\)\.$/u,
    );
    expect(rest.map(({ language }) => language)).toEqual(languages);
    expect(rest.every(({ label, pHolm }) => label === 'different' && (pHolm ?? 1) < 0.001)).toBe(true);
  });

  it('calls a difference small when the interval lies within 5 %, nil or not', () => {
    expect(compared(unitsOf((_, unit) => 1.02 * noise(unit)))[0]).toMatchObject({ label: 'small' });
    const [overall] = compared(unitsOf((_, unit) => noise(unit)));
    expect(overall?.label).toBe('small');
    expect(overall?.sentence).toContain('the difference is smaller than 5.0 %');
  });

  it('has detected nothing when the interval spans 1, and says what could hide in it', () => {
    const [overall] = compared(unitsOf((_, unit) => 1 + 0.4 * Math.sin(unit * 5)));
    expect(overall?.label).toBe('not-detected');
    const furthest = Math.max(overall?.high ?? 0, 1 / (overall?.low ?? 1)) - 1;
    expect(overall?.sentence).toContain(`no difference detected (±${(100 * furthest).toFixed(1)} %)`);
  });

  it('has no badge without an interval', () => {
    for (const found of compared(unitsOf((_, unit) => 2 * noise(unit), 3)))
      expect(found).toMatchObject({ label: null, low: null, p: null, pHolm: null, units: 3 });
    expect(compared([])).toMatchObject([{ label: null, ratio: null, units: 0 }]);
    expect(compared([])[0]?.sentence).toContain('no pair of times');
    expect(compared(unitsOf(() => 2, 3))[0]?.sentence).toContain('nothing to conclude');
  });

  it('corrects the languages by Holm: one that stands out alone may not be different among many', () => {
    // t on five pairs of one language: clear alone, and not among four.
    const units = unitsOf(
      (language, unit) => (language === 'th' ? 1.3 + 0.6 * ((unit % 5) / 4 - 0.5) : 1) * noise(3 * unit),
      5,
    );
    const all = compared(units).find(({ language }) => language === 'th');
    const alone = compared(units.filter(({ language }) => language === 'th')).find(
      ({ language }) => language === 'th',
    );
    expect(alone?.p).toBe(all?.p);
    expect(all?.pHolm).toBeCloseTo(4 * (all?.p ?? 0), 12);
    expect(alone?.label).toBe('different');
    expect(all?.label).toBe('not-detected');
  });

  it('turns round, and keeps its words, when the targets are swapped', () => {
    const units = unitsOf((_, unit) => 1.3 * noise(unit));
    const there = compared(units);
    const back = compared(
      units.map((unit) => ({ ...unit, other: unit.baseline, baseline: unit.other })),
      { other: 'alpha', baseline: 'beta' },
    );
    for (const [index, found] of there.entries()) {
      expect(found.ratio).toBeCloseTo(1 / (back[index]?.ratio ?? Number.NaN), 12);
      expect(found.low).toBeCloseTo(1 / (back[index]?.high ?? Number.NaN), 12);
      expect(found.label).toBe(back[index]?.label);
      expect(found.pHolm).toBe(back[index]?.pHolm);
    }
  });

  it('takes the geometric mean of a block', () => {
    const units = Array.from({ length: 6 }, (_, pair) => ({
      unit: `block-${pair}`,
      language: 'hi',
      baseline: [100, 400],
      other: [200 * noise(pair), 800],
    }));
    const [overall] = compared(units, { middle: 'geometric-mean' });
    expect(overall).toMatchObject({ method: 't', units: 6 });
    expect(overall?.ratio).toBeCloseTo(2, 2);
  });
});
