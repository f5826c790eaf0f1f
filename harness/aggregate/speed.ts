/**
 * How fast, from the clock points of the answers that count. Answers that needed a second attempt leave the times: the
 * wait before it is no property of the model. So do those that came while this process could not keep the time.
 */
import type { Quantiles, SpeedRow, Stat } from '../types.ts';
import { groupBy } from './grouping.ts';
import type { JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import { SpeedColumns, type SpeedFigure } from './speed-columns.ts';
import { amountStat } from './stat.ts';
import { quantile } from './stats/quantile.ts';

/** Fewer values than this do not tell a percentile. */
export const fewestFor = { p50: 1, p90: 20, p95: 40, p99: 200 } as const;

/**
 * Rows of every target: over all languages, then per language. In each figure n + missing is the number of planned
 * cells in scope; unanswered cells, retried and tainted ones (in times) and values that do not exist are missing.
 */
export function speedRows(axes: Axes, rows: readonly JoinedRow[]): SpeedRow[] {
  const byTarget = groupBy(rows, (row) => row.cell.target);
  // Target by target: what was measured of one is let go before the next.
  return axes.targets.flatMap((target) => speedOf(target, axes, byTarget.get(target) ?? []));
}

function speedOf(target: string, { languages }: Axes, rows: readonly JoinedRow[]): SpeedRow[] {
  const answered = rows.filter(({ sample }) => sample?.outcome.kind === 'answered');
  const answers = new SpeedColumns(answered);
  const all = [...answered.keys()];
  const places = groupBy(all, (at) => answered[at]?.cell.language ?? '');
  const planned = groupBy(rows, (row) => row.cell.language);
  return [null, ...languages].flatMap((language) => {
    const scope = language === null ? rows : (planned.get(language) ?? []);
    if (scope.length === 0) return [];
    const own = language === null ? all : (places.get(language) ?? []);
    return [speedRow({ target, language, planned: scope.length, answers, own })];
  });
}

interface Scoped extends Pick<SpeedRow, 'target' | 'language'> {
  readonly planned: number;
  readonly answers: SpeedColumns;
  /** Those of the answers that are in scope. */
  readonly own: readonly number[];
}

function speedRow({ target, language, planned, answers, own }: Scoped): SpeedRow {
  const timed = own.filter((at) => answers.isTimed(at));
  const stat = (of: readonly number[], figure: SpeedFigure, unit: string): Stat => {
    const values = answers.clustered(figure, of);
    return amountStat(values, { missing: planned - values.length, unit });
  };
  const times = (figure: SpeedFigure): Quantiles => quantilesIn(answers.known(figure, timed), planned);
  return {
    target,
    language,
    ttftMs: times('ttftMs'),
    e2eMs: times('e2eMs'),
    tpotMs: times('tpotMs'),
    ttfeMs: times('ttfeMs'),
    ttaMs: times('ttaMs'),
    queueMs: times('queueMs'),
    iclMs: times('iclMs'),
    outputTokens: stat(own, 'outputTokens', 'tokens'),
    charsPerSecond: stat(timed, 'charsPerSecond', 'chars/s'),
    bytesPerSecond: stat(timed, 'bytesPerSecond', 'bytes/s'),
    tokensPerSecond: stat(timed, 'tokensPerSecond', 'tokens/s'),
    tokensPerChar: stat(own, 'tokensPerChar', 'tokens/char'),
    retried: own.filter((at) => answers.isRetried(at)).length,
    tainted: own.filter((at) => !answers.isRetried(at) && !answers.isTimed(at)).length,
  };
}

/** Percentiles in ms of the values that exist; `planned` is how many there should be. */
export function quantilesOf(values: readonly (number | null)[], planned: number): Quantiles {
  return quantilesIn(Float64Array.from(values.filter((value) => value !== null)), planned);
}

/** Sorts `values` in place. */
function quantilesIn(values: Float64Array, planned: number): Quantiles {
  const sorted = values.sort();
  const n = sorted.length;
  const at = (name: keyof typeof fewestFor, q: number): number | null =>
    n < fewestFor[name] ? null : quantile(sorted, q);
  return {
    p50: at('p50', 0.5),
    p90: at('p90', 0.9),
    p95: at('p95', 0.95),
    p99: at('p99', 0.99),
    n,
    missing: planned - n,
    unit: 'ms',
  };
}
