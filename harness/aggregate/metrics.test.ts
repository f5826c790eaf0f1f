import { describe, expect, it } from 'vitest';
import {
  answered,
  cell,
  check,
  failed,
  finding,
  manifest,
  sample,
  scored,
  unscored,
} from '../../fixtures/aggregate/synthetic-run.ts';
import type { Cell, CheckSpec, Finding, Sample, Summary, Verdict } from '../types.ts';
import { aggregate } from './aggregate.ts';

type Became = Verdict | 'failed' | 'unasked' | 'without a finding';

const spec = (more: Partial<CheckSpec>): CheckSpec => ({ ...check, ...more });
const signed = (signature: string, score = 1): Verdict => ({ ...scored(score), details: { signature } });

interface Item {
  readonly language?: string;
  readonly suite?: string;
  /** Of alpha, then of beta; each a verdict per check, or what became of the cell. */
  readonly became: readonly (readonly Became[] | Became)[];
}

function summaryOf(checks: readonly CheckSpec[], items: readonly Item[]): Summary {
  const cells: Cell[] = [];
  const samples: Sample[] = [];
  const findings: Finding[] = [];
  for (const [at, { language = 'ar', suite = 'orders', became }] of items.entries()) {
    for (const [which, each] of became.entries()) {
      const target = which === 0 ? 'alpha' : 'beta';
      const one = cell({ test: `item-${at}`, cluster: `item-${at}`, language, suite, target, checks });
      cells.push(one);
      if (each === 'unasked') continue;
      samples.push(sample(one, { outcome: each === 'failed' ? failed() : answered() }));
      for (const [index, verdict] of (Array.isArray(each) ? each : [each]).entries())
        if (typeof verdict === 'object') findings.push(finding(one, verdict as Verdict, index));
    }
  }
  return aggregate({ manifest: manifest(), plan: { cells }, samples, findings, readings: [] }).summary;
}

describe('the metrics of a run', () => {
  it('carry every definition with its languages and its scores', () => {
    const { metrics } = summaryOf(
      [spec({ metric: 'exact' }), spec({ type: 'script', not: true, metric: 'letters' })],
      [
        { language: 'th', became: [[signed('equals|norm:strict'), signed('script|scx:Thai')]] },
        { language: 'ar', became: [[signed('equals|norm:strict'), signed('script|scx:Arab')]] },
        { language: 'ar', became: [[signed('equals|norm:strict', 0), unscored('not-applicable')]] },
      ],
    );
    expect(metrics).toEqual([
      {
        suite: 'orders',
        metric: 'exact',
        check: 'equals',
        signatures: [{ signature: 'equals|norm:strict', languages: ['th', 'ar'], scored: 3 }],
        verdicts: [expect.objectContaining({ target: 'alpha', scored: 3 })],
      },
      {
        suite: 'orders',
        metric: 'letters',
        check: 'not-script',
        signatures: [
          { signature: 'script|scx:Thai', languages: ['th'], scored: 1 },
          { signature: 'script|scx:Arab', languages: ['ar'], scored: 1 },
        ],
        verdicts: [expect.objectContaining({ target: 'alpha', scored: 2, notApplicable: 1 })],
      },
    ]);
  });

  it('tell what was not scored apart, and add up to the plan', () => {
    const { metrics } = summaryOf(
      [spec({})],
      [
        { became: [signed('a'), signed('a', 0)] },
        { became: [unscored('not-applicable'), 'failed'] },
        { became: [unscored('check-error'), 'unasked'] },
        { became: ['without a finding', 'failed'] },
      ],
    );
    expect(metrics[0]?.verdicts).toEqual([
      { target: 'alpha', scored: 1, notApplicable: 1, checkError: 2, noAnswer: 0, unasked: 0 },
      { target: 'beta', scored: 1, notApplicable: 0, checkError: 0, noAnswer: 2, unasked: 1 },
    ]);
  });

  it('tell when one figure is a mean over definitions within a language, not when languages differ', () => {
    const codes = (items: readonly Item[]) =>
      summaryOf([spec({})], items).notes.filter(({ code }) => code === 'mixed-signatures');
    const th = { language: 'th', became: [signed('length|unit:words')] };
    expect(codes([th, { language: 'ko', became: [signed('length|unit:lines')] }])).toEqual([]);
    expect(codes([th, { language: 'th', became: [signed('length|unit:lines')] }])).toEqual([
      expect.objectContaining({ level: 'info', text: expect.stringContaining('orders › exact (2)') }),
    ]);
  });
});

describe('scores of two definitions', () => {
  const strict = 'is-json|mode:strict';
  const fenced = 'is-json|mode:fenced';
  const items = (suite: string, language: string, theirs: string, count = 12): Item[] =>
    Array.from({ length: count }, (_, at) => ({
      suite,
      language,
      became: [signed(strict, at % 2), signed(theirs, 1)],
    }));
  const find = ({ comparisons }: Summary, language: string | null, suite: string | null = null) =>
    comparisons.find((one) => one.language === language && one.suite === suite);

  it('are never subtracted: the items leave the comparison and a note says so', () => {
    const summary = summaryOf([spec({})], [...items('orders', 'ar', strict), ...items('sums', 'hi', fenced)]);
    expect(find(summary, 'ar')).toMatchObject({ difference: { value: 0.5, n: 12, missing: 0 } });
    expect(find(summary, 'hi')).toBeUndefined();
    expect(find(summary, null, 'sums')).toBeUndefined();
    expect(find(summary, null, 'orders')).toMatchObject({ difference: { value: 0.5 } });
    expect(find(summary, null)).toMatchObject({ difference: { value: 0.5, n: 12, missing: 12 } });
    expect(summary.notes.filter(({ code }) => code === 'signatures-differ')).toEqual([
      {
        level: 'warning',
        code: 'signatures-differ',
        text: `beta and alpha are not compared on 12 items of sums: a check scored them by different definitions (${fenced} against ${strict}).`,
      },
    ]);
    // Each target's own figures stay.
    expect(summary.scores.find((row) => row.target === 'beta' && row.language === 'hi')?.score.value).toBe(1);
  });

  it('leave a verdict that says there is nothing to compare when no item is left', () => {
    const summary = summaryOf([spec({})], items('orders', 'zh', fenced));
    expect(summary.comparisons).toHaveLength(1);
    expect(find(summary, null)).toMatchObject({ difference: { value: null, n: 0, missing: 12 } });
    expect(summary.verdict).toMatchObject({ label: 'too-few', winner: null });
    expect(summary.verdict.sentences[0]).toContain('no item has comparable scores');
  });

  it('are one when a definition is not said, or one side has no score', () => {
    const summary = summaryOf(
      [spec({}), spec({ type: 'script', threshold: null })],
      Array.from({ length: 12 }, () => ({
        became: [
          [scored(1), unscored('not-applicable')],
          [signed(fenced), signed('script|scx:Arab')],
        ],
      })),
    );
    expect(find(summary, 'ar')).toMatchObject({ difference: { n: 12, missing: 0 } });
  });
});
