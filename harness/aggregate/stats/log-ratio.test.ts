import { describe, expect, it } from 'vitest';
import { clusteredMean, type ClusteredInLanguage } from './clustered.ts';
import { languageRatio, overallRatio } from './log-ratio.ts';
import { tQuantile } from './student.ts';

const chance = { seed: 42, seq: 54 };
const rowsOf = (units: number, r: (unit: number) => number, languages = ['th']): ClusteredInLanguage[] =>
  Array.from({ length: units }, (_, unit) =>
    languages.map((language) => ({ cluster: `q${unit}`, language, value: r(unit) })),
  ).flat();
const wave = (unit: number): number => 0.1 + 0.03 * Math.sin(7 * unit);

describe('a ratio of times', () => {
  it.each([
    [0, null],
    [1, null],
    [3, null],
    [4, 't'],
    [19, 't'],
    [20, 'bca'],
    [60, 'bca'],
  ])('of %i units has the interval %s', (units, method) => {
    const found = languageRatio(rowsOf(units, wave), chance);
    expect(found).toMatchObject({ units, method });
    expect(found.low === null).toBe(method === null);
    expect(found.p === null).toBe(method === null);
    expect(found.ratio === null).toBe(units === 0);
  });

  it('is exp of the mean of the logarithms, with Student t on them below twenty units', () => {
    const rows = rowsOf(12, wave);
    const { value, se } = clusteredMean(rows);
    const found = languageRatio(rows, chance);
    expect(found.ratio).toBeCloseTo(Math.exp(value), 12);
    expect(found.low).toBeCloseTo(Math.exp(value - tQuantile(0.975, 11) * (se ?? 0)), 12);
    expect(found.high).toBeCloseTo(Math.exp(value + tQuantile(0.975, 11) * (se ?? 0)), 12);
  });

  it.each([7, 40])('becomes its reciprocal when the targets of %i units are swapped', (units) => {
    const there = languageRatio(rowsOf(units, wave), chance);
    const back = languageRatio(
      rowsOf(units, (unit) => -wave(unit)),
      chance,
    );
    expect(there.ratio).toBeCloseTo(1 / (back.ratio ?? Number.NaN), 12);
    expect(there.low).toBeCloseTo(1 / (back.high ?? Number.NaN), 12);
    expect(there.p).toBe(back.p);
  });

  it('claims nothing from times that are all alike', () => {
    expect(
      languageRatio(
        rowsOf(30, () => 0.2),
        chance,
      ),
    ).toMatchObject({ units: 30, low: null, p: null });
  });

  it('over languages weighs each the same and lets whole items move together', () => {
    const one = overallRatio(rowsOf(24, wave), chance);
    const three = overallRatio(rowsOf(24, wave, ['th', 'ar', 'ja']), chance);
    expect(three.units).toBe(24);
    expect(three.low).toBeCloseTo(one.low ?? Number.NaN, 12);
    const uneven = [
      ...rowsOf(30, () => 0).map((row, unit) => ({ ...row, value: 0.01 * Math.sin(unit) })),
      ...rowsOf(10, (unit) => 0.4 + 0.01 * Math.cos(unit), ['sw']),
    ];
    expect(Math.log(overallRatio(uneven, chance).ratio ?? 0)).toBeCloseTo(0.2, 2);
  });

  it('over languages has no interval from few items that are not all in the same languages', () => {
    const rows = [...rowsOf(12, wave), ...rowsOf(6, wave, ['ko'])];
    expect(overallRatio(rows, chance)).toMatchObject({ units: 12, low: null, high: null, method: null });
    expect(overallRatio(rowsOf(12, wave, ['th', 'ko']), chance).method).toBe('t');
    expect(overallRatio([...rowsOf(25, wave), ...rowsOf(6, wave, ['ko'])], chance).method).toBe('bca');
  });
});
