/** Memory over the run: a chart per basis, a line per target. */
import type { Basis, MemoryPoint, MemorySeries, Summary } from '../../types.ts';
import { formatBytes } from '../numbers.ts';
import { chartTitles, memoryWords as words } from '../strings.ts';
import { drawLines, type Line, type Stretch } from './line-chart.ts';
import { scale } from './plots.ts';

/** Figures that are taken under load; the others are a few points, and stand in the tables. */
const drawn: readonly Basis[] = ['rss', 'cgroup', 'gpu-process', 'gpu-delta'];
const fewestPoints = 3;
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

export interface MemoryChart {
  readonly id: string;
  readonly title: string;
  readonly svg: string;
  /** Targets that have a line. */
  readonly targets: readonly string[];
  readonly hasMarks: boolean;
}

interface Drawn {
  readonly target: string;
  readonly position: number;
  readonly points: readonly MemoryPoint[];
}

export function memoryCharts({ memory, targets }: Summary): MemoryChart[] {
  return drawn.flatMap((basis) => {
    const lines = memory.flatMap(({ target, series }) =>
      series
        .filter((one: MemorySeries) => one.basis === basis)
        .map(({ points }): Drawn => {
          return { target, position: targets.findIndex(({ id }) => id === target), points };
        }),
    );
    if (!lines.some(({ points }) => points.length >= fewestPoints)) return [];
    return [
      {
        id: `memory-${basis}`,
        title: chartTitles[basis] ?? basis,
        svg: chart(basis, lines),
        targets: lines.map(({ target }) => target),
        hasMarks: lines.some(({ points }) => points.some(({ moment }) => moment !== 'loaded')),
      },
    ];
  });
}

function chart(basis: Basis, lines: readonly Drawn[]): string {
  const most = lines.reduce((top, { points }) => points.reduce((a, { bytes }) => Math.max(a, bytes), top), 1);
  const last = lines.reduce(
    (end, { points }) => points.reduce((a, { atMs }) => Math.max(a, atMs), end),
    1000,
  );
  const unit = most >= 1024 ** 3 ? 1024 ** 3 : 1024 ** 2;
  const unitName = unit === 1024 ** 3 ? 'GiB' : 'MiB';
  const seconds = scale(last / 1000);
  const size = scale((most / unit) * 1.05);
  return drawLines({
    text: {
      id: `memory-${basis}`,
      title: chartTitles[basis] ?? basis,
      description: lines.map(inWords).join('. '),
    },
    lines: lines.map((line) => toLine(line, unit)),
    stretches: loadedStretches(lines),
    xMax: last / 1000,
    xInterval: seconds.interval,
    xName: words.seconds,
    yMax: size.end,
    yInterval: size.interval,
    formatTick: (value) => `${Number(value.toFixed(3))} ${unitName}`,
  });
}

function inWords({ target, points }: Drawn): string {
  const bytes = points.map((point) => point.bytes);
  const from = bytes.reduce((a, b) => Math.min(a, b), bytes[0] ?? 0);
  const to = bytes.reduce((a, b) => Math.max(a, b), 0);
  return `${target}: ${formatBytes(from)} to ${formatBytes(to)} in ${points.length} points`;
}

function toLine({ position, points }: Drawn, unit: number): Line {
  const place = ({ atMs, bytes }: MemoryPoint) => [atMs / 1000, bytes / unit] as const;
  const legs = [...new Set(points.map(({ leg }) => leg))];
  return {
    stretches: legs.map((leg) => points.filter((point) => point.leg === leg).map(place)),
    color: `var(--t-${Math.max(0, position) % 6})`,
    dash: dashes[Math.max(0, position) % dashes.length] ?? [],
    marks: points.filter(({ moment }) => moment !== 'loaded').map(place),
  };
}

/** When requests were in flight: from the first point under load to the last, per start of the run and target. */
function loadedStretches(lines: readonly Drawn[]): Stretch[] {
  const spans = lines
    .flatMap(({ points }) => {
      const legs = [...new Set(points.map(({ leg }) => leg))];
      return legs.flatMap((leg) => {
        const loaded = points.filter((point) => point.leg === leg && point.moment === 'loaded');
        const [first] = loaded;
        const last = loaded.at(-1);
        return first === undefined || last === undefined
          ? []
          : [{ from: first.atMs / 1000, to: last.atMs / 1000 }];
      });
    })
    .toSorted((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const span of spans) {
    const before = merged.at(-1);
    if (before !== undefined && span.from <= before.to) before.to = Math.max(before.to, span.to);
    else merged.push({ ...span });
  }
  return merged.map((span) => ({ ...span, text: words.loaded }));
}
