/**
 * How many requests an endpoint gets at once, and when: what it asks for by 429, and by 503 or 529 with a time. Pure:
 * times in ms are handed in.
 */

const firstCut = 0.5;
const laterCut = 0.8;
const betweenCutsMs = 15_000;
const growth = 0.05;
/** Growth needs to be shown to be of use: the limit was nearly reached. */
const reached = 0.8;
/** Under pressure and without one answer for so long, the endpoint will not have us today. */
export const patienceMs = 600_000;

export class Flow {
  /** Requests in flight at most, from 1 to the target's own concurrency. */
  limit: number;
  /** No request before this time. */
  coolUntil = 0;
  private readonly most: number;
  private cuts = 0;
  private lastCut = Number.NEGATIVE_INFINITY;
  private clean = 0;
  private peak = 0;
  private pressedSince: number | null = null;

  constructor(concurrency: number) {
    this.most = concurrency;
    this.limit = concurrency;
  }

  /** The endpoint asked for patience. `waitMs`: for how long. `rate`: it was a 429, which also lowers the limit. */
  pressed(now: number, waitMs: number, rate: boolean): void {
    this.pressedSince ??= now;
    this.coolUntil = Math.max(this.coolUntil, now + waitMs);
    this.clean = 0;
    if (!rate || now - this.lastCut < betweenCutsMs || this.limit === 1) return;
    this.limit = Math.max(1, Math.floor(this.limit * (this.cuts === 0 ? firstCut : laterCut)));
    this.lastCut = now;
    this.cuts += 1;
    this.peak = 0;
  }

  /** Somebody was answered: the endpoint has not put everybody off. */
  relieved(): void {
    this.pressedSince = null;
  }

  /** A first attempt was answered while `inFlight` were under way. */
  answered(now: number, inFlight: number): void {
    this.relieved();
    if (now < this.coolUntil) return;
    this.clean += 1;
    this.peak = Math.max(this.peak, inFlight);
    if (this.clean < Math.max(this.limit, 4)) return;
    if (this.limit < this.most && this.peak >= reached * this.limit) {
      this.limit = Math.min(this.most, this.limit + Math.max(1, Math.floor(this.limit * growth)));
    }
    this.clean = 0;
    this.peak = 0;
  }

  /** Faults of another kind stop growth and cut nothing. */
  faulted(): void {
    this.clean = 0;
  }

  /** Whether the endpoint has put us off for longer than anybody should wait. */
  outOfPatience(now: number): boolean {
    return this.pressedSince !== null && now - this.pressedSince > patienceMs;
  }
}
