/** What the page says in sentences stands in summary.json, numbers and all. */
import { describe, expect, it } from 'vitest';
import { syntheticRun, type Scripted } from '../../fixtures/aggregate/synthetic-run.ts';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import { aggregate } from '../aggregate/aggregate.ts';
import { nameOfRun } from '../aggregate/run-compare.ts';
import type { Report, Summary } from '../types.ts';
import { renderPage } from './html/page.ts';

/** Three targets in six languages, with gaps, repeats, gates and an earlier run: every kind of sentence. */
function computed(): Report {
  const script = (target: string, language: string, item: number): Scripted => {
    if (target === 'gamma' && language === 'ko' && item === 3) return 'failed';
    const hard = { en: 2, ar: 6, th: 8, hi: 4, ja: 5, ko: 7 }[language] ?? 0;
    return item < hard - (target === 'beta' ? 1 : 0) + (target === 'gamma' ? 6 : 0) ? 0.25 : 1;
  };
  const options = {
    targets: ['alpha', 'beta', 'gamma'],
    languages: ['en', 'ar', 'th', 'hi', 'ja', 'ko'],
    items: 24,
  };
  const gates = ['beta.score >= 0.8', '* - alpha >= -0.1 by ci', 'alpha[*] - baseline >= -0.05 by ci'].map(
    (expression) => ({ expression, from: '--gate' }),
  );
  const now = syntheticRun({ ...options, script, manifest: { gates, maxErrorRate: 0.02 } });
  const before = syntheticRun({
    ...options,
    script: (target, language, item) => (script(target, language, item) === 1 ? 1 : 0.5),
  });
  const { manifest, plan, samples, findings } = before;
  const run = { name: nameOfRun(manifest), targets: manifest.targets, cells: plan.cells, samples };
  return aggregate({ ...now, earlier: { run, findings } });
}

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/gu, '')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#x3D;', '=')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ');
}

/** The sentences of the verdict, of gates, of the comparison with an earlier run, and of times side by side. */
function sentencesOf(html: string): { readonly verdict: string[]; readonly others: string[] } {
  const within = (block: RegExp, line: RegExp): string[] =>
    [...html.matchAll(block)].flatMap(([part]) =>
      [...part.matchAll(line)].map(([, text]) => textOf(text ?? '')),
    );
  return {
    verdict: within(/<div class="sentences">[\s\S]*?<\/div>/gu, /<p>([\s\S]*?)<\/p>/gu),
    others: [
      ...within(/<ul class="gates">[\s\S]*?<\/ul>/gu, /<p><bdi dir="auto">([\s\S]*?)<\/bdi><\/p>/gu),
      ...within(/<ul class="said[^"]*">[\s\S]*?<\/ul>/gu, /<bdi dir="auto">([^<]*)<\/bdi><\/li>/gu),
    ],
  };
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbers);
}

/** As sentences write them: counts as they are, shares and their differences as points with one decimal. */
function spellings(summary: Summary): ReadonlySet<string> {
  const { comparisons, scores, targets } = summary;
  const known = numbers([comparisons, scores, targets]).flatMap((value) => {
    const points = (100 * value).toFixed(1);
    const shown = Number(points) === 0 ? '0.0' : points;
    return [String(value), shown, `+${shown}`, shown.replace(/^-/u, '')];
  });
  // How many languages bear a label is counted off the rows, one number per target and label.
  const labels = summary.comparisons
    .filter(({ suite, metric, language }) => suite === null && metric === null && language !== null)
    .map(({ other, label }) => `${other} ${label}`);
  const counts = [...new Set(labels)].map((one) => String(labels.filter((each) => each === one).length));
  // The levels of intervals, and the share of answers that a winner needs.
  return new Set([...known, ...counts, '95', '90', '95.0']);
}

const reports: readonly (readonly [string, Report])[] = [
  ['computed', computed()],
  ['made up, with hostile names', syntheticReport({ targets: 3 })],
];

describe.each(reports)('a page of a report that was %s', (_what, report) => {
  const summary = JSON.parse(JSON.stringify(report.summary)) as Summary;
  const { verdict, others } = sentencesOf(wholeText(renderPage(report)));

  it('says in its verdict what the verdict of the summary says, in its order', () => {
    expect(verdict).toEqual(summary.verdict.sentences);
    expect(verdict.length).toBeGreaterThan(2);
  });

  it('says nothing in a sentence that is not in the summary', () => {
    const known = new Set(strings(summary).map((text) => text.replaceAll('\u00a0', ' ')));
    expect(others.length).toBeGreaterThan(4);
    for (const sentence of others) expect(known.has(sentence), sentence).toBe(true);
  });
});

it('every number of the verdict is a number of the summary, rounded', () => {
  const report = reports[0]?.[1] ?? computed();
  const { verdict } = sentencesOf(wholeText(renderPage(report)));
  const known = spellings(report.summary);
  const found = verdict.flatMap((sentence) => sentence.match(/[+-]?\d+(?:\.\d+)?/gu) ?? []);
  expect(found.length).toBeGreaterThan(20);
  for (const number of found) expect(known.has(number), number).toBe(true);
});
