/** What one answer of a target is allowed: how long it may take, how large it may be, how it must end. */
import type { Limits, Target, Timeouts } from '../types.ts';

/** Streams are large where they carry log probabilities; one object is a message. */
export const defaultLimits: Limits = {
  headerBytes: 64 * 1024,
  eventBytes: 1024 * 1024,
  events: 200_000,
  bodyBytes: 64 * 1024 * 1024,
  objectBytes: 16 * 1024 * 1024,
};

/** A server that asks for a longer wait than this means a quota, not pressure. */
export const defaultRetryAfterMs = 120_000;

/** An endpoint that is down for longer ends the target; the run can be resumed. */
export const defaultOutageMs = 600_000;

export interface Allowance {
  readonly timeouts: Timeouts;
  readonly limits: Limits;
  /** An answer without a finish reason is none, whatever else says that it is over. */
  readonly strictFinish: boolean;
  /** The longest wait that may be asked for, in ms. */
  readonly maxRetryAfterMs: number;
}

export function allowanceOf(
  target: Pick<Target, 'timeouts' | 'limits' | 'strictFinish' | 'maxRetryAfterMs'>,
): Allowance {
  return {
    timeouts: target.timeouts,
    limits: { ...defaultLimits, ...target.limits },
    strictFinish: target.strictFinish ?? false,
    maxRetryAfterMs: target.maxRetryAfterMs ?? defaultRetryAfterMs,
  };
}
