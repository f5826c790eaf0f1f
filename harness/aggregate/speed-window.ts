/** Rates over a stretch of time: what was sent within it, whatever of it belongs to answers that began before or ended after. */
import type { BlockReading, Objectives, Sample } from '../types.ts';
import { isSteady, timesOf, tokensOf } from './times.ts';

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** Its last moment is its own: nothing comes after it. Else it belongs to what follows. */
  readonly closed: boolean;
}

function holds({ fromMs, toMs, closed }: Window, time: number): boolean {
  return time >= fromMs && (time < toMs || (closed && time === toMs));
}

/**
 * While a closed loop is full: from the moment its limit was reached to the moment nothing was left to start. An open
 * loop, and one that never was full, has none.
 */
export function steadyWindow({ fullMs, emptyMs }: BlockReading): Window | null {
  return fullMs === null || emptyMs <= fullMs ? null : { fromMs: fullMs, toMs: emptyMs, closed: false };
}

/** From the first request on the socket to the last output, what runs out at the end included; null without an answer. */
export function wholeWindow(samples: readonly Sample[]): Window | null {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { timing } of samples) {
    if (timing.t0 !== null) fromMs = Math.min(fromMs, timing.t0);
    if (timing.tLast !== null) toMs = Math.max(toMs, timing.tLast);
  }
  return toMs > fromMs ? { fromMs, toMs, closed: true } : null;
}

/**
 * Completion tokens that came within the window; null where the server did not count. An answer's tokens are spread over
 * its reads evenly: how many each one held, nobody says.
 */
export function tokensWithin(sample: Sample, window: Window): number | null {
  if (sample.status !== 'ok') return 0;
  const tokens = tokensOf(sample);
  if (tokens === null) return null;
  const { tOut1, tLast } = sample.timing;
  if (tOut1 === null || !isSteady(sample)) return tLast !== null && holds(window, tLast) ? tokens : 0;
  let time = tOut1;
  let within = holds(window, time) ? 1 : 0;
  for (const gap of sample.iclMs) {
    time += gap;
    if (holds(window, time)) within += 1;
  }
  return (tokens * within) / (sample.iclMs.length + 1);
}

/** Complete answers whose last output came within the window: the end that frees the slot for the last start is in it. */
export function endsWithin({ status, timing: { tLast } }: Sample, { fromMs, toMs }: Window): boolean {
  return status === 'ok' && tLast !== null && tLast > fromMs && tLast <= toMs;
}

/** Whether an answer met every objective; a time that is not known met none. */
export function meets(sample: Sample, { ttftMs, tpotMs, e2eMs }: Objectives): boolean {
  const times = timesOf(sample);
  return (
    [
      [times.ttftMs, ttftMs],
      [times.tpotMs, tpotMs],
      [times.e2eMs, e2eMs],
    ] as const
  ).every(([time, most]) => most === null || (time !== null && time <= most));
}
