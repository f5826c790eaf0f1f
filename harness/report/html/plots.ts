/** The kinds of charts on the page, from the summary's numbers. */
import type { CellKind, Comparison, Label, SpeedRow } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { formatAmount, formatPoints, formatPointsInterval } from '../numbers.ts';
import { kindWords, labelWords } from '../strings.ts';
import type { Block } from '../view/blocks.ts';
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

/** A share of every bar: what it is, and how often it occurs in each of them. */
interface Layer {
  readonly word: string;
  readonly kind: CellKind;
  readonly counts: readonly number[];
}

interface Stack {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly axisName: string;
  readonly labels: readonly string[];
  readonly totals: readonly number[];
  readonly layers: readonly Layer[];
}

function stackBars({ labels, totals, layers }: Stack): Bar[] {
  return labels.flatMap((_label, row) => {
    const total = totals[row] ?? 0;
    let from = 0;
    return layers.flatMap(({ kind, counts }): Bar[] => {
      const count = counts[row] ?? 0;
      if (count === 0 || total === 0) return [];
      const to = from + (100 * count) / total;
      const text = String(count);
      const bar = { row, offset: 0, from, to, thickness: 0.62, color: `var(--k-${kind})`, text };
      from = to;
      return [bar];
    });
  });
}

/** Bars of 100 %, one per label, cut into what became of its parts. */
function stackPlot(stack: Stack): string {
  const { id, title, labels, totals, layers, axisName } = stack;
  const inWords = labels.map((label, row) => {
    const parts = layers.map(({ word, counts }) => `${word} ${counts[row] ?? 0}`);
    return `${label}: ${parts.join(', ')} of ${totals[row] ?? 0}`;
  });
  return drawPlot({
    text: { id, title, description: inWords.join('. ') },
    labels,
    rowHeight: 46,
    min: 0,
    max: 100,
    interval: 20,
    axisName,
    formatTick: (value) => String(value),
    bars: stackBars(stack),
  });
}

/** What became of the planned cells, a stacked bar per target. */
export function kindsPlot(kinds: KindsView): string {
  return stackPlot({
    id: 'kinds',
    title: 'What became of the planned cells of each target',
    axisName: '% of planned cells',
    labels: kinds.targets,
    totals: kinds.totals,
    layers: kinds.lines.map(({ kind, counts }) => ({ word: kindWords[kind].word, kind, counts })),
  });
}

/** What checks of one kind saw, a stacked bar per target. */
export function blockPlot({ id, chart, axis, targets, outcomes, totals }: Block): string {
  return stackPlot({
    id: `seen-${id}`,
    title: chart,
    axisName: axis,
    labels: targets,
    totals: totals.map(({ n }) => n),
    layers: outcomes.map(({ word, color }, at) => ({
      word,
      kind: color,
      counts: totals.map(({ counts }) => counts[at] ?? 0),
    })),
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
