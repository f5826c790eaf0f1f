/** Answers that no check scored, through all rooms: told apart from wrong ones, and from each other, in every file. */
import { describe, expect, it } from 'vitest';
import {
  answered,
  cell,
  check,
  failed,
  sample,
  syntheticRun,
} from '../../fixtures/aggregate/synthetic-run.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import { unpackPage } from '../../fixtures/report/unpack-page.ts';
import { aggregate } from '../aggregate/aggregate.ts';
import { formats } from '../report/index.ts';
import { checks } from '../score/checks/index.ts';
import { scoreCell } from '../score/score.ts';
import type { Cell, CheckSpec, Finding, Outcome, Report, Sample } from '../types.ts';
import { describeEnvironment } from './environment.ts';

const has = (value: string, metric = 'text'): CheckSpec => ({
  ...check,
  type: 'contains',
  params: { value },
  metric,
});
/** ICU finds no sentences in Thai: it does not apply. */
const sentences: CheckSpec = {
  ...check,
  type: 'length',
  params: { unit: 'sentences', min: 1 },
  metric: 'sentences',
  weight: 3,
};
/** No release has it: it crashes. */
const gone: CheckSpec = { ...check, type: 'gone', metric: 'text' };

const answer = answered('แมวนั่งบนเสื่อ');
const plan: Readonly<
  Record<string, { readonly checks: readonly CheckSpec[]; readonly outcome: Outcome | null }>
> = {
  right: { checks: [has('แมว'), sentences], outcome: answer },
  wrong: { checks: [has('หมา'), sentences], outcome: answer },
  'does-not-apply': { checks: [sentences], outcome: answer },
  crashes: { checks: [has('แมว'), gone], outcome: answer },
  outage: { checks: [has('แมว'), sentences], outcome: failed() },
  'never-asked': { checks: [has('แมว'), sentences], outcome: null },
};

async function reportOf(): Promise<Report> {
  const cells: Cell[] = [];
  const samples: Sample[] = [];
  const findings: Finding[] = [];
  for (const [test, { checks: specs, outcome }] of Object.entries(plan)) {
    const one = cell({ test, cluster: test, language: 'th', checks: specs });
    cells.push(one);
    const record = outcome === null ? null : sample(one, { outcome });
    if (record !== null) samples.push(record);
    findings.push(
      ...(await scoreCell(one, record, { catalogue: checks, times: () => null, takesTools: () => null })),
    );
  }
  const { manifest } = syntheticRun({
    targets: ['alpha'],
    languages: ['th'],
    items: 0,
    script: () => 1,
    manifest: { environment: describeEnvironment(), maxErrorRate: 1 },
  });
  return aggregate({ manifest, plan: { cells }, samples, findings, readings: [] });
}

const report = await reportOf();
const { summary } = report;
const rowOf = (test: string) => report.rows.find(({ cell: own }) => own.test === test);

describe('an answer without a score', () => {
  it('is null, not zero; what does not apply gives its weight to the rest, a crash does not', () => {
    expect(
      Object.keys(plan).map((test) => [test, rowOf(test)?.kind, rowOf(test)?.score, rowOf(test)?.pass]),
    ).toEqual([
      ['right', 'passed', 1, true],
      ['wrong', 'wrong-answer', 0, false],
      ['does-not-apply', 'not-applicable', null, null],
      ['crashes', 'check-error', null, null],
      ['outage', 'no-answer', null, null],
      ['never-asked', 'unasked', null, null],
    ]);
  });

  it('is missing from scores and rates, which keep the plan for a denominator', () => {
    for (const language of [null, 'th']) {
      const row = summary.scores.find(
        (one) => one.language === language && one.suite === null && one.metric === null,
      );
      expect(row).toMatchObject({
        planned: 6,
        score: { value: 0.5, n: 2, missing: 4 },
        passRate: { value: 0.5, n: 2, missing: 4 },
      });
    }
    expect(summary.scores.find((one) => one.metric === 'sentences' && one.language === 'th')).toMatchObject({
      score: { value: null, n: 0 },
      passRate: { value: null, n: 0 },
    });
  });

  it('is counted by why for every metric', () => {
    const verdicts = summary.metrics.map(({ metric, check: name, verdicts: [count] }) => ({
      metric,
      name,
      ...count,
    }));
    const none = { scored: 0, notApplicable: 0, checkError: 0, noAnswer: 0, unasked: 0 };
    expect(verdicts).toEqual([
      { ...none, metric: 'text', name: 'contains', target: 'alpha', scored: 3, noAnswer: 1, unasked: 1 },
      { ...none, metric: 'text', name: 'gone', target: 'alpha', checkError: 1 },
      {
        ...none,
        metric: 'sentences',
        name: 'length',
        target: 'alpha',
        notApplicable: 3,
        noAnswer: 1,
        unasked: 1,
      },
    ]);
  });

  it('says why in rows.csv', () => {
    const lines = wholeText(formats.csv.render(report)).split('\n');
    const lineOf = (test: string) => lines.find((line) => line.includes(`"${test}"`)) ?? '';
    expect(lineOf('right')).toContain('"passed","true",1,,"sentences (length): not-applicable",');
    expect(lineOf('wrong')).toContain('"wrong-answer","false",0,,"sentences (length): not-applicable",');
    expect(lineOf('does-not-apply')).toContain('"not-applicable","",,,"sentences (length): not-applicable",');
    expect(lineOf('crashes')).toContain('"check-error","",,,"text (gone): check-error",');
    expect(lineOf('outage')).toContain('"no-answer","",,"timeout-first",,');
    expect(lineOf('never-asked')).toContain('"unasked","",,,,');
    // The crashed check takes the metric's score with it, though the other check of the metric passed.
    expect(lineOf('crashes')).toMatch(/,,,"[^"]+"$/u);
    expect(lineOf('right')).toMatch(/,1,,"[^"]+"$/u);
  });

  it('is an error or skipped in junit.xml, never a failure', () => {
    const xml = wholeText(formats.junit.render(report));
    const caseOf = (test: string) =>
      new RegExp(`<testcase [^>]*&gt; ${test} [^>]*>(?:<(\\w+))?`, 'u').exec(xml)?.[1];
    expect(Object.keys(plan).map((test) => [test, caseOf(test)])).toEqual([
      ['right', undefined],
      ['wrong', 'failure'],
      ['does-not-apply', 'skipped'],
      ['crashes', 'error'],
      ['outage', 'error'],
      ['never-asked', 'error'],
    ]);
    expect(xml).toContain('tests="6" failures="1" errors="3" skipped="1"');
    expect(xml).toContain('length: unscored (not-applicable)');
  });

  it('has lines of its own in summary.md', () => {
    const text = wholeText(formats.markdown.render(report));
    for (const line of [
      'check crashed',
      'not applicable',
      'no answer',
      'never asked',
      'wrong answer',
      'passed',
    ])
      expect(text).toContain(`| ${line} | 1 |`);
    expect(text).toContain('| orders › text (gone) | scored 0; check crashed 1 |');
    expect(text).toContain(
      '| orders › sentences (length) | scored 0; not applicable 3, no answer 1, never asked 1 |',
    );
  });

  it('says why on the page: in the matrix, and check by check in the cards', () => {
    const html = wholeText(formats.html.render(report));
    expect(html).toContain('without a score: not applicable 1, check crashed 1, no answer 1, never asked 1');
    const { index, blocks } = unpackPage(html);
    const states = blocks.flatMap((block) =>
      block.cards.map(([, , , cells], at) => [
        index.tests[index.cards.test[at] ?? -1],
        cells[0]?.c?.map(([, state]) => state),
      ]),
    );
    expect(states).toEqual([
      ['right', [1, 3]],
      ['wrong', [0, 3]],
      ['does-not-apply', [3]],
      ['crashes', [1, 4]],
      ['outage', [5, 5]],
      ['never-asked', [5, 5]],
    ]);
  });
});

it('names the versions of ICU and Unicode that the run was made with, in the summary and on the page', () => {
  const { icu, unicode } = process.versions as { readonly icu?: string; readonly unicode?: string };
  expect(summary.run.environment).toMatchObject({ icu, unicode });
  expect(wholeText(formats.html.render(report))).toContain(
    `<dt>icu</dt><dd><bdi dir="auto">${icu ?? ''}</bdi></dd>`,
  );
  expect(wholeText(formats.markdown.render(report))).toContain(`ICU ${icu ?? ''}, Unicode ${unicode ?? ''}.`);
});
