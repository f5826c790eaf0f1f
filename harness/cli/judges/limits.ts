/** What one step of a judge may take, and the clock that says when it has taken it. */
import type { Position } from './watch.ts';

export interface JudgeLimits {
  /** For a check on one answer, and as much for compiling its schema. */
  readonly checkMs: number;
  /** JavaScript heap of a judge. */
  readonly heapMb: number;
}

export const judgeLimits: JudgeLimits = { checkMs: 5000, heapMb: 512 };

/** Times the limit may be overrun by the clock on the wall while the process gets no processor time. */
const starvedTimes = 10;

/** Processor time of the process and time on the wall, ms since any moment. */
export interface Instant {
  readonly cpuMs: number;
  readonly wallMs: number;
}

export function now(): Instant {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() };
}

/**
 * A clock for one job, told from time to time where the judge is; returns why it must be ended, or null. A busy machine
 * is not the check's fault: what counts of each interval is the processor time the process got, at most the interval.
 */
export function stepClock(
  { checkMs }: JudgeLimits,
  start: Instant,
): (at: Position, now: Instant) => string | null {
  let last = start;
  let current = '';
  let cpuMs = 0;
  let wallMs = 0;
  return ({ step, phase }, instant) => {
    const wall = instant.wallMs - last.wallMs;
    const cpu = Math.min(wall, instant.cpuMs - last.cpuMs);
    last = instant;
    const key = `${step} ${phase}`;
    if (key !== current) {
      current = key;
      cpuMs = 0;
      wallMs = 0;
      return null;
    }
    cpuMs += cpu;
    wallMs += wall;
    if (cpuMs < checkMs && wallMs < checkMs * starvedTimes) return null;
    return `${doing({ step, phase })} took longer than ${checkMs / 1000} s`;
  };
}

/** What a judge there is about, as the subject of a sentence. */
export function doing({ step, phase }: Position): string {
  return phase === 'preparing' && step !== null ? 'compiling the schema' : 'the check';
}
