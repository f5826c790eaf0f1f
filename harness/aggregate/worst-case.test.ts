import { describe, expect, it } from 'vitest';
import {
  cell,
  check,
  finding,
  sample,
  scored,
  syntheticRun,
  type RunOptions,
} from '../../fixtures/aggregate/synthetic-run.ts';
import type { Comparison, ScoreRow, Summary } from '../types.ts';
import { aggregate } from './aggregate.ts';

const summaryOf = (options: RunOptions): Summary => aggregate(syntheticRun(options)).summary;
function scoreIn(
  summary: Summary,
  target: string,
  language: string | null,
  metric: string | null = null,
): ScoreRow {
  const row = summary.scores.find(
    (each) =>
      each.target === target && each.language === language && each.suite === null && each.metric === metric,
  );
  if (row === undefined) throw new Error('no row');
  return row;
}
function compared(summary: Summary, language: string | null): Comparison {
  const row = summary.comparisons.find((each) => each.language === language && each.suite === null);
  if (row === undefined) throw new Error('no comparison');
  return row;
}

describe('the worst case', () => {
  it('is what is there when nothing is lost', () => {
    const summary = summaryOf({
      items: 20,
      script: (target, _, item) => (item % 3 === 0 && target === 'beta' ? 0 : 1),
    });
    for (const row of summary.scores)
      expect(row.worstCase).toEqual({ score: row.score, passRate: row.passRate });
    for (const row of summary.comparisons) expect(row.worstCase).toEqual(row.difference);
  });

  it('counts the outage, the gap and the crash as wrong, beside the figure of what is there', () => {
    const summary = summaryOf({
      script: (target, _, item) =>
        target === 'beta' ? ((['failed', 'unasked', 'crashed'] as const)[item] ?? 1) : 1,
    });
    for (const metric of [null, 'exact']) {
      const row = scoreIn(summary, 'beta', 'th', metric);
      expect(row.score).toMatchObject({ value: 1, n: 9, missing: 3 });
      expect(row.worstCase.score).toMatchObject({ value: 0.75, n: 12, missing: 0, method: 'wilson' });
      expect(row.worstCase.passRate).toMatchObject({ value: 0.75, n: 12, missing: 0 });
    }
    expect(scoreIn(summary, 'beta', null).worstCase.score).toMatchObject({ value: 0.75, n: 36 });
    expect(compared(summary, 'th')).toMatchObject({
      difference: { value: 0, n: 9, missing: 3 },
      worstCase: { value: -0.25, n: 12, missing: 0 },
    });
    expect(compared(summary, null)).toMatchObject({
      difference: { value: 0, n: 9 },
      worstCase: { value: -0.25, n: 12, missing: 0 },
    });
  });

  it('does not count what no check applies to: that is nobody’s failure', () => {
    const summary = summaryOf({
      script: (target, _, item) =>
        target === 'beta' && item < 4 ? (item === 0 ? 'failed' : 'not-applicable') : 1,
    });
    expect(scoreIn(summary, 'beta', 'ar')).toMatchObject({
      score: { value: 1, n: 8, missing: 4 },
      worstCase: { score: { n: 9, missing: 3 }, passRate: { n: 9, missing: 3 } },
    });
    expect(scoreIn(summary, 'beta', 'ar').worstCase.score.value).toBeCloseTo(8 / 9, 12);
    expect(compared(summary, 'ar')).toMatchObject({ worstCase: { n: 9, missing: 3 } });
  });

  it('keeps the repeats that were answered, and counts the lost one as wrong', () => {
    const summary = summaryOf({
      repeats: 4,
      script: (target, _, item, repeat) => (target === 'beta' && item === 0 && repeat === 2 ? 'failed' : 1),
    });
    expect(scoreIn(summary, 'beta', 'en')).toMatchObject({
      score: { n: 11, missing: 1 },
    });
    expect(scoreIn(summary, 'beta', 'en').worstCase.score.value).toBeCloseTo((11 + 0.75) / 12, 12);
  });

  it('has no score where no check has weight, and no pass where none has a threshold', () => {
    const checks = [{ ...check, type: 'chrf', metric: 'chrf', threshold: null, weight: 0 }, check];
    const cells = ['a', 'b'].map((test) => cell({ test, cluster: test, checks }));
    const [first, second] = cells;
    if (first === undefined || second === undefined) throw new Error('no cell');
    const truth = syntheticRun({ items: 0, targets: ['alpha'], script: () => 1 });
    const { summary } = aggregate({
      ...truth,
      plan: { cells },
      samples: [sample(first)],
      findings: [finding(first, scored(0.4, null)), finding(first, scored(1), 1)],
    });
    expect(scoreIn(summary, 'alpha', 'am', 'chrf').worstCase).toMatchObject({
      score: { value: null, n: 0, missing: 2 },
      passRate: { value: null, n: 0, missing: 0 },
    });
    expect(scoreIn(summary, 'alpha', 'am').worstCase.score).toMatchObject({ value: 0.5, n: 2 });
  });

  it('takes the win from whoever leads only among the items it answered', () => {
    // Beta answers 96 of 100 items and is right in 95 of them; alpha answers all and is right in 93.
    const script: RunOptions['script'] = (target, _, item) => {
      if (target === 'alpha') return item % 20 === 1 || item % 50 === 0 ? 0 : 1;
      return item % 25 === 1 ? 'failed' : 1;
    };
    const summary = summaryOf({ items: 100, manifest: { maxErrorRate: 1 }, script });
    const row = compared(summary, null);
    expect(row.label).toBe('better');
    expect(row.difference.value).toBeGreaterThan(0.05);
    expect(row.worstCase.low).toBeLessThan(0);
    expect(summary.verdict.winner).toBeNull();
    expect(summary.verdict.sentences.join(' ')).toMatch(
      /If what is missing were wrong, beta would score \+\d\.\d points against alpha \(95 % interval -\d\.\d to \+\d\.\d, n 100\): the lead may come from what was not answered, and no winner is named\./u,
    );
    const answered = summaryOf({
      items: 100,
      script: (target, language, item, repeat, suite) => {
        const found = script(target, language, item, repeat, suite);
        return found === 'failed' ? 1 : found;
      },
    });
    expect(answered.verdict.winner).toBe('beta');
  });

  it('takes no win from whom the other’s failures help', () => {
    const summary = summaryOf({
      items: 100,
      manifest: { maxErrorRate: 1 },
      script: (target, _, item) =>
        target === 'beta' ? 1 : item % 25 === 1 ? 'failed' : item % 5 === 0 ? 0 : 1,
    });
    expect(summary.verdict.winner).toBe('beta');
    expect(compared(summary, null).worstCase.value).toBeGreaterThan(
      compared(summary, null).difference.value ?? 1,
    );
  });
});

describe('several targets', () => {
  it('are corrected together: a language of one pair is one claim among those of all pairs', () => {
    const options = (targets: readonly string[]): RunOptions => ({
      targets,
      items: 60,
      languages: ['en', 'ko', 'tr'],
      script: (target, language, item) =>
        target === 'beta' && language === 'ko' ? (item % 4 === 0 ? 1 : 0) : item % 7 === 0 ? 1 : 0,
    });
    const korean = (targets: readonly string[]) =>
      summaryOf(options(targets)).comparisons.find((row) => row.other === 'beta' && row.language === 'ko');
    const [two, four] = [korean(['alpha', 'beta']), korean(['alpha', 'beta', 'gamma', 'delta'])];
    expect(four?.p).toBe(two?.p);
    expect(two?.pHolm).toBeCloseTo(3 * (two?.p ?? 1), 12);
    expect(four?.pHolm).toBeCloseTo(Math.min(1, 9 * (two?.p ?? 1)), 12);
  });
});

describe('skewed scores', () => {
  const skewed: RunOptions = {
    items: 40,
    targets: ['alpha', 'beta'],
    languages: ['ar', 'th'],
    script: (target, language, item) =>
      item % 11 === 0 ? 0.1 + (target.length % 3) / 10 + (language === 'th' ? 0.05 : 0) : 0.98,
  };

  it('get the BCa interval from twenty items, t below', () => {
    const method = (items: number): string | null =>
      scoreIn(summaryOf({ ...skewed, items }), 'alpha', 'th').score.method;
    expect([method(19), method(20), method(40)]).toEqual(['t', 'bca', 'bca']);
    const { score } = scoreIn(summaryOf(skewed), 'alpha', null);
    expect(score.method).toBe('bca');
    // The long side is the lower one.
    expect((score.value ?? 0) - (score.low ?? 0)).toBeGreaterThan((score.high ?? 0) - (score.value ?? 0));
  });

  it('get the same interval for the same answers, whoever gave them, and another seed moves it little', () => {
    const alike = summaryOf({ ...skewed, script: (_, __, item) => (item % 11 === 0 ? 0.2 : 0.98) });
    expect(scoreIn(alike, 'alpha', 'th').score).toEqual(scoreIn(alike, 'beta', 'th').score);
    const other = summaryOf({ ...skewed, manifest: { seed: 7 } });
    expect(scoreIn(other, 'alpha', 'th').score.low).toBeCloseTo(
      scoreIn(summaryOf(skewed), 'alpha', 'th').score.low ?? Number.NaN,
      1,
    );
  });
});
