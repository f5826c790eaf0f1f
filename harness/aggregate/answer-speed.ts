/** Speed, answer by answer. */
import type { Sample, Times } from '../types.ts';
import { isSteady, timesOf, tokensOf } from './times.ts';

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
