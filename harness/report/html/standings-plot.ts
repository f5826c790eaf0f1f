/** Quality, speed and memory of all targets in one picture, from the summary's numbers. */
import type { Standing, Standings } from '../../types.ts';
import { formatAmount, formatBytes, formatShare } from '../numbers.ts';
import { standingWords as words } from '../strings.ts';
import { scale } from './plots.ts';
import { drawScatter, type Mark } from './scatter-chart.ts';

/** Null with fewer than two targets that have both a score and a speed. */
export function standingsPlot(
  { rows, memoryOf }: Standings,
  memory: string,
  positionOf: (target: string) => number,
): string | null {
  const known = rows.filter(
    ({ score, charsPerSecond }) => score.value !== null && charsPerSecond.value !== null,
  );
  if (known.length < 2) return null;
  const most = Math.max(...known.map((row) => row.memory?.bytes ?? 0));
  const x = scale(
    Math.max(...known.map(({ charsPerSecond: { value, high } }) => Math.max(value ?? 0, high ?? 0))),
  );
  const y = shareScale(known);
  return drawScatter({
    text: {
      id: 'standings',
      title: memoryOf === null ? words.plotTitle : `${words.plotTitle}; ${words.area}: ${memory}`,
      description: known.map((row) => inWords(row, memory)).join('. '),
    },
    marks: known.map((row): Mark => {
      const { score, charsPerSecond } = row;
      return {
        name: row.target,
        x: { at: charsPerSecond.value ?? 0, low: charsPerSecond.low, high: charsPerSecond.high },
        y: { at: 100 * (score.value ?? 0), low: percentOf(score.low), high: percentOf(score.high) },
        area: memoryOf === null || most === 0 ? null : (row.memory?.bytes ?? 0) / most,
        color: `var(--t-${Math.max(0, positionOf(row.target)) % 6})`,
        isHollow: row.outdoneBy !== null && row.outdoneBy.length > 0,
      };
    }),
    x: { min: 0, max: x.end, interval: x.interval, name: words.speedAxis, formatTick: String },
    y: { ...y, name: words.qualityAxis, formatTick: String },
  });
}

const percentOf = (value: number | null): number | null => (value === null ? null : 100 * value);

/** Tens around all intervals, at least three of them: close scores are not blown up. */
function shareScale(rows: readonly Standing[]): {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
} {
  const ends = rows
    .flatMap(({ score: { value, low, high } }) => [value, low, high])
    .filter((end) => end !== null);
  let min = 10 * Math.floor(10 * Math.min(...ends));
  let max = Math.min(100, 10 * Math.ceil(10 * Math.max(...ends) - 1e-9));
  while (max - min < 30) {
    if (min > 0) min -= 10;
    else max += 10;
  }
  return { min, max, interval: max - min > 60 ? 20 : 10 };
}

function inWords({ target, score, charsPerSecond, memory, outdoneBy }: Standing, of: string): string {
  const held = memory === null ? '' : `, ${formatBytes(memory.bytes)} ${of}`;
  const front =
    outdoneBy === null
      ? ''
      : outdoneBy.length === 0
        ? `, ${words.onFront}`
        : `, ${words.behind} ${outdoneBy.join(', ')}`;
  return `${target}: score ${formatShare(score.value)}, ${formatAmount(charsPerSecond.value)} characters per second${held}${front}`;
}
