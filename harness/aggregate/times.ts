/** The times of one attempt, from its clock points. A pure reading of one record, the only place with these formulas. */
import type { Sample, Times } from '../types.ts';

const nothing: Times = {
  connectMs: null,
  queueMs: null,
  ttfeMs: null,
  ttftMs: null,
  ttaMs: null,
  e2eMs: null,
  tpotMs: null,
};

/** Times in ms with 3 decimals. Everything is null for an attempt without a complete answer. */
export function timesOf(sample: Sample | null): Times {
  if (sample === null || sample.status !== 'ok') return nothing;
  const { timing } = sample;
  const streamed = !sample.flags.includes('not-streamed');
  const fromHead = (to: number | null): number | null => (streamed ? between(timing.t0, to) : null);
  const tokens = streamedTokens(sample);
  const decode = isSteady(sample) ? between(timing.tOut1, timing.tLast) : null;
  return {
    connectMs: between(timing.tCall, timing.t0),
    queueMs: between(timing.tSched, timing.t0),
    ttfeMs: fromHead(timing.tEvt1),
    ttftMs: fromHead(timing.tOut1),
    ttaMs: fromHead(timing.tAns1),
    e2eMs: between(timing.t0, streamed ? timing.tLast : timing.tDone),
    tpotMs: decode === null || tokens < 2 ? null : round(decode / (tokens - 1)),
  };
}

/**
 * Whether the pieces of the stream came when the server made them. A proxy that held them back and let them go at once
 * has lost that; so has one that packed them. Such times stay in the record and out of every distribution.
 */
export function isSteady({ flags }: Sample): boolean {
  return !['not-streamed', 'fake-stream', 'compressed'].some((flag) => flags.includes(flag));
}

/** False: this process was blocked, or the machine slept, while the answer came: its times are not the server's. */
export function isUndisturbed({ flags }: Sample): boolean {
  return !flags.includes('tainted');
}

/** Whether an answer's times are those of its server and may stand in a distribution: the first attempt, left in peace. */
export function isTimed(sample: Sample): boolean {
  return sample.outcome.kind === 'answered' && sample.attempt === 1 && isUndisturbed(sample);
}

/** Completion tokens by the server's count; null where it does not count: no tokens for a text is such a server. */
export function tokensOf({ usage }: Sample): number | null {
  return usage.source === 'none' || usage.completion === null || usage.completion < 1
    ? null
    : usage.completion;
}

/** Tokens whose text came down the stream: reasoning that was counted and never sent is left out. */
function streamedTokens(sample: Sample): number {
  const hidden = sample.reasoningChars === 0 ? (sample.usage.reasoning ?? 0) : 0;
  return (tokensOf(sample) ?? 0) - hidden;
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : round(to - from);
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
