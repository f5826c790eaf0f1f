/**
 * Stops asking an endpoint that is down, and asks one small thing from time to time until it is back. Pure: times in ms
 * are handed in.
 */
import type { Sample } from '../types.ts';
import { LastMinute } from './last-minute.ts';

const connectionsInARow = 5;
const failuresInARow = 20;
const windowCalls = 40;
const windowShare = 0.5;
const firstPauseMs = 15_000;
const longestPauseMs = 300_000;

/** What an attempt says about the endpoint: it answered (if only with a refusal), or it could not be reached or broke. */
export type Evidence = 'alive' | 'unreachable' | 'broken';

/** An HTTP status below 500 is an endpoint at work; 5xx, cut streams and silence are not. */
export function evidenceOf(sample: Sample): Evidence {
  if (sample.outcome.kind === 'answered') return 'alive';
  const { status, code, http } = sample.outcome.failure;
  if (status === 'connect-failed' || code === 'timeout-connect') return 'unreachable';
  if (status === 'connection-lost' || status === 'timeout' || status === 'incomplete') return 'broken';
  return http !== null && http < 500 ? 'alive' : 'broken';
}

export class Breaker {
  private unreachable = 0;
  private failed = 0;
  private readonly recent = new LastMinute();
  private pauseMs = firstPauseMs;
  private openedAt: number | null = null;
  private nextProbeAt = 0;

  /** Since when the endpoint has been taken for down, or null while it is asked. */
  get openSince(): number | null {
    return this.openedAt;
  }

  /** When the next small question is due; meaningful while open. */
  get probeAt(): number {
    return this.nextProbeAt;
  }

  /** Share of the last minute's attempts that were lost, 0..1. */
  lostShare(now: number): number {
    const { all, marked } = this.recent.totals(now);
    return all === 0 ? 0 : marked / all;
  }

  learn(evidence: Evidence, now: number): void {
    // What was in flight when it opened says nothing new.
    if (this.openedAt !== null) return;
    const ok = evidence === 'alive';
    this.unreachable = evidence === 'unreachable' ? this.unreachable + 1 : 0;
    this.failed = ok ? 0 : this.failed + 1;
    this.recent.add(now, !ok);
    if (ok) return;
    const { all, marked: lost } = this.recent.totals(now);
    const mostlyLost = all >= windowCalls && lost > windowShare * all;
    if (this.unreachable >= connectionsInARow || this.failed >= failuresInARow || mostlyLost) this.open(now);
  }

  open(now: number): void {
    this.openedAt ??= now;
    this.nextProbeAt = now + this.pauseMs;
  }

  /** The small question was asked. */
  probed(ok: boolean, now: number): void {
    if (ok) {
      this.openedAt = null;
      this.unreachable = 0;
      this.failed = 0;
      this.recent.clear();
      this.pauseMs = firstPauseMs;
      return;
    }
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
    this.nextProbeAt = now + this.pauseMs;
  }
}
