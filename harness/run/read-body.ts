/** Reads the body of a 2xx answer under its deadlines. The clock is read once per socket read, before anything else. */
import type { Allowance } from './allowance.ts';
import type { Clock } from './clock.ts';
import type { StopReason } from './failure.ts';
import type { Body } from './wire.ts';

/** After `[DONE]`, for the end of the body. */
const closeMs = 50;

export interface BodySink {
  /** True when the read carried output. */
  readonly onRead: (bytes: Buffer, at: number) => boolean;
  /** True once it is settled what the answer is, by its finish reason or by a fault: only the tail is awaited then. */
  readonly finished: () => boolean;
  /** True once nothing more is awaited: `[DONE]` came. */
  readonly closed: () => boolean;
}

export type BodyEnd =
  | { readonly kind: 'end' }
  | { readonly kind: 'stopped'; readonly reason: StopReason }
  | { readonly kind: 'tail' }
  | { readonly kind: 'broken'; readonly error: unknown };

interface Deadline {
  readonly at: number;
  readonly reason: StopReason | 'tail';
}

/** Resolves when the body has ended in whatever way; never rejects. `sentAt` is the clock when the request was written. */
export function readBody(
  body: Body,
  clock: Clock,
  sentAt: number,
  { timeouts, limits }: Allowance,
  sink: BodySink,
): Promise<BodyEnd> {
  return new Promise((resolve) => {
    let size = 0;
    let lastByte = sentAt;
    let lastContent: number | null = null;
    let finishedAt: number | null = null;
    let closing = false;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (end: BodyEnd): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      // A connection that was left in mid-answer is given up; one that is at its end went back to the pool.
      body.destroy();
      resolve(end);
    };
    const nearest = (): Deadline => {
      const total: Deadline = { at: sentAt + timeouts.totalMs, reason: 'timeout-total' };
      if (finishedAt !== null)
        return { at: Math.min(finishedAt + timeouts.tailMs, total.at), reason: 'tail' };
      const waits: Deadline[] =
        lastContent === null
          ? [{ at: sentAt + timeouts.firstContentMs, reason: 'timeout-first' }, total]
          : [
              { at: lastByte + timeouts.idleMs, reason: 'timeout-idle' },
              { at: lastContent + timeouts.contentIdleMs, reason: 'timeout-content' },
              total,
            ];
      return waits.reduce((a, b) => (b.at < a.at ? b : a));
    };
    // One timer, set again only when it fires: a busy stream costs no timers. It wakes often enough to meet the limits
    // that begin with the first content.
    const longestSleep = Math.min(timeouts.idleMs, timeouts.contentIdleMs);
    const watch = (): void => {
      const { at, reason } = nearest();
      const left = at - clock();
      if (left > 0) timer = setTimeout(watch, Math.min(left, longestSleep));
      else settle(reason === 'tail' ? { kind: 'tail' } : { kind: 'stopped', reason });
    };

    const onData = (bytes: Buffer, at: number): void => {
      if (settled) return;
      lastByte = at;
      size += bytes.length;
      if (size > limits.bodyBytes) {
        settle({ kind: 'stopped', reason: 'output-too-large' });
        return;
      }
      if (sink.onRead(bytes, at)) lastContent = at;
      const finished = finishedAt === null && sink.finished();
      if (finished) finishedAt = at;
      // Only here does the deadline come nearer; everywhere else it moves away, which the timer notices by itself.
      if (!closing && finished) {
        clearTimeout(timer);
        watch();
      }
      // The end of the body follows in a moment on an honest server: wait for it, so that the socket can be used again.
      if (!closing && sink.closed()) {
        closing = true;
        clearTimeout(timer);
        timer = setTimeout(() => settle({ kind: 'tail' }), closeMs);
      }
    };
    watch();
    body.read({
      onData,
      onEnd: () => settle({ kind: 'end' }),
      onBroken: (error) => settle({ kind: 'broken', error }),
    });
  });
}
