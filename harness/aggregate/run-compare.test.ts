import { describe, expect, it } from 'vitest';
import {
  answered,
  failed,
  syntheticRun,
  type RunOptions,
  type Scripted,
  type Truth,
} from '../../fixtures/aggregate/synthetic-run.ts';
import type { EarlierRun, RunComparison } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { compareTwo } from './compare-two.ts';
import { nameOfRun, type EarlierAnswers } from './run-compare.ts';

const languages = ['ar', 'th', 'hi', 'zh'];

const run = (script: RunOptions['script'], more: Partial<RunOptions> = {}): Truth =>
  syntheticRun({ targets: ['alpha'], languages, items: 12, script, ...more });

function asEarlier(truth: Truth, more: Partial<EarlierRun> = {}): EarlierAnswers {
  return {
    run: {
      name: { ...nameOfRun(truth.manifest), id: 'before' },
      targets: truth.manifest.targets,
      cells: truth.plan.cells,
      samples: truth.samples,
      ...more,
    },
    findings: truth.findings,
  };
}

const compare = (before: Truth, after: Truth, more: Partial<EarlierRun> = {}): RunComparison =>
  compareTwo({ ...after, earlier: asEarlier(before, more), gates: [] }).comparison;

const right = (): Scripted => 1;

describe('two runs', () => {
  it('differ where the same question was answered otherwise, regressions first', () => {
    const before = run((_t, language, item) => (language === 'hi' && item === 0 ? 0.2 : 1));
    const after = run((_t, language, item): Scripted => {
      if (language === 'th' && item < 3) return item === 0 ? 0.4 : 0.9;
      return language === 'ar' && item === 1 ? 'failed' : 1;
    });
    const found = compare(before, after);
    expect(found).toMatchObject({ common: 48, added: 0, gone: 0, remarks: [] });
    const [whole, ar, th, hi, zh] = found.differences;
    expect(whole).toMatchObject({
      language: null,
      cells: { worse: 3, lost: 1, better: 1, back: 0, incomparable: 0, reworded: 0, same: 43 },
      difference: { n: 12, missing: 1 },
    });
    expect(ar).toMatchObject({ language: 'ar', cells: { lost: 1, same: 11 } });
    expect(th).toMatchObject({ language: 'th', cells: { worse: 3 } });
    expect(th?.difference.value).toBeCloseTo(-0.8 / 12, 9);
    expect(hi?.difference.value).toBeCloseTo(0.8 / 12, 9);
    expect(zh).toMatchObject({ label: 'inconclusive', cells: { same: 12 } });
    expect(found.changes.distinct).toBe(5);
    expect(found.changes.list.map(({ language, test, change }) => [language, test, change])).toEqual([
      ['th', 'item-0', 'worse'],
      ['th', 'item-1', 'worse'],
      ['th', 'item-2', 'worse'],
      ['ar', 'item-1', 'lost'],
      ['hi', 'item-0', 'better'],
    ]);
    expect(whole?.sentence).toContain('alpha in the earlier run');
  });

  it('are paired by key: new and gone cells are counted and never subtracted', () => {
    const before = run(right, { items: 14 });
    const after = run((_t, _l, item) => (item > 9 ? 0 : 1), { languages: ['th', 'hi', 'zh', 'ko'] });
    const found = compare(before, after);
    expect(found).toMatchObject({ common: 36, added: 12, gone: 20 });
    expect(
      found.differences.map(({ language, added, gone, cells }) => [language, added, gone, cells.worse]),
    ).toEqual([
      [null, 12, 20, 6],
      ['th', 0, 2, 2],
      ['hi', 0, 2, 2],
      ['zh', 0, 2, 2],
      ['ko', 12, 0, 0],
      ['ar', 0, 14, 0],
    ]);
    expect(found.differences[4]?.difference).toMatchObject({ value: null, n: 0 });
  });

  it('tell an outage, a crashed check and another wording apart', () => {
    const before = run((_t, _l, item) => (item === 0 ? 'failed' : 1), { items: 4, languages: ['ja'] });
    const after = run((_t, _l, item) => (item === 1 ? 'crashed' : item === 2 ? 'unasked' : 1), {
      items: 4,
      languages: ['ja'],
    });
    const samples = after.samples.map((each) =>
      each.test === 'item-3' ? { ...each, outcome: answered('別の言い方') } : each,
    );
    const found = compare(before, { ...after, samples });
    expect(found.differences[0]?.cells).toEqual({
      worse: 0,
      lost: 1,
      better: 0,
      back: 1,
      incomparable: 1,
      reworded: 1,
      same: 0,
    });
  });

  it('list what crashed after every regression, however small that is', () => {
    const before = run((_t, _l, item) => (item === 1 ? 0.6 : 1), { items: 3, languages: ['ko'] });
    const after = run((_t, _l, item) => (item === 0 ? 'crashed' : item === 1 ? 0.5 : 1), {
      items: 3,
      languages: ['ko'],
    });
    expect(compare(before, after).changes.list.map(({ change }) => change)).toEqual([
      'worse',
      'incomparable',
    ]);
  });

  it('show the beginning of both answers, on one line, whole letters', () => {
    const long = `${'ก้'.repeat(90)}\n${'🙂'.repeat(100)}`;
    const before = run(right, { items: 1, languages: ['th'] });
    const after = run(() => 0, { items: 1, languages: ['th'] });
    const samples = after.samples.map((each) => ({ ...each, outcome: answered(long) }));
    const [change] = compare(before, { ...after, samples }).changes.list;
    expect(Array.from(change?.after.excerpt ?? '')).toHaveLength(160);
    expect(change?.after.excerpt).not.toMatch(/\n|\p{Surrogate}/u);
    expect(change?.before).toMatchObject({ kind: 'passed', score: 1, pass: true, excerpt: 'ምላሽ' });
    const lost = {
      ...after,
      samples: after.samples.map((each) => ({ ...each, outcome: failed('timeout-first') })),
    };
    expect(compare(before, lost).changes.list[0]?.after.excerpt).toBe('timeout-first');
  });

  it('list two hundred changes, and count the rest', () => {
    const found = compare(
      run(right, { items: 60 }),
      run(() => 0, { items: 60 }),
    );
    expect(found.changes.list).toHaveLength(200);
    expect(found.changes.distinct).toBe(240);
  });

  it('say what else changed', () => {
    const truth = run(right);
    const found = compare(truth, truth, {
      name: { id: 'before', tool: 'visavis 0.0.9', createdAt: '', planHash: '' },
      targets: [
        { id: 'alpha', model: 'old-model', endpoint: 'http://127.0.0.1:9/v1' },
        { id: 'gamma', model: 'g', endpoint: '' },
      ],
    });
    expect(found.remarks).toEqual([
      'The model of alpha was old-model and is alpha-model: its cells are other cells.',
      'alpha was asked at http://127.0.0.1:9/v1, and now at http://127.0.0.1:1/v1.',
      'gamma was asked in the earlier run only.',
      'The earlier run was made by visavis 0.0.9; both are scored by the checks of this one.',
    ]);
    const other = compare(run(right, { suites: ['sums'] }), truth);
    expect(other.remarks[0]).toMatch(/^The runs have no cell in common/u);
    expect(other.differences[0]).toMatchObject({ label: 'too-few', difference: { value: null } });
  });

  it('swapped turn the sign, and keep p', () => {
    const one = run((_t, _l, item) => (item % 3 === 0 ? 0.5 : 1), { items: 30 });
    const other = run((_t, language, item) => (item % 4 === 0 || language === 'ar' ? 0.3 : 0.9), {
      items: 30,
    });
    const [there, back] = [compare(one, other), compare(other, one)];
    for (const [at, row] of there.differences.entries()) {
      expect(back.differences[at]?.difference.value).toBeCloseTo(-(row.difference.value ?? 0), 12);
      expect(back.differences[at]?.p).toBe(row.p);
    }
  });

  it('stand in the summary of the later one, where it was compared', () => {
    const before = run(right, { items: 3 });
    const after = run(() => 0, { items: 3 });
    expect(aggregate(after).summary.sinceEarlier).toBeNull();
    const { summary } = aggregate({ ...after, earlier: asEarlier(before) });
    expect(summary.sinceEarlier).toEqual(compare(before, after));
  });
});
