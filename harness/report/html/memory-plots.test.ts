import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import type { MemoryRow, Summary } from '../../types.ts';
import { memoryCharts } from './memory-plots.ts';
import { pageStyle } from './style.ts';

const { summary } = syntheticReport({ tests: 2, targets: 4 });
const charts = memoryCharts(summary);

/** The same run with the points of its first target under another basis. */
function withRows(change: (row: MemoryRow) => MemoryRow): Summary {
  return { ...summary, memory: summary.memory.map(change) };
}

describe('the charts of memory', () => {
  it('are one per basis, with the targets that have a line in it', () => {
    expect(charts.map(({ id, targets }) => [id, targets.length])).toEqual([
      ['memory-rss', 1],
      ['memory-gpu-process', 2],
    ]);
    expect(charts.map(({ title }) => title)).toEqual([
      'Resident memory over the run (RSS)',
      'Graphics memory over the run (by process)',
    ]);
  });

  it('show when the run was under load, and mark the quiet points', () => {
    for (const { svg, hasMarks } of charts) {
      expect(svg).toContain('under load');
      expect(svg).toContain('var(--band)');
      expect(hasMarks).toBe(true);
      expect(svg).toMatch(/<desc id="memory-[\w-]+-desc">alpha: .+ to .+ in \d+ points/u);
    }
  });

  it('use only colours that the style sheet declares', () => {
    const used = new Set(
      charts.flatMap(({ svg }) => [...svg.matchAll(/var\((--[\w-]+)\)/gu)].map(([, name]) => name)),
    );
    expect(used.size).toBeGreaterThan(4);
    for (const name of used) expect(pageStyle).toContain(`${name ?? ''}:`);
  });

  it('tell two lines apart without their colours', () => {
    const gpu = charts.find(({ id }) => id === 'memory-gpu-process')?.svg ?? '';
    const dashed = gpu.match(/<polyline[^>]*stroke="var\(--t-2\)"[^>]*>/u)?.[0] ?? '';
    expect(dashed).toContain('stroke-dasharray="2,3"');
  });

  it('are left out where a line would have two points', () => {
    const few = withRows((row) => ({
      ...row,
      series: row.series.map((line) => ({ ...line, points: line.points.slice(0, 2) })),
    }));
    expect(memoryCharts(few)).toEqual([]);
  });

  it('break a line between two starts of the run', () => {
    const twoStarts = withRows((row) => ({
      ...row,
      series: row.series.map((line) => ({
        ...line,
        points: line.points.map((point, at) => ({ ...point, leg: at < 40 ? 0 : 1 })),
      })),
    }));
    const lines = (svg: string | undefined) => svg?.match(/stroke="var\(--t-0\)"/gu)?.length ?? 0;
    expect(lines(memoryCharts(twoStarts)[0]?.svg)).toBeGreaterThan(lines(charts[0]?.svg));
  });

  it('are the same bytes again', () => {
    expect(memoryCharts(summary)).toEqual(charts);
  });
});
