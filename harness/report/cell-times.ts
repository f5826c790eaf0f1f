/** The times of one answer, from its clock points. Only a complete answer has times. */
import type { Sample } from '../types.ts';

export interface CellTimes {
  /** First output minus request head sent; null when nothing was streamed. */
  readonly ttftMs: number | null;
  /** Last output minus request head sent; to the end of the body when the answer was not streamed. */
  readonly e2eMs: number | null;
  /** Time per output token after the first; null below two tokens or where the stream tells nothing about it. */
  readonly tpotMs: number | null;
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.round((to - from) * 1000) / 1000;
}

/** Times in ms with 3 decimals, null = never happened. */
export function cellTimes(sample: Sample | null): CellTimes {
  if (sample === null || sample.status !== 'ok') return { ttftMs: null, e2eMs: null, tpotMs: null };
  const { timing, usage, flags } = sample;
  const streamed = !flags.includes('not-streamed');
  const hidden = sample.reasoningChars === 0 ? (usage.reasoning ?? 0) : 0;
  const tokens = usage.source === 'none' || usage.completion === null ? 0 : usage.completion - hidden;
  const steady = streamed && !flags.includes('fake-stream') && tokens >= 2;
  const decode = steady ? between(timing.tOut1, timing.tLast) : null;
  return {
    ttftMs: streamed ? between(timing.t0, timing.tOut1) : null,
    e2eMs: between(timing.t0, streamed ? timing.tLast : timing.tDone),
    tpotMs: decode === null ? null : Math.round((decode / (tokens - 1)) * 1000) / 1000,
  };
}
