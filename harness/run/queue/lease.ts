/**
 * How long a worker may go on with a job. The queue gives a job to another when its lock has run out; who could not renew
 * it in time has to end the call before that, so that no two are in flight for one slot. Pure: times in ms are handed in.
 */

/** The renewal was seen here a moment after it was made there. */
const safeShare = 0.9;

export class Leases {
  private readonly until = new Map<string, number>();
  private readonly ms: number;

  constructor(lockMs: number) {
    this.ms = safeShare * lockMs;
  }

  /** A job was taken, or its lock renewed. */
  renew(key: string, now: number): void {
    this.until.set(key, now + this.ms);
  }

  /** Renews those that are still held. */
  renewAll(keys: readonly string[], now: number): void {
    for (const key of keys) if (this.until.has(key)) this.renew(key, now);
  }

  release(key: string): void {
    this.until.delete(key);
  }

  /** The jobs that are this worker's no longer. */
  overdue(now: number): string[] {
    return [...this.until].flatMap(([key, until]) => (now >= until ? [key] : []));
  }
}
