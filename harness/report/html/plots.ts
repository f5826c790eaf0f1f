/** The three kinds of charts on the page, from the summary's numbers. */
import type { CellKind, Comparison, Label, SpeedRow } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { formatAmount, formatPoints, formatPointsInterval } from '../numbers.ts';
import { kindWords, labelWords } from '../strings.ts';
import type { KindsView } from '../view/kinds.ts';
import { labelPhrase, type Pair } from '../view/verdict.ts';
import { type Bar, drawPlot, type Whisker } from './chart.ts';
import { shorten } from './labels.ts';

/** Round ends of an axis, as multiples of a power of ten, and into how many steps each divides well. */
const ends: readonly (readonly [number, number])[] = [
  [1, 5],
  [1.5, 3],
  [2, 4],
  [2.5, 5],
  [3, 3],
  [4, 4],
  [5, 5],
  [6, 3],
  [8, 4],
  [10, 5],
];

/** The next round number at or above `value`, and the distance of its ticks. */
export function scale(value: number): { readonly end: number; readonly interval: number } {
  const power = value <= 0 ? 1 : 10 ** Math.floor(Math.log10(value));
  const [end, steps] = ends.find(([each]) => each * power >= value - 1e-9) ?? [10, 5];
  return { end: end * power, interval: (end * power) / steps };
}

const shapes: Readonly<Record<Label, Whisker['shape']>> = {
  better: 'disc',
  worse: 'disc',
  equivalent: 'disc',
  inconclusive: 'ring',
  'too-few': 'ring',
};

function nameOf(comparison: Comparison): string {
  return comparison.language === null ? 'All languages' : languageName(comparison.language).english;
}

function inWords(comparison: Comparison): string {
  const { value, low, high } = comparison.difference;
  const interval = formatPointsInterval(low, high);
  return `${nameOf(comparison)}: ${formatPoints(value)}${interval === '' ? '' : ` (${interval})`}, ${labelWords[comparison.label]}`;
}

/** Differences of one pair with their intervals, a row per language; colours are the winner's. */
export function forestPlot(pair: Pair, index: number, positionOf: (target: string) => number): string {
  const { comparisons, other, baseline } = pair;
  const color = ({ label }: Comparison) => {
    if (label !== 'better' && label !== 'worse') return `var(--l-${label})`;
    return `var(--t-${Math.max(0, positionOf(label === 'better' ? other : baseline)) % 6})`;
  };
  const reach = Math.max(
    0.05,
    ...comparisons.flatMap(({ difference: { value, low, high } }) =>
      [value, low, high].map((each) => Math.abs(each ?? 0)),
    ),
  );
  const edge = Math.min(100, 2 * scale(50 * reach * 1.02).end);
  const clamp = (value: number) => Math.min(edge, Math.max(-edge, 100 * value));
  const margin = 100 * (comparisons[0]?.margin ?? 0);
  return drawPlot({
    text: {
      id: `forest-${index}`,
      title: `${other} minus ${baseline}: difference of scores per language, in points`,
      description: comparisons.map(inWords).join('. '),
    },
    labels: comparisons.map(nameOf),
    rowHeight: 30,
    min: -edge,
    max: edge,
    interval: edge / 2,
    zero: 0,
    band: { from: -margin, to: margin },
    axisName: `◀ ${shorten(baseline, 20)} better   ·   points   ·   ${shorten(other, 20)} better ▶`,
    formatTick: (value) => formatPoints(value / 100).replace(/\.0$/u, ''),
    whiskers: comparisons.flatMap((comparison, row): Whisker[] => {
      const { value, low, high } = comparison.difference;
      if (value === null) return [];
      return [
        {
          row,
          offset: 0,
          at: clamp(value),
          low: low === null ? null : clamp(low),
          high: high === null ? null : clamp(high),
          shape: comparison.language === null ? 'diamond' : shapes[comparison.label],
          color: color(comparison),
        },
      ];
    }),
    words: comparisons.map((comparison) => ({
      text: shorten(labelPhrase(comparison), 22),
      color: color(comparison),
    })),
  });
}

function kindBars(kinds: KindsView): Bar[] {
  return kinds.targets.flatMap((_target, row) => {
    const total = kinds.totals[row] ?? 0;
    let from = 0;
    return kinds.lines.flatMap((line): Bar[] => {
      const count = line.counts[row] ?? 0;
      if (count === 0 || total === 0) return [];
      const to = from + (100 * count) / total;
      const bar = {
        row,
        offset: 0,
        from,
        to,
        thickness: 0.62,
        color: kindColor(line.kind),
        text: String(count),
      };
      from = to;
      return [bar];
    });
  });
}

function kindColor(kind: CellKind): string {
  return `var(--k-${kind})`;
}

/** What became of the planned cells, a stacked bar per target. */
export function kindsPlot(kinds: KindsView): string {
  return drawPlot({
    text: {
      id: 'kinds',
      title: 'What became of the planned cells of each target',
      description: kinds.targets
        .map((target, row) => {
          const parts = kinds.lines.map((line) => `${kindWords[line.kind].word} ${line.counts[row] ?? 0}`);
          return `${target}: ${parts.join(', ')} of ${kinds.totals[row] ?? 0}`;
        })
        .join('. '),
    },
    labels: kinds.targets,
    rowHeight: 46,
    min: 0,
    max: 100,
    interval: 20,
    axisName: '% of planned cells',
    formatTick: (value) => String(value),
    bars: kindBars(kinds),
  });
}

/** Characters per second, a group of bars per language and a bar per target; null when nothing was timed. */
export function speedPlot(rows: readonly SpeedRow[], targets: readonly string[]): string | null {
  const known = rows.filter((row) => row.language !== null && row.charsPerSecond.value !== null);
  const tags = [...new Set(known.map((row) => row.language ?? ''))];
  if (tags.length === 0) return null;
  const most = Math.max(
    ...known.map((row) => Math.max(row.charsPerSecond.high ?? 0, row.charsPerSecond.value ?? 0)),
  );
  const { end, interval } = scale(most);
  const thickness = 0.78 / targets.length;
  const place = (row: SpeedRow) => ({
    row: tags.indexOf(row.language ?? ''),
    offset: -0.39 + thickness * (targets.indexOf(row.target) + 0.5),
  });
  const describe = (row: SpeedRow) =>
    `${languageName(row.language ?? '').english}, ${row.target}: ${formatAmount(row.charsPerSecond.value)}`;
  return drawPlot({
    text: {
      id: 'speed',
      title: 'Characters per second by language and target',
      description: known.map(describe).join('. '),
    },
    labels: tags.map((tag) => languageName(tag).english),
    rowHeight: 14 + 15 * targets.length,
    min: 0,
    max: end,
    interval,
    axisName: 'characters per second, mean with 95 % interval',
    formatTick: (value) => String(value),
    bars: known.map((row) => ({
      ...place(row),
      from: 0,
      to: row.charsPerSecond.value ?? 0,
      thickness: thickness * 0.86,
      color: `var(--s-${targets.indexOf(row.target) % 6})`,
    })),
    whiskers: known.map((row) => ({
      ...place(row),
      at: row.charsPerSecond.value ?? 0,
      low: row.charsPerSecond.low === null ? null : Math.max(0, row.charsPerSecond.low),
      high: row.charsPerSecond.high,
      shape: 'none' as const,
      color: 'var(--ink)',
    })),
  });
}
