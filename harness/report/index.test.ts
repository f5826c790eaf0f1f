import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import { pageText } from '../../fixtures/report/unpack-page.ts';
import type { ReportFormat } from '../types.ts';
import { formats } from './index.ts';
import { languageName } from './language-names.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const root = path.join(import.meta.dirname, '../..');

/** The hashes another process comes to, after it drew other reports first. */
function elsewhere(): unknown {
  const code = `
    import { createHash } from 'node:crypto';
    import { formats } from './harness/report/index.ts';
    import { languageName } from './harness/report/language-names.ts';
    import { syntheticReport } from './fixtures/report/synthetic-report.ts';
    import { wholeText } from './fixtures/report/whole-text.ts';
    wholeText(formats.html.render(syntheticReport({ tests: 1, targets: 3 })));
    const report = syntheticReport();
    const hash = (text) => createHash('sha256').update(text).digest('hex');
    const names = ['la', 'tr', 'ar'].map((tag) => languageName(tag));
    process.stdout.write(JSON.stringify([names, ...Object.values(formats).map((format) => hash(wholeText(format.render(report))))]));
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
  const environment = { ...process.env, LANG: 'tr_TR.UTF-8', TZ: 'Asia/Tokyo' };
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, env: environment, encoding: 'utf8' }));
}

/** What a file says: of a page, what is packed in it too, and not the letters it is packed in. */
function readable({ name }: ReportFormat, text: string): string {
  return name === 'html'
    ? pageText(text).replaceAll(/(<script type="text\/plain"[^>]*>)[^<]*/gu, '$1')
    : text;
}

describe('the formats', () => {
  const report = syntheticReport();

  it.each(Object.entries(formats))('%s stands under its own name and ends in a line feed', (key, format) => {
    expect(format.name).toBe(key);
    expect(wholeText(format.render(report))).toMatch(/\n$/u);
  });

  it.each(Object.values(formats))('$name renders a run in which nothing happened', (format) => {
    const { summary } = report;
    const none = { planned: 0, answered: 0, failed: 0, unasked: 0 };
    const empty = {
      ...summary,
      scores: [],
      corpus: [],
      comparisons: [],
      kinds: [],
      speed: [],
      memory: [],
      totals: none,
    };
    const verdict = { label: 'single', winner: null, sentences: [] } as const;
    expect(
      readable(format, wholeText(format.render({ summary: { ...empty, verdict }, rows: [] }))),
    ).not.toContain('NaN');
  });

  it.each(Object.values(formats))('$name renders one target alone, and five', (format) => {
    for (const targets of [1, 4])
      expect(
        readable(format, wholeText(format.render(syntheticReport({ tests: 2, targets })))),
      ).not.toContain('NaN');
  });

  it('gives the same bytes twice in one process and once more in another', () => {
    const first = Object.values(formats).map((format) => sha256(wholeText(format.render(report))));
    const second = Object.values(formats).map((format) =>
      sha256(wholeText(format.render(syntheticReport()))),
    );
    expect(second).toEqual(first);
    // Latin has no data of its own: a machine set to Turkish would name it in Turkish.
    const names = ['la', 'tr', 'ar'].map((tag) => languageName(tag));
    expect(elsewhere()).toEqual([names, ...first]);
  });

  it('writes summary.json as the summary, and nothing else', () => {
    expect(wholeText(formats.json.render(report))).toBe(`${JSON.stringify(report.summary, null, 2)}\n`);
  });
});
