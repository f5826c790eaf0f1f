import { growth } from '../../fixtures/test/cpu-time.ts';
import { describe, expect, it } from 'vitest';
import {
  answered,
  cell,
  check,
  finding,
  sample,
  scored,
  syntheticRun,
  type RunOptions,
  type Truth,
} from '../../fixtures/aggregate/synthetic-run.ts';
import reference from '../../fixtures/stats/reference.json' with { type: 'json' };
import type { Comparison, ScoreRow, Summary } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { pcg32 } from './stats/pcg32.ts';

const summaryOf = (options: RunOptions): Summary => aggregate(syntheticRun(options)).summary;
function scoreIn(
  summary: Summary,
  target: string,
  language: string | null,
  scope: Partial<ScoreRow> = {},
): ScoreRow {
  const { suite = null, metric = null } = scope;
  const row = summary.scores.find(
    (each) =>
      each.target === target && each.language === language && each.suite === suite && each.metric === metric,
  );
  if (row === undefined) throw new Error(`no score of ${target} in ${language ?? 'all'}`);
  return row;
}
function compared(
  summary: Pick<Summary, 'comparisons'>,
  language: string | null,
  other = 'beta',
): Comparison {
  const row = summary.comparisons.find(
    (each) => each.other === other && each.language === language && each.suite === null,
  );
  if (row === undefined) throw new Error(`no comparison in ${language ?? 'all'}`);
  return row;
}
const codes = (summary: Summary): string[] => summary.notes.map((note) => note.code);

/** Same content, other order. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const next = pcg32(seed, 1);
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Every kind of thing that can happen, in ten scripts. */
const mixed: RunOptions = {
  targets: ['alpha', 'beta', 'gamma'],
  languages: ['en', 'zh', 'ja', 'ar', 'hi', 'th', 'sw', 'ko', 'tr', 'bn', 'am'],
  suites: ['orders', 'sums'],
  items: 23,
  observe: (item) => item === 22,
  script: (target, language, item, _, suite) => {
    const draw =
      pcg32(item + language.charCodeAt(0), target.length + suite.length + language.charCodeAt(1))() % 100;
    if (draw < 2) return 'failed';
    if (draw === 3) return 'unasked';
    if (draw === 4) return 'crashed';
    if (draw === 5) return 'not-applicable';
    return draw < (target === 'beta' ? 40 : 60) ? 0.4 : 1;
  },
};

describe('what is missing', () => {
  it('is no zero: an outage leaves the mean of the rest alone and is counted', () => {
    const down = summaryOf({ script: (target, _, item) => (target === 'beta' && item < 3 ? 'failed' : 1) });
    expect(scoreIn(down, 'beta', 'th').score).toMatchObject({ value: 1, n: 9, missing: 3 });
    expect(scoreIn(down, 'beta', null).score).toMatchObject({ value: 1, n: 27, missing: 9 });
    expect(scoreIn(down, 'beta', null).passRate).toMatchObject({ value: 1, n: 27, missing: 9 });
    expect(scoreIn(down, 'alpha', null)).toMatchObject({ planned: 36, score: { n: 36, missing: 0 } });
    expect(compared(down, 'th').difference).toMatchObject({ value: 0, n: 9, missing: 3 });
    expect(compared(down, null)).toMatchObject({ clusters: 9, difference: { n: 9, missing: 9 } });
  });

  it('is null, not zero, when nothing was scored', () => {
    const silent = summaryOf({ script: (target) => (target === 'beta' ? 'failed' : 0) });
    expect(scoreIn(silent, 'beta', null).score).toEqual({
      value: null,
      low: null,
      high: null,
      n: 0,
      missing: 36,
      unit: 'share',
      method: null,
    });
    expect(scoreIn(silent, 'alpha', null).score.value).toBe(0);
    expect(compared(silent, null)).toMatchObject({
      difference: { value: null, missing: 36 },
      p: null,
      label: 'too-few',
    });
    expect(silent.verdict).toMatchObject({ winner: null, label: 'too-few' });
    expect(codes(silent)).toContain('language-missing');
  });

  it('is said when half of the samples are not there', () => {
    const truth = syntheticRun({ items: 20, script: (target) => (target === 'beta' ? 1 : 0) });
    const half = truth.plan.cells
      .filter((_, index) => Math.floor(index / 2) % 2 === 0)
      .map((each) => each.key);
    const samples = truth.samples.filter((each) => half.includes(each.cell));
    const { summary, rows } = aggregate({ ...truth, samples });
    expect(summary.totals).toEqual({ planned: 120, answered: 60, failed: 0, unasked: 60 });
    expect(summary.run.complete).toBe(false);
    expect(summary.notes.find((note) => note.code === 'incomplete')?.text).toContain('60 never asked');
    expect(codes(summary).filter((code) => code === 'few-answers')).toHaveLength(2);
    expect(scoreIn(summary, 'beta', null).score).toMatchObject({ value: 1, n: 30, missing: 30 });
    expect(rows.filter((row) => row.kind === 'unasked')).toHaveLength(60);
    // What is there is clear; what is missing may be what is hard.
    expect(compared(summary, null).label).toBe('better');
    expect(summary.verdict.winner).toBeNull();
    expect(summary.verdict.sentences.join(' ')).toContain('No winner is named');
  });

  it.each([
    [0.05, 1, true],
    [0.02, 1, false],
  ])('is within what the targets file allows: %s', (maxErrorRate, failures, complete) => {
    const summary = summaryOf({
      items: 4,
      manifest: { maxErrorRate },
      script: (target, language, item) =>
        target === 'alpha' && language === 'th' && item < failures ? 'failed' : 1,
    });
    expect(summary.run.complete).toBe(complete);
    expect(codes(summary)).toContain(complete ? 'unanswered' : 'incomplete');
  });

  it('is never within anything when a cell was not asked', () => {
    expect(
      summaryOf({
        manifest: { maxErrorRate: 1 },
        script: (_, language, item) => (language === 'th' && item === 0 ? 'unasked' : 1),
      }).run.complete,
    ).toBe(false);
  });

  it('does not touch the pass rate of a crashed check, nor ask a score of an observed item', () => {
    const summary = summaryOf({
      observe: (item) => item > 7,
      script: (_target, _language, item) => (item === 0 ? 'crashed' : 1),
    });
    expect(scoreIn(summary, 'alpha', 'ar')).toMatchObject({
      planned: 12,
      score: { n: 7, missing: 1 },
      passRate: { value: 1, n: 7, missing: 1 },
    });
    expect(codes(summary)).toContain('check-error');
  });
});

describe('the report', () => {
  it('is the same whatever order the records come in', () => {
    const truth = syntheticRun(mixed);
    const twice = [
      ...truth.samples,
      ...truth.samples
        .slice(0, 50)
        .map((each) => ({ ...each, leg: 'leg-2', attempt: 2, outcome: answered('次') })),
    ];
    const wanted = JSON.stringify(aggregate({ ...truth, samples: twice }));
    for (const seed of [1, 2, 3]) {
      const again = { ...truth, samples: shuffled(twice, seed), findings: shuffled(truth.findings, seed) };
      expect(JSON.stringify(aggregate(again)) === wanted).toBe(true);
    }
  });

  it('is JSON as it stands: no NaN, no Infinity, nothing undefined', () => {
    for (const options of [
      mixed,
      { ...mixed, items: 1 },
      { ...mixed, items: 2, languages: ['am'] },
      { ...mixed, items: 0 },
    ]) {
      const report = aggregate(syntheticRun(options));
      const rows = report.rows.map(({ cell, sample, attempts, findings, score, pass, kind, times }) => ({
        cell,
        sample,
        attempts,
        findings,
        score,
        pass,
        kind,
        times,
      }));
      const plain = { summary: report.summary, rows };
      expect(JSON.parse(JSON.stringify(plain))).toStrictEqual(plain);
      expect(infinite(report)).toEqual([]);
    }
  });

  it('counts every planned cell in exactly one kind, and every item as seen or missing', () => {
    const { summary } = aggregate(syntheticRun(mixed));
    expect(summary.kinds.reduce((sum, row) => sum + row.count, 0)).toBe(summary.totals.planned);
    expect(
      summary.kinds.filter((row) => row.kind === 'no-answer').every((row) => row.code === 'timeout-first'),
    ).toBe(true);
    for (const row of summary.scores)
      expect(row.score.n + row.score.missing).toBe(
        row.metric === null ? (row.planned / 23) * 22 : row.planned,
      );
  });

  it('weighs languages the same, however many items each has', () => {
    const rows = reference.macro_unbalanced.rows.map((row) => row.join(' '));
    const summary = summaryOf({
      items: 6,
      languages: ['en', 'de', 'th'],
      script: (target, language, item) => {
        const difference = [-1, 0, 1].find((d) => rows.includes(`q${item + 1} ${language} ${d}`));
        if (difference === undefined) return 'not-applicable';
        return target === 'beta' ? (difference + 1) / 2 : 0.5;
      },
    });
    expect(scoreIn(summary, 'beta', null).score.value).toBeCloseTo(
      0.5 + reference.macro_unbalanced.macro / 2,
      12,
    );
    const { difference, clusters, minimumDetectable } = compared(summary, null);
    expect(difference.value).toBeCloseTo(reference.macro_unbalanced.macro / 2, 12);
    expect(clusters).toBe(reference.macro_unbalanced.G);
    expect(minimumDetectable).toBeCloseTo((2.8015852 * reference.macro_unbalanced.se_macro_cluster1) / 2, 7);
  });

  it('orders kinds as they are read: good news first, the outage and the gap last', () => {
    const { kinds } = summaryOf({
      targets: ['alpha'],
      languages: ['bn'],
      items: 5,
      script: (_target, _language, item) => (['unasked', 'failed', 'crashed', 0, 1] as const)[item] ?? 1,
    });
    expect(kinds.map((row) => row.kind)).toEqual([
      'passed',
      'wrong-answer',
      'check-error',
      'no-answer',
      'unasked',
    ]);
  });

  it('holds the seven scopes of every target, in the order of the manifest', () => {
    const { scores, languages } = aggregate(syntheticRun(mixed)).summary;
    expect(languages).toEqual(mixed.languages);
    const L = languages.length;
    // overall + languages, two suites of the same, metric + its languages, metric in two suites
    expect(scores).toHaveLength(3 * (1 + L + 2 * (1 + L) + (1 + L) + 2));
    expect([...new Set(scores.map((row) => row.target))]).toEqual(mixed.targets);
    expect(
      new Set(scores.map((row) => JSON.stringify([row.target, row.language, row.suite, row.metric]))).size,
    ).toBe(scores.length);
  });

  it('keeps suites apart whose tests have the same name', () => {
    const summary = summaryOf({
      suites: ['orders', 'sums'],
      items: 6,
      script: (_target, _language, _item, _repeat, suite) => (suite === 'sums' ? 1 : 0),
    });
    expect(compared(summary, null).clusters).toBe(12);
    expect(scoreIn(summary, 'alpha', null, { suite: 'sums' }).score.value).toBe(1);
    expect(scoreIn(summary, 'alpha', 'th').score).toMatchObject({ value: 0.5, n: 12 });
  });

  it('says on its face that demonstration answers were authored', () => {
    const truth = syntheticRun({ script: () => 1 });
    const targets = truth.manifest.targets.map((target) => ({ ...target, authored: 'by hand' }));
    const { summary } = aggregate({ ...truth, manifest: { ...truth.manifest, targets } });
    expect(summary.run.demo).toBe(true);
    expect(summary.notes[0]).toEqual({
      level: 'warning',
      code: 'demo',
      text: 'The answers of alpha and beta were authored to demonstrate visavis; they say nothing about any model.',
    });
  });

  it('hands on warnings and repairs, and counts records outside the plan and legs that sent something', () => {
    const truth = syntheticRun({ script: () => 1 });
    const manifest = { ...truth.manifest, warnings: ['orders.yaml: no Korean'], repairs: ['cut 12 bytes'] };
    const samples = [...truth.samples, sample(cell({ test: 'gone' }), { leg: 'leg-3' })];
    const { summary } = aggregate({ ...truth, manifest, samples });
    expect(summary.notes.filter((note) => note.level === 'warning').map((note) => note.text)).toEqual([
      'orders.yaml: no Korean',
      'cut 12 bytes',
    ]);
    expect(codes(summary)).toContain('outside-plan');
    expect(summary.run.legs).toBe(2);
  });

  it('counts what the reader remarked on the answers of each target', () => {
    const truth = syntheticRun({ script: () => 1 });
    let seen = 0;
    const samples = truth.samples.map((one) => {
      if (one.target !== 'beta') return one;
      seen += 1;
      return { ...one, flags: seen % 2 === 0 ? ['limit-ignored', 'no-done'] : ['no-done'] };
    });
    const { summary } = aggregate({ ...truth, samples });
    const said = summary.notes.filter((note) => note.code === 'flags').map((note) => note.text);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^Remarks on answers of beta: no-done \d+, limit-ignored \d+\.$/u);
  });

  it('takes the mean of repeats for one item', () => {
    const summary = summaryOf({
      repeats: 4,
      script: (target, _, item, repeat) => (target === 'beta' && repeat <= item % 4 ? 0 : 1),
    });
    expect(scoreIn(summary, 'beta', 'th')).toMatchObject({
      planned: 48,
      score: { value: 0.625, n: 12, method: 't' },
      passRate: { n: 12 },
    });
    expect(compared(summary, 'th')).toMatchObject({
      test: 'sign-flip-exact',
      difference: { value: -0.375, n: 12 },
    });
  });

  it('gives repeats no Wilson interval, even when they all agree', () => {
    const agreeing = (repeats: number): string | null =>
      scoreIn(summaryOf({ repeats, script: (_target, _language, item) => item % 2 }), 'alpha', 'ar').score
        .method;
    expect([agreeing(1), agreeing(2)]).toEqual(['wilson', 't']);
  });

  it('bounds a perfect score by its independent items', () => {
    const summary = summaryOf({ script: () => 1 });
    for (const language of [null, 'th']) {
      const { score } = scoreIn(summary, 'alpha', language);
      expect(score).toMatchObject({ value: 1, high: 1, method: 'wilson' });
      expect(score.low).toBeCloseTo(12 / (12 + 1.959963984540054 ** 2), 9);
    }
  });

  it('scores a metric by its own checks', () => {
    const planned = cell({
      checks: [
        check,
        { ...check, type: 'language', metric: 'language', weight: 3 },
        { ...check, type: 'chrf', metric: 'chrf', threshold: null, weight: 0 },
      ],
    });
    const truth = syntheticRun({ items: 0, targets: ['alpha'], script: () => 1 });
    const findings = [
      finding(planned, scored(0)),
      finding(planned, scored(1), 1),
      finding(planned, scored(0.3, null), 2),
    ];
    const { summary } = aggregate({
      ...truth,
      plan: { cells: [planned] },
      samples: [sample(planned)],
      findings,
    });
    expect(scoreIn(summary, 'alpha', 'am').score.value).toBe(0.75);
    expect(scoreIn(summary, 'alpha', 'am', { metric: 'exact' })).toMatchObject({
      score: { value: 0 },
      passRate: { value: 0 },
    });
    expect(scoreIn(summary, 'alpha', 'am', { metric: 'language' })).toMatchObject({
      score: { value: 1 },
      passRate: { value: 1, low: null },
    });
    expect(scoreIn(summary, 'alpha', 'am', { metric: 'chrf' })).toMatchObject({
      score: { value: null, missing: 1 },
      passRate: { value: null, n: 0, missing: 0 },
    });
  });
});

describe('the comparison', () => {
  it('gives the published difference of eight items in four languages, and no p for so few', () => {
    const { A, B, items, langs, diff, ci_t } = reference.clustered_pairs;
    const grid = (target: string): Readonly<Record<string, readonly number[]>> => (target === 'beta' ? A : B);
    const summary = summaryOf({
      items: 8,
      languages: langs,
      script: (target, language, item) =>
        grid(target)[items[item] ?? '']?.[langs.indexOf(language)] ?? 'unasked',
    });
    const overall = compared(summary, null);
    expect(overall).toMatchObject({
      clusters: 8,
      p: null,
      label: 'too-few',
      difference: { method: 'cr1-t', missing: 0 },
    });
    expect(overall.difference.value).toBeCloseTo(diff, 12);
    expect(overall.difference.low).toBeCloseTo(ci_t[0] ?? Number.NaN, 9);
    expect(overall.difference.high).toBeCloseTo(ci_t[1] ?? Number.NaN, 9);
    expect(overall.minimumDetectable).toBeCloseTo(2.801585 * 0.09149063183842, 6);
    expect(codes(summary)).toContain('small-n');
  });

  it('finds the published instruction-following result: better in Japanese, and no more', () => {
    // b and c of two public models on en, es, fr, ja; their agreements fill up the rest.
    const counts: Readonly<Record<string, readonly [number, number, number]>> = {
      en: [69, 64, 541],
      es: [14, 11, 115],
      fr: [35, 23, 235],
      ja: [35, 12, 172],
    };
    const truth = syntheticRun({
      items: 541,
      languages: Object.keys(counts),
      script: (target, language, item) => {
        const [b, c, n] = counts[language] ?? [0, 0, 0];
        if (item >= n) return 'not-applicable';
        if (item < b) return target === 'beta' ? 1 : 0;
        if (item < b + c) return target === 'beta' ? 0 : 1;
        return item % 2;
      },
    });
    const { summary } = aggregate(truth);
    const p = reference.multiplicity.find((row) => row.name.startsWith('mifeval'));
    for (const [index, language] of Object.keys(counts).entries()) {
      const row = compared(summary, language);
      expect(row.p).toBeCloseTo(p?.p[index] ?? Number.NaN, 9);
      expect(row.pHolm).toBeCloseTo(p?.holm[index] ?? Number.NaN, 9);
      expect(row.label).toBe(language === 'ja' ? 'better' : 'inconclusive');
    }
    expect(compared(summary, 'ja')).toMatchObject({ onlyOther: 35, onlyBaseline: 12 });
    expect(summary.verdict.sentences.join('\n')).toContain('better in ja; undecided in 3 languages');
  });

  it('keeps p and turns the sign when the baseline is the other one', () => {
    const truth = syntheticRun({ ...mixed, targets: ['alpha', 'beta'] });
    const there = aggregate(truth).summary;
    const back = aggregate({ ...truth, manifest: { ...truth.manifest, baseline: 'beta' } }).summary;
    for (const language of [null, ...there.languages]) {
      const [a, b] = [compared(there, language), compared(back, language, 'alpha')];
      expect(a.difference.value).toBeCloseTo(-(b.difference.value ?? Number.NaN), 12);
      expect([a.p, a.pHolm, a.difference.n, a.difference.missing]).toEqual([
        b.p,
        b.pHolm,
        b.difference.n,
        b.difference.missing,
      ]);
    }
  });

  it('gives the only suite the numbers of the whole, not another draw', () => {
    const { comparisons } = summaryOf({ ...mixed, suites: ['orders'] });
    const { test, p } = compared({ comparisons }, null);
    expect(test).toBe('sign-flip-10000');
    expect(comparisons.find((row) => row.other === 'beta' && row.suite === 'orders')?.p).toBe(p);
  });

  it('moves no number of a language when another one joins', () => {
    const small = summaryOf({ ...mixed, languages: ['th', 'am'] });
    const large = summaryOf({ ...mixed, languages: ['th', 'am', 'ko'] });
    expect(compared(large, 'th').p).toBe(compared(small, 'th').p);
    expect(compared(large, 'am').difference).toEqual(compared(small, 'am').difference);
  });

  it('gives p = 1 and no winner to identical targets', () => {
    const summary = summaryOf({
      items: 30,
      script: (_, language, item) => (language.charCodeAt(0) + item) % 2,
    });
    for (const row of summary.comparisons)
      expect(row).toMatchObject({ p: 1, pHolm: 1, label: 'inconclusive', difference: { value: 0 } });
    expect(summary.verdict).toMatchObject({ label: 'inconclusive', winner: null });
    expect(summary.verdict.sentences[0]).toMatch(
      /undecided: beta and alpha score the same .* with 30 items a difference under [\d.]+ points cannot be seen/u,
    );
  });
});

describe('the verdict', () => {
  it('names the other target when it is better overall', () => {
    const summary = summaryOf({
      items: 20,
      script: (target, language, item) => (target === 'beta' || (language === 'th' && item > 3) ? 1 : 0),
    });
    expect(summary.verdict).toMatchObject({ label: 'better', winner: 'beta' });
    expect(summary.verdict.sentences[0]).toBe(
      `Over all languages, beta scores 73.3 points higher than alpha (95 % interval +66.9 to +79.7, 20 independent items).`,
    );
    expect(summary.verdict.sentences.join('\n')).toContain(
      'By pass rate, alpha is weakest in en (0.0 %, n 20) and ar (0.0 %, n 20); strongest in th (80.0 %, n 20).',
    );
  });

  it('names every language that is weakest or strongest, and counts them where they are many', () => {
    const languages = ['en', 'zh', 'ja', 'ar', 'hi', 'am'];
    const said = (high: number) =>
      summaryOf({
        targets: ['alpha'],
        languages,
        items: 10,
        script: (_, language, item) => (languages.indexOf(language) < high || item > 4 ? 1 : 0),
      }).verdict.sentences.join('\n');
    expect(said(2)).toContain(
      'weakest in ja (50.0 %, n 10) and 3 others alike; strongest in en (100.0 %, n 10) and zh (100.0 %, n 10).',
    );
    expect(said(5)).toContain(
      'weakest in am (50.0 %, n 10); strongest in en (100.0 %, n 10) and 4 others alike.',
    );
  });

  it('ranks languages by what has a threshold, never by chrF', () => {
    const truth = syntheticRun({ items: 0, targets: ['alpha'], script: () => 1 });
    const chrf = { ...check, type: 'chrf', metric: 'translation', threshold: null, weight: 2 };
    // chrF of equally good translations: low in Chinese, high in English; the language is wrong most often in English.
    const facts = [
      { language: 'en', height: 0.9, passed: 5 },
      { language: 'zh', height: 0.2, passed: 10 },
      { language: 'th', height: 0.3, passed: 8 },
      { language: 'am', height: 0.25, passed: 9 },
    ];
    const rows = facts.flatMap(({ language, height, passed }) =>
      Array.from({ length: 10 }, (_, item) => {
        const planned = cell({
          language,
          test: `item-${item}`,
          cluster: `item-${item}`,
          checks: [chrf, check],
        });
        const pass = item < passed;
        return {
          planned,
          findings: [finding(planned, scored(height, null)), finding(planned, scored(pass ? 1 : 0), 1)],
        };
      }),
    );
    const said = (checks: 'both' | 'chrf') => {
      const cells = rows.map(({ planned }) => (checks === 'both' ? planned : { ...planned, checks: [chrf] }));
      const report = aggregate({
        ...truth,
        plan: { cells },
        samples: cells.map((each) => sample(each)),
        findings: rows.flatMap((row) => (checks === 'both' ? row.findings : row.findings.slice(0, 1))),
      });
      return report.summary.verdict.sentences.join('\n');
    };
    expect(said('both')).toContain(
      'By pass rate, alpha is weakest in en (50.0 %, n 10); strongest in zh (100.0 %, n 10).',
    );
    expect(said('chrf')).not.toMatch(/weakest|strongest/u);
    expect(said('chrf')).toContain('alpha');
  });

  it('names the baseline when the other is worse', () => {
    expect(
      summaryOf({ items: 20, script: (target, _, item) => (target === 'alpha' || item < 4 ? 1 : 0) }).verdict,
    ).toMatchObject({ label: 'worse', winner: 'alpha' });
  });

  it('never turns a small difference into a winner', () => {
    const { verdict } = summaryOf({
      items: 30,
      script: (target, _, item) => (item % 2 === 0 || (target === 'beta' && item < 4) ? 1 : 0),
    });
    expect(verdict).toMatchObject({ label: 'inconclusive', winner: null });
  });

  it('has nothing to compare with a single target', () => {
    const summary = summaryOf({ targets: ['alpha'], script: (_, language) => (language === 'ar' ? 0 : 1) });
    expect(summary.comparisons).toEqual([]);
    expect(summary.verdict).toMatchObject({ label: 'single', winner: null });
    expect(summary.verdict.sentences[0]).toContain('alpha with: it scores 66.7 %');
  });

  it('names no winner among two that are both better than the baseline', () => {
    const three = (gamma: number): Summary =>
      summaryOf({
        items: 15,
        targets: ['alpha', 'beta', 'gamma'],
        script: (target, _, item) => (target === 'alpha' ? item % 2 : target === 'beta' ? 1 : gamma),
      });
    expect(three(1).verdict).toMatchObject({ label: 'better', winner: null });
    expect(three(1).verdict.sentences.join(' ')).toContain('beta and gamma are each better than alpha');
    expect(three(0).verdict).toMatchObject({ label: 'better', winner: 'beta' });
    for (const row of three(1).comparisons) expect(row.pHolm ?? 0).toBeGreaterThanOrEqual(row.p ?? 1);
  });
});

it('grows with the number of cells, not with its square', () => {
  const runs = new Map(
    [30, 240].map((items) => [
      items,
      syntheticRun({
        items,
        languages: Array.from({ length: 14 }, (_, index) => `x-${index}`),
        script: (target, language, item) => ((item * 7919 + language.length * 31 + target.length) % 10) / 9,
      }),
    ]),
  );
  const work = (items: number): void => {
    const truth = runs.get(items) as Truth;
    expect(aggregate(truth).rows).toHaveLength(truth.plan.cells.length);
  };
  expect(growth(work, 30, 8)).toBeLessThan(30);
});

function infinite(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => infinite(each, `${path}.${key}`));
}
