import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import { blocksOf } from '../view/blocks.ts';
import { kindsView } from '../view/kinds.ts';
import { pairsOf } from '../view/verdict.ts';
import { blockPlot, forestPlot, kindsPlot, scale, speedPlot } from './plots.ts';
import { cleanseSvg } from './svg.ts';
import { pageStyle } from './style.ts';

const text = { id: 'x', className: 'plot', title: 'a <b>', description: 'c & d' };

describe('a cleansed chart', () => {
  it('carries a role, a title and a description, and no style or class of the library', () => {
    const svg = cleanseSvg(
      '<svg width="1" viewBox="0 0 1 1"><rect x="0" class="zr0-cls-1" ecmeta_ssr_type="chart"></rect><style ><![CDATA[.a{}]]></style></svg>',
      text,
    );
    expect(svg).toContain('role="img" aria-labelledby="x-title"');
    expect(svg).toContain('<title id="x-title">a &lt;b&gt;</title><desc id="x-desc">c &amp; d</desc>');
    expect(svg).not.toMatch(/style|zr0|ecmeta/u);
  });

  it('renumbers ids and what refers to them', () => {
    const svg = cleanseSvg(
      '<svg><g clip-path="url(#zr7-c0)"></g><clipPath id="zr7-c0"></clipPath></svg>',
      text,
    );
    expect(svg).toContain('clip-path="url(#x-0)"');
    expect(svg).toContain('<clipPath id="x-0">');
  });

  it.each([
    '<svg><script></script></svg>',
    '<svg><rect onclick="x"></rect></svg>',
    '<svg><image></image></svg>',
  ])('throws on %s', (source) => {
    expect(() => cleanseSvg(source, text)).toThrow(/unexpected/u);
  });
});

describe('the charts', () => {
  const { summary } = syntheticReport();
  const [pair] = pairsOf(summary);
  if (pair === undefined) throw new Error('a pair');

  it('uses only colours that the style sheet declares', () => {
    const svg =
      forestPlot(pair, 0, () => 1) +
      kindsPlot(kindsView(summary)) +
      blocksOf(summary).map(blockPlot).join('') +
      (speedPlot(summary.speed, ['alpha', 'beta']) ?? '');
    const used = new Set([...svg.matchAll(/var\((--[\w-]+)\)/gu)].map(([, name]) => name ?? ''));
    expect(used.size).toBeGreaterThan(10);
    for (const name of used) expect(pageStyle).toContain(`${name}:`);
  });

  it('escapes what targets are called', () => {
    const hostile = { ...pair, other: '<script>x</script>', baseline: '"&' };
    const svg = forestPlot(hostile, 0, () => 0);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
  });

  it('says in words what it draws', () => {
    expect(forestPlot(pair, 0, () => 0)).toMatch(/<desc id="forest-0-desc">All languages: \+\d/u);
  });

  it('draws nothing where nothing was timed', () => {
    expect(speedPlot([], ['alpha'])).toBeNull();
  });

  it.each([
    [0, 1],
    [0.07, 0.08],
    [11, 15],
    [61, 80],
    [100, 100],
  ])('ends an axis for %d at %d', (value, end) => {
    expect(scale(value).end).toBeCloseTo(end, 9);
  });
});
