import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import type { CellKind, KindCount, ScoreRow, Stat, Summary } from '../../types.ts';
import { matricesOf, type Matrix, type MatrixRow } from './matrix.ts';

const share = (value: number | null): Stat => ({
  value,
  low: null,
  high: null,
  n: value === null ? 0 : 40,
  missing: 0,
  unit: 'share',
  method: null,
});

/** The summary with these scores, `[language, score, pass rate]`, of its first target. */
function scoredAs(rows: readonly (readonly [string | null, number, number | null])[]): Summary {
  const { summary } = syntheticReport({ tests: 1 });
  const scores = rows.map(([language, score, pass]): ScoreRow => ({
    target: 'alpha',
    language,
    suite: null,
    metric: null,
    score: share(score),
    passRate: share(pass),
    worstCase: { score: share(score), passRate: share(pass) },
    planned: 40,
  }));
  return { ...summary, scores };
}

function rowOf(summary: Summary, tag: string | null): MatrixRow {
  const row = matricesOf(summary)[0]?.rows.find((each) => (each.language?.tag ?? null) === tag);
  if (row === undefined) throw new Error(`no row of ${tag ?? 'all'}`);
  return row;
}

describe('the worst language', () => {
  it('is that of the pass rate, whatever a metric without a threshold does to the score', () => {
    const summary = scoredAs([
      [null, 0.5, 0.8],
      ['en', 0.9, 0.5],
      ['zh', 0.2, 0.9],
      ['th', 0.3, 1],
    ]);
    expect(rowOf(summary, null).cells[0]?.worst).toBe(
      'pass rate: worst English 50.0\u00a0% (n 40); spread 50.0 points',
    );
    expect(rowOf(summary, 'en').cells[0]?.worst).toBe('');
  });

  it('does not stand alone where others are as low', () => {
    const summary = scoredAs([
      [null, 0.5, 0.6],
      ['en', 0.9, 0.9],
      ['zh', 0.2, 0.5],
      ['th', 0.3, 0.5],
    ]);
    expect(rowOf(summary, null).cells[0]?.worst).toBe(
      'pass rate: worst Chinese 50.0\u00a0% (n 40) and 1 alike; spread 40.0 points',
    );
  });

  it('is none where all are the same', () => {
    const summary = scoredAs([
      [null, 0.5, 0.7],
      ['en', 0.9, 0.7],
      ['am', 0.2, 0.7],
    ]);
    expect(rowOf(summary, null).cells[0]?.worst).toBe('pass rate: the same in every language');
  });

  it('is not named where nothing has a threshold', () => {
    const summary = scoredAs([
      [null, 0.5, null],
      ['en', 0.7, null],
      ['zh', 0.2, null],
    ]);
    expect(rowOf(summary, null).cells[0]?.worst).toBe('');
  });
});

describe('a declared language', () => {
  it('covers its regions and scripts', () => {
    const { summary } = syntheticReport({ tests: 1 });
    const targets = summary.targets.map((target) => ({ ...target, languages: ['pt', 'zh'] }));
    const renamed: Readonly<Record<string, string>> = { ar: 'pt-BR', zh: 'zh-Hans' };
    const to = (tag: string) => renamed[tag] ?? tag;
    const scores = summary.scores.map((row) => ({
      ...row,
      language: row.language === null ? null : to(row.language),
    }));
    const odd = { ...summary, targets, scores, languages: summary.languages.map(to) };
    const marked = (tag: string) => rowOf(odd, tag).cells.map((cell) => cell.undeclared);
    expect(marked('pt-BR')).toEqual([false, false]);
    expect(marked('zh-Hans')).toEqual([false, false]);
    expect(marked('am')).toEqual([true, true]);
  });
});

describe('a difference in the matrix', () => {
  const [all] = matricesOf(syntheticReport().summary);
  const verdicts = all?.rows.flatMap((row) => row.verdicts) ?? [];

  it('has its interval, its n and what is missing', () => {
    expect(verdicts).toHaveLength(9);
    for (const { difference } of verdicts) {
      expect(difference.value).toMatch(/^(?:[+\u2212]\d+\.\d|0\.0)$/u);
      expect(difference.interval).toMatch(/^\S+ to \S+$/u);
      expect(difference.n).toBeGreaterThan(0);
    }
  });

  it('says what could have been seen where it is undecided, and only there', () => {
    for (const each of verdicts) expect(each.detectable).toBe(each.label === 'inconclusive' ? '18.7' : '');
    expect(verdicts.some((each) => each.label === 'inconclusive')).toBe(true);
  });

  it('has a direction, by name where two targets are compared', () => {
    expect(all?.direction).toEqual({ other: 'beta', baseline: 'alpha' });
    const [three] = matricesOf(syntheticReport({ tests: 1, targets: 3 }).summary);
    expect(three?.direction).toEqual({ other: '', baseline: 'alpha' });
  });
});

describe('what is missing', () => {
  it('stands beside the figure as it would be if it were wrong, and only where something was lost', () => {
    const summary = scoredAs([
      [null, 0.9, 0.8],
      ['th', 0.9, 0.8],
      ['sw', 0.9, 0.8],
    ]);
    const missing = (stat: Stat, count: number): Stat => ({ ...stat, missing: count });
    const scores = summary.scores.map((row): ScoreRow => {
      if (row.language === null) return row;
      // In Swahili no check applies to two items: nothing is lost.
      const left = row.language === 'sw' ? 2 : 0;
      return {
        ...row,
        score: missing(row.score, 2),
        passRate: missing(row.passRate, 2),
        worstCase: { score: missing(share(0.857), left), passRate: missing(share(0.762), left) },
      };
    });
    const said = (tag: string | null) => {
      const cell = rowOf({ ...summary, scores }, tag).cells[0];
      return [cell?.scoreIfWrong, cell?.passIfWrong];
    };
    expect(said(null)).toEqual(['', '']);
    expect(said('th')).toEqual(['85.7\u00a0%', '76.2\u00a0%']);
    expect(said('sw')).toEqual(['', '']);
  });
});

describe('cells without a score', () => {
  it('are counted by why, in every scope of their own', () => {
    const { summary } = syntheticReport({ tests: 1 });
    const kind = (name: CellKind, count: number, more: Partial<KindCount> = {}): KindCount => ({
      target: 'alpha',
      language: 'th',
      suite: 'orders',
      kind: name,
      code: null,
      count,
      ...more,
    });
    const kinds = [
      kind('passed', 5),
      kind('no-answer', 2, { code: 'timeout-first' }),
      kind('no-answer', 1, { code: 'connect-refused' }),
      kind('check-error', 1),
      kind('not-applicable', 4, { suite: 'sums' }),
      kind('unasked', 7, { target: 'beta' }),
    ];
    const [all, orders, sums] = matricesOf({ ...summary, kinds });
    const cellsOf = (matrix: Matrix | undefined, tag: string | null) =>
      matrix?.rows.find((row) => (row.language?.tag ?? null) === tag)?.cells.map(({ unscored }) => unscored);
    const every = 'not applicable 4, check crashed 1, no answer 3';
    expect(cellsOf(all, 'th')).toEqual([every, 'never asked 7']);
    expect(cellsOf(all, null)).toEqual([every, 'never asked 7']);
    expect(cellsOf(all, 'ar')).toEqual(['', '']);
    expect(cellsOf(orders, 'th')).toEqual(['check crashed 1, no answer 3', 'never asked 7']);
    expect(cellsOf(sums, 'th')).toEqual(['not applicable 4', '']);
  });
});
