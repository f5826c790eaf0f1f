import { describe, expect, it } from 'vitest';
import { hostile, syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../../fixtures/report/whole-text.ts';
import { renderMarkdown } from '../markdown.ts';
import { gatesView } from '../view/gates.ts';
import { sinceView } from '../view/since.ts';
import { gatesSection, sinceSection } from './front.ts';
import { renderPage } from './page.ts';

const report = syntheticReport();
const { summary } = report;

/** As a reader sees it. */
const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/gu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&amp;', '&');

describe('gates on the page and in Markdown', () => {
  const html = gatesSection(summary);

  it('say what summary.json says, of every gate', () => {
    const text = textOf(html);
    for (const { expression, sentence, from } of summary.gates) {
      for (const part of [expression, sentence, from]) expect(text).toContain(part);
    }
    expect(html.match(/class="chip gate-(?:pass|fail|inconclusive)"/gu)).toHaveLength(3);
    expect(text).toContain('1 of 3 gates hold; 1 not; 1 undecided, which is not passed.');
    expect(html).not.toContain('<script>');
  });

  it('stand near the verdict, and nowhere without a gate', () => {
    const page = wholeText(renderPage(report));
    expect(page.indexOf('id="gates"')).toBeGreaterThan(page.indexOf('id="verdict"'));
    expect(page.indexOf('id="gates"')).toBeLessThan(page.indexOf('id="languages"'));
    expect(page).toContain('<a href="#gates">Gates</a>');
    const bare = wholeText(renderPage({ ...report, summary: { ...summary, gates: [], sinceEarlier: null } }));
    expect(bare).not.toContain('href="#gates"');
    expect(bare).not.toContain('id="gates"');
    expect(bare).not.toContain('id="since"');
  });

  it('are the same in Markdown, hostile names made harmless', () => {
    const markdown = renderMarkdown(report);
    expect(markdown).toContain('## Gates');
    expect(markdown).toContain('| **held** | alpha.score &gt;= 0.6 |');
    expect(markdown).toContain('| **undecided** | beta - alpha &gt;= -0.02 by ci |');
    expect(markdown).not.toContain('<script>');
  });

  it('show a difference in points and a share in percent', () => {
    const shown = gatesView(summary)?.lines.map(({ claims }) => claims[0]?.found);
    expect(shown).toEqual(['71.0\u00a0%', '71.0\u00a0%', '+71.0']);
  });
});

describe('what changed since an earlier run', () => {
  const since = summary.sinceEarlier;
  if (since === null) throw new Error('none');

  it('is told with both answers, raw text as text', () => {
    const html = sinceSection(summary);
    const text = textOf(html);
    expect(text).toContain('กาแฟสองแก้ว');
    expect(text).toContain('كوبان من القهوة');
    for (const answer of hostile.slice(0, 5)) expect(text).toContain(answer);
    expect(html).not.toMatch(/<script|<img|<svg/u);
    expect(text).toContain('96 cells in both runs, 3 new, 2 gone.');
    expect(text).toContain('Cells that changed, 5 of 7');
  });

  it('lists regressions first', () => {
    expect(sinceView(since).changes.map(({ change }) => change)).toEqual([
      'worse',
      'worse',
      'worse',
      'lost',
      'better',
    ]);
  });

  it('keeps model text inside its cell of a Markdown table', () => {
    const markdown = renderMarkdown(report);
    const part = markdown.slice(markdown.indexOf('## Since'), markdown.indexOf('## All targets'));
    const widths = part.split('\n').filter((line) => line.startsWith('| '));
    const cells = widths.map((line) => line.replaceAll(String.raw`\|`, '').split('|').length);
    expect(new Set(cells).size).toBe(2);
    expect(part).not.toMatch(/<img|[^\\]\]\(/u);
  });
});
