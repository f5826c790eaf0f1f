import { describe, expect, it } from 'vitest';
import { cell, failed, finding, manifest, sample, unscored } from '../../fixtures/aggregate/synthetic-run.ts';
import type { CheckSpec, CorpusComparison, Finding, Sample, Verdict } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { corpusChrf } from './corpus-score.ts';

const chrf = (metric = 'chrf'): CheckSpec => ({
  type: 'chrf',
  not: false,
  params: { value: 'x' },
  threshold: null,
  weight: 1,
  metric,
  transform: [],
});

/** Hypothesis, reference and matched n-grams of one order. */
type Counts = readonly [number, number, number];
interface Told {
  readonly target: string;
  readonly language: string;
  readonly item: number;
  readonly counts: Counts | null;
}

const judged = (counts: Counts): Verdict => ({
  status: 'scored',
  score: 0.5,
  pass: null,
  because: '',
  details: { stats: [...counts], signature: 'chrF2|nrefs:1' },
});

function compared(
  told: readonly Told[],
  more: { reversed?: boolean; clusterOf?: (item: number) => string; seed?: number; baseline?: string } = {},
): readonly CorpusComparison[] {
  const cells = told.map(({ target, language, item }) =>
    cell({
      target,
      language,
      test: `item-${item}`,
      cluster: more.clusterOf?.(item) ?? `item-${item}`,
      checks: [chrf()],
    }),
  );
  const samples: Sample[] = [];
  const findings: Finding[] = [];
  for (const [index, { counts }] of told.entries()) {
    const of = cells[index];
    if (of === undefined) continue;
    samples.push(sample(of, counts === null ? { outcome: failed() } : {}));
    findings.push(finding(of, counts === null ? unscored('no-answer') : judged(counts)));
  }
  const targets = [...new Set(told.map(({ target }) => target))];
  const order =
    more.reversed === true
      ? <T>(list: readonly T[]): T[] => list.toReversed()
      : <T>(list: readonly T[]): readonly T[] => list;
  return aggregate({
    manifest: manifest({
      seed: more.seed ?? 42,
      baseline: more.baseline ?? 'alpha',
      targets: targets.map((id) => ({
        id,
        model: id,
        endpoint: 'replay',
        authored: null,
        dialect: 'auto',
        facts: null,
        concurrency: 1,
        params: {},
        languages: null,
        license: null,
      })),
    }),
    plan: { cells: order(cells) },
    samples: order(samples),
    findings: order(findings),
    readings: [],
  }).summary.corpusComparisons;
}

/** Beta matches `more` n-grams above alpha in every item, in Thai and in Korean. */
const lists = (more: (item: number) => number, items = 24): Told[] =>
  ['th', 'ko'].flatMap((language) =>
    Array.from({ length: items }, (_, item): Told[] => [
      { target: 'alpha', language, item, counts: [20, 21, 8 + (item % 5)] },
      {
        target: 'beta',
        language,
        item,
        counts: [20, 21, 8 + (item % 5) + (language === 'th' ? more(item) : 0)],
      },
    ]).flat(),
  );

describe('a corpus difference', () => {
  it('is that of the figures over the answers both gave, within one language', () => {
    const told = lists(() => 3).map((each) =>
      each.target === 'beta' && each.item < 2 ? { ...each, counts: null } : each,
    );
    const [thai, korean] = compared(told);
    const total = (target: string): number =>
      corpusChrf(
        told
          .filter((each) => each.target === target && each.language === 'th' && each.item >= 2)
          .reduce((sums, { counts }) => sums.map((sum, at) => sum + (counts?.[at] ?? 0)), [0, 0, 0]),
        2,
      );
    expect(thai).toMatchObject({
      other: 'beta',
      baseline: 'alpha',
      language: 'th',
      signature: 'chrF2|nrefs:1',
      clusters: 22,
      test: 'approximate-randomisation-10000',
      difference: { n: 22, missing: 2, unit: 'points', method: 'bootstrap-10000' },
    });
    expect(thai?.difference.value).toBeCloseTo(total('beta') - total('alpha'), 9);
    expect(thai?.difference.low).toBeGreaterThan(0);
    expect(thai?.p).toBeLessThan(0.001);
    expect(korean?.language).toBe('ko');
    expect(korean?.p).toBe(1);
  });

  it('carries p after Benjamini and Hochberg over all of them', () => {
    const [thai, korean] = compared(lists((item) => (item % 3 === 0 ? 1 : 0)));
    const raw = [thai?.p ?? 1, korean?.p ?? 1].toSorted((a, b) => a - b);
    const adjusted = [thai?.q ?? 1, korean?.q ?? 1].toSorted((a, b) => a - b);
    expect(adjusted).toEqual([Math.min(2 * (raw[0] ?? 1), raw[1] ?? 1), raw[1]]);
  });

  it('turns round with the baseline and keeps p; the order of the records moves nothing', () => {
    const told = lists((item) => (item % 2) - (item % 5 === 0 ? 1 : 0));
    const there = compared(told);
    const back = compared(told, { baseline: 'beta' });
    expect(compared(told, { reversed: true }).toSorted((a, b) => (a.language < b.language ? 1 : -1))).toEqual(
      there.toSorted((a, b) => (a.language < b.language ? 1 : -1)),
    );
    expect(there.map(({ difference }) => difference.high !== null)).toEqual([true, false]);
    for (const [index, row] of there.entries()) {
      const mirror = back[index];
      expect(mirror?.other).toBe('alpha');
      expect(mirror?.p).toBe(row.p);
      expect(mirror?.difference.value).toBeCloseTo(-(row.difference.value ?? Number.NaN), 12);
      if (row.difference.high === null) expect(mirror?.difference.low).toBeNull();
      else expect(mirror?.difference.low).toBeCloseTo(-row.difference.high, 9);
    }
  });

  it('is p = 1 for identical answers, and has no interval without spread', () => {
    const told = lists(() => 0).map((each) => ({ ...each, counts: [20, 21, 9] as const }));
    for (const row of compared(told))
      expect(row).toMatchObject({
        p: 1,
        q: 1,
        difference: { value: 0, low: null, high: null, method: null },
      });
  });

  it('has no p below ten clusters, however many items they hold', () => {
    const [thai] = compared(
      lists(() => 3),
      { clusterOf: (item) => `passage-${item % 6}` },
    );
    expect(thai).toMatchObject({ clusters: 6, p: null, q: null, test: null, difference: { n: 24 } });
    expect(thai?.difference.low).not.toBeNull();
  });

  it('is null where the two gave no answer in common, and absent for one target', () => {
    const told = lists(() => 0).map((each) =>
      (each.item % 2 === 0) === (each.target === 'beta') ? each : { ...each, counts: null },
    );
    for (const row of compared(told))
      expect(row).toMatchObject({ clusters: 0, p: null, difference: { value: null, n: 0, missing: 24 } });
    expect(compared(lists(() => 0).filter(({ target }) => target === 'alpha'))).toEqual([]);
  });
});
