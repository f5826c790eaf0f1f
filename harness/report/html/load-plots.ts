/** Throughput against concurrency, and the distributions of times, from the summary's numbers. */
import type { SpeedCurve, SpeedLevelRow, SpeedPhase } from '../../types.ts';
import { formatAmount, formatMs } from '../numbers.ts';
import { drawLines, type Line } from './line-chart.ts';
import { scale } from './plots.ts';

/** Lines are told apart without colours too. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 4], [1, 4]];

const colorOf = (position: number): string => `var(--t-${Math.max(0, position) % 6})`;
const dashOf = (position: number): readonly number[] => dashes[Math.max(0, position) % dashes.length] ?? [];

type PositionOf = (target: string) => number;

/**
 * Throughput over requests in flight, a line per target of each series, as a multiple of the target's own at its lowest
 * level: tokens of two tokenizers never share an axis. Null with fewer than two levels.
 */
export function throughputPlot(phase: SpeedPhase, positionOf: PositionOf): string | null {
  const rows = phase.levels.filter(
    (row) => row.load.kind === 'closed' && (row.tokensPerSecond.value ?? 0) > 0,
  );
  const levels = new Set(rows.map(concurrencyOf));
  if (levels.size < 2) return null;
  const names = [...new Set(rows.map(lineName))];
  const lowest = new Map(names.map((name) => [name, rows.find((row) => lineName(row) === name)]));
  const multiple: Multiple = (row) =>
    (row.tokensPerSecond.value ?? 0) / (lowest.get(lineName(row))?.tokensPerSecond.value ?? 1);
  const x = scale(Math.max(...levels));
  const y = scale(Math.max(...rows.map(multiple)));
  return drawLines({
    text: {
      id: 'throughput',
      title: 'Throughput of each target against requests in flight, as a multiple of its own lowest level',
      description: rows
        .map(
          (row) =>
            `${row.target}, ${concurrencyOf(row)} in flight: ${formatAmount(multiple(row))} times its lowest level, ${formatAmount(row.tokensPerSecond.value)} of its tokens/s${row.doubt === null ? '' : ` (${row.doubt})`}`,
        )
        .join('. '),
    },
    lines: names.flatMap((name) => {
      const own = rows.filter((row) => lineName(row) === name);
      return linesOf(own, multiple, positionOf(own[0]?.target ?? ''));
    }),
    stretches: [],
    xMax: x.end,
    xInterval: x.interval,
    xName: 'requests in flight',
    yMax: y.end,
    yInterval: y.interval,
    formatTick: (value) => `${value}\u00d7`,
  });
}

type Multiple = (row: SpeedLevelRow) => number;

const lineName = ({ series, target }: SpeedLevelRow): string => `${series}\u0000${target}`;

function concurrencyOf(row: SpeedLevelRow): number {
  return row.load.kind === 'closed' ? row.load.concurrency : 0;
}

/** The whole, and below it in dots what of it met the objectives. */
function linesOf(rows: readonly SpeedLevelRow[], multiple: Multiple, position: number): Line[] {
  const points = rows.map((row): readonly [number, number] => [concurrencyOf(row), multiple(row)]);
  const whole: Line = {
    stretches: [points],
    color: colorOf(position),
    dash: dashOf(position),
    // Rings: the client's own doing.
    marks: points.filter((_point, at) => rows[at]?.doubt !== null),
  };
  const good = rows.flatMap((row): (readonly [number, number])[] => {
    const share = goodShare(row);
    return share === null ? [] : [[concurrencyOf(row), multiple(row) * share]];
  });
  return good.length < 2 ? [whole] : [whole, { ...whole, stretches: [good], dash: [1, 3], marks: [] }];
}

function goodShare({ goodput, requestsPerSecond }: SpeedLevelRow): number | null {
  if (goodput === null || goodput.value === null || requestsPerSecond.value === null) return null;
  return requestsPerSecond.value === 0 ? null : goodput.value / requestsPerSecond.value;
}

/** Of answers, the share that was there within a time; null where nothing was timed often enough. */
export function curvePlot(
  curves: readonly SpeedCurve[],
  metric: SpeedCurve['metric'],
  positionOf: PositionOf,
): string | null {
  const own = curves.filter((curve) => curve.metric === metric);
  if (own.length === 0) return null;
  const x = scale(Math.max(...own.map((curve) => shownTo(curve.valuesMs))));
  const name = metric === 'ttftMs' ? 'TTFT' : 'total time';
  return drawLines({
    text: {
      id: `curve-${metric}`,
      title: `Share of answers within a ${name}`,
      description: own
        .map(
          ({ target, n, valuesMs }) =>
            `${target}: half within ${formatMs(valuesMs[Math.floor(valuesMs.length / 2)] ?? null)}, nine in ten within ${formatMs(valuesMs[Math.floor(0.9 * valuesMs.length)] ?? null)}, ${n} answers`,
        )
        .join('. '),
    },
    lines: own.map(({ target, valuesMs }): Line => ({
      stretches: [
        valuesMs.flatMap((value, at): (readonly [number, number])[] =>
          value <= x.end ? [[value, (100 * (at + 0.5)) / valuesMs.length]] : [],
        ),
      ],
      color: colorOf(positionOf(target)),
      dash: dashOf(positionOf(target)),
      marks: [],
    })),
    stretches: [],
    xMax: x.end,
    xInterval: x.interval,
    xName: `${name}, ms`,
    yMax: 100,
    yInterval: 25,
    formatTick: (value) => `${value}\u00a0%`,
  });
}

/** The last few of a hundred may be ten times as long as all others: the axis ends before them. */
function shownTo(valuesMs: readonly number[]): number {
  return valuesMs[Math.floor(0.98 * (valuesMs.length - 1))] ?? 0;
}
