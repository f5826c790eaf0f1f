/**
 * How fast, from the clock points of the answers that count. Answers that needed a second attempt leave the times: the
 * wait before it is no property of the model. So do those that came while this process could not keep the time.
 */
import type { LanguageTag, Quantiles, Sample, SpeedRow, Stat, Times } from '../types.ts';
import { groupBy } from './grouping.ts';
import type { JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import { amountStat } from './stat.ts';
import type { Clustered } from './stats/clustered.ts';
import { median, quantile } from './stats/quantile.ts';
import { isSteady, isUndisturbed, timesOf, tokensOf } from './times.ts';

/** Fewer values than this do not tell a percentile. */
export const fewestFor = { p50: 1, p90: 20, p95: 40, p99: 200 } as const;

/** What one answer says about speed; ms, null = unknown or never happened. */
export interface AnswerSpeed {
  /** Request head on the socket to the first text, reasoning or tool call. */
  readonly ttftMs: number | null;
  /** Request head on the socket to the last event with output; to the end of the body when nothing was streamed. */
  readonly e2eMs: number | null;
  /** Per output token after the first. Holds no TTFT. */
  readonly tpotMs: number | null;
  /** Request head on the socket to the first event, whatever it held. */
  readonly ttfeMs: number | null;
  /** Request head on the socket to the first text of the answer itself. */
  readonly ttaMs: number | null;
  /** Waited on this side before the request was on the socket. */
  readonly queueMs: number | null;
  /** Completion tokens by the server's count, reasoning included. */
  readonly outputTokens: number | null;
  readonly charsPerSecond: number | null;
  /** UTF-8; answer, reasoning and tool arguments. */
  readonly bytesPerSecond: number | null;
  readonly tokensPerSecond: number | null;
  readonly tokensPerChar: number | null;
}

/** Speed of an answered sample; `times` are its own, where they are known already. */
export function answerSpeed(sample: Sample, times: Times = timesOf(sample)): AnswerSpeed {
  const { answerChars } = sample;
  const { ttftMs, e2eMs, tpotMs, ttfeMs, ttaMs, queueMs } = times;
  const steady = isSteady(sample);
  const seconds = e2eMs === null || e2eMs <= 0 ? null : e2eMs / 1000;
  const tokens = tokensOf(sample);
  return {
    ttftMs: steady ? ttftMs : null,
    e2eMs,
    tpotMs,
    ttfeMs,
    ttaMs: steady ? ttaMs : null,
    queueMs,
    outputTokens: tokens,
    charsPerSecond: seconds === null || answerChars === 0 ? null : answerChars / seconds,
    bytesPerSecond: seconds === null || sample.bytes === 0 ? null : sample.bytes / seconds,
    tokensPerSecond: seconds === null || tokens === null ? null : tokens / seconds,
    tokensPerChar: fertility(sample, tokens),
  };
}

/** Tokens per character of the answer: only where every counted token belongs to the answer's text. */
function fertility(
  { answerChars, reasoningChars, usage, outcome }: Sample,
  tokens: number | null,
): number | null {
  if (tokens === null || answerChars === 0) return null;
  if (outcome.kind === 'answered' && outcome.toolCalls.length > 0) return null;
  if (reasoningChars > 0 && usage.reasoning === null) return null;
  const ofText = tokens - (usage.reasoning ?? 0);
  return ofText < 1 ? null : ofText / answerChars;
}

interface Measured extends AnswerSpeed {
  /** Median gap between two reads with output. */
  readonly iclMs: number | null;
  readonly language: LanguageTag;
  readonly cluster: string;
  readonly retried: boolean;
  readonly tainted: boolean;
}

/**
 * Rows of every target: over all languages, then per language. In each figure n + missing is the number of planned
 * cells in scope; unanswered cells, retried and tainted ones (in times) and values that do not exist are missing.
 */
export function speedRows(axes: Axes, rows: readonly JoinedRow[]): SpeedRow[] {
  const byTarget = groupBy(rows, (row) => row.cell.target);
  // Target by target: what was measured on one is let go before the next.
  return axes.targets.flatMap((target) => speedOf(target, axes, byTarget.get(target) ?? []));
}

function speedOf(target: string, { languages }: Axes, rows: readonly JoinedRow[]): SpeedRow[] {
  const plannedIn = new Map(
    [...groupBy(rows, (row) => row.cell.language)].map(([tag, own]) => [tag, own.length]),
  );
  const answers = rows.flatMap((row) => measure(row) ?? []);
  const answersIn = groupBy(answers, (answer) => answer.language);
  const perLanguage = languages.flatMap((language) => {
    const planned = plannedIn.get(language);
    return planned === undefined ? [] : [speedRow(target, language, planned, answersIn.get(language) ?? [])];
  });
  return rows.length === 0 ? [] : [speedRow(target, null, rows.length, answers), ...perLanguage];
}

function measure(row: JoinedRow): Measured | null {
  if (row.sample?.outcome.kind !== 'answered') return null;
  return {
    ...answerSpeed(row.sample, row.times),
    iclMs: medianGap(row.sample),
    language: row.cell.language,
    cluster: row.names.cluster,
    retried: row.sample.attempt > 1,
    tainted: !isUndisturbed(row.sample),
  };
}

function medianGap(sample: Sample): number | null {
  const { iclMs } = sample;
  return isSteady(sample) && iclMs.length > 0 ? median(iclMs) : null;
}

function speedRow(
  target: string,
  language: LanguageTag | null,
  planned: number,
  answers: readonly Measured[],
): SpeedRow {
  const timed = answers.filter((answer) => !answer.retried && !answer.tainted);
  const stat = (of: readonly Measured[], pick: (answer: Measured) => number | null, unit: string): Stat => {
    const values: Clustered[] = [];
    for (const answer of of) {
      const value = pick(answer);
      if (value !== null) values.push({ cluster: answer.cluster, value });
    }
    return amountStat(values, { missing: planned - values.length, unit });
  };
  const times = (pick: (answer: Measured) => number | null): Quantiles =>
    quantilesOf(timed.map(pick), planned);
  return {
    target,
    language,
    ttftMs: times((answer) => answer.ttftMs),
    e2eMs: times((answer) => answer.e2eMs),
    tpotMs: times((answer) => answer.tpotMs),
    ttfeMs: times((answer) => answer.ttfeMs),
    ttaMs: times((answer) => answer.ttaMs),
    queueMs: times((answer) => answer.queueMs),
    iclMs: times((answer) => answer.iclMs),
    outputTokens: stat(answers, (answer) => answer.outputTokens, 'tokens'),
    charsPerSecond: stat(timed, (answer) => answer.charsPerSecond, 'chars/s'),
    bytesPerSecond: stat(timed, (answer) => answer.bytesPerSecond, 'bytes/s'),
    tokensPerSecond: stat(timed, (answer) => answer.tokensPerSecond, 'tokens/s'),
    tokensPerChar: stat(answers, (answer) => answer.tokensPerChar, 'tokens/char'),
    retried: answers.filter((answer) => answer.retried).length,
    tainted: answers.filter((answer) => answer.tainted && !answer.retried).length,
  };
}

/** Percentiles in ms of the values that exist; `planned` is how many there should be. */
export function quantilesOf(values: readonly (number | null)[], planned: number): Quantiles {
  const sorted = Float64Array.from(values.filter((value) => value !== null)).sort();
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
