import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import type { Standings, Summary } from '../../types.ts';
import { renderMarkdown } from '../markdown.ts';
import { standingsView } from '../view/standings.ts';
import { placeNames, radiusOf } from './scatter-chart.ts';
import { acrossSection, standingsSection } from './standings.ts';
import { standingsPlot } from './standings-plot.ts';

const report = syntheticReport({ targets: 4 });
const { summary } = report;
const tone = (): string => 't0';
const position = (id: string): number => summary.targets.findIndex((target) => target.id === id);
const changed = (more: Partial<Standings>): Standings => ({ ...summary.standings, ...more });

/** Radii of the discs of the wide drawing. */
const radii = (svg: string): string[] =>
  [...svg.slice(0, svg.indexOf('plot slim')).matchAll(/<circle[^>]* r="([\d.]+)"/gu)].map(([, r]) => r ?? '');

describe('the picture of all targets', () => {
  it('says everything it shows in words too', () => {
    const svg = standingsPlot(summary.standings, 'memory of the host after load (PSS)', position) ?? '';
    for (const text of [
      'alpha: score 80.0',
      '140 characters per second',
      '6.0',
      'GiB memory of the host after load (PSS)',
      'gamma: score 66.0',
      'behind beta',
    ])
      expect(svg).toContain(text);
    expect(svg).toContain('role="img"');
    expect(svg).toContain('score, %');
  });

  it('gives memory an area, and no axis', () => {
    const svg = standingsPlot(summary.standings, '', position) ?? '';
    const found = radii(svg).map(Number);
    expect(found).toHaveLength(4);
    // 6, 9, 12 and 15 GiB: areas, not radii, are in that ratio.
    expect((found[0] ?? 0) ** 2 / (found[3] ?? 1) ** 2).toBeCloseTo(6 / 15, 2);
    expect(found[3]).toBeCloseTo(radiusOf(1), 1);
    expect(radiusOf(1)).toBeGreaterThan(radiusOf(0.5));
    expect(radiusOf(0)).toBeGreaterThan(0);
  });

  it('draws all marks alike where memory means two things, and says why', () => {
    const rows = summary.standings.rows.map((row) => ({ ...row, memory: null }));
    const bare = changed({ memoryOf: null, basis: null, rows });
    expect(new Set(radii(standingsPlot(bare, '', position) ?? '')).size).toBe(1);
    const html = standingsSection({ ...summary, standings: bare }, tone);
    expect(html).toContain('Memory is not drawn: no figure of one basis is known of all targets.');
    expect(html).not.toContain('GiB');
  });

  it('is not drawn for a single target, and leaves out who has no figure', () => {
    const [first, second] = summary.standings.rows;
    if (first === undefined || second === undefined) throw new Error('no rows');
    expect(standingsPlot(changed({ rows: [first] }), '', position)).toBeNull();
    const silent = { ...second, score: { ...second.score, value: null, low: null, high: null } };
    expect(standingsPlot(changed({ rows: [first, silent] }), '', position)).toBeNull();
  });

  it('is the same bytes each time', () => {
    expect(standingsPlot(summary.standings, '', position)).toBe(
      standingsPlot(summary.standings, '', position),
    );
  });

  it('sets names apart that would cover each other', () => {
    const spots = placeNames([
      { x: 100, y: 50, radius: 6 },
      { x: 102, y: 51, radius: 6 },
      { x: 300, y: 50, radius: 6 },
    ]);
    expect((spots[1]?.y ?? 0) - (spots[0]?.y ?? 0)).toBeGreaterThanOrEqual(16);
    expect(spots[2]?.y).toBe(spots[0]?.y);
  });
});

describe('the table of all targets', () => {
  it('holds both readings of what is missing, the place, the licence and the declared languages', () => {
    const [line] = standingsView(summary).lines;
    expect(line).toMatchObject({
      target: 'alpha',
      place: '1 to 4',
      license: 'Apache-2.0',
      languages: 'English, Chinese, Arabic, Thai',
      served: 'Q4_K_M <b>, 8192 tokens of context',
    });
    expect(line?.worstCase.missing).toBe(0);
    expect(line?.against).toBe('undecided with beta, gamma, delta');
    const html = standingsSection(summary, tone);
    expect(html).toContain(
      'As stated by the operator of this run. Not legal advice. At the time of this run, 2026-02-03.',
    );
    expect(html.match(/<td>not stated<\/td>|<bdi dir="auto">not stated<\/bdi>/gu)?.length).toBe(9);
  });

  it('is none of a single target', () => {
    const alone = syntheticReport({ targets: 1 });
    expect(standingsSection(alone.summary, tone)).toBe('');
    expect(renderMarkdown(alone)).not.toContain('## All targets');
  });

  it('names every pair where there are more than two targets', () => {
    expect(standingsSection(summary, tone)).toContain('Every pair');
    expect(standingsSection(syntheticReport().summary, tone)).not.toContain('Every pair');
  });

  it('is in Markdown too', () => {
    const text = renderMarkdown(report);
    expect(text).toContain('## All targets');
    expect(text).toMatch(/\| gamma \| 1 to 4: undecided with alpha, beta, delta \| 66\.0/u);
    expect(text).toMatch(/\| alpha \| 75\.0\u00a0%[^|]*\| 2 \| 1 \| 1 \|/u);
  });
});

describe('languages and repeats beside each other', () => {
  const html = acrossSection(summary);
  it.each([
    ['consistency', 'passed in all'],
    ['pass@k', '<th scope="col">pass@2</th>'],
    ['stability', 'Stable'],
    ['gaps to the base language', 'Gaps to the base language'],
    ['differences of corpus figures', 'Differences of corpus figures'],
  ])('show %s', (_what, text) => {
    expect(html).toContain(text);
  });

  it('have no section where there is nothing to set beside anything', () => {
    const bare: Summary = { ...summary, spread: [], consistency: [], repeats: [], corpusComparisons: [] };
    expect(acrossSection(bare)).toBe('');
  });
});
