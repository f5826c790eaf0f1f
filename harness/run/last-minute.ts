/** Two counts over the last minute, kept by the second: a list of every request would cost more than the requests. */

const seconds = 60;

export class LastMinute {
  private readonly all = Array.from({ length: seconds }, () => 0);
  private readonly marked = Array.from({ length: seconds }, () => 0);
  private newest = Number.NEGATIVE_INFINITY;

  /** Counts one thing at `now` (ms), marked or not. */
  add(now: number, isMarked: boolean): void {
    const slot = this.advance(now);
    this.all[slot] = (this.all[slot] ?? 0) + 1;
    if (isMarked) this.marked[slot] = (this.marked[slot] ?? 0) + 1;
  }

  totals(now: number): { readonly all: number; readonly marked: number } {
    this.advance(now);
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    return { all: sum(this.all), marked: sum(this.marked) };
  }

  clear(): void {
    this.all.fill(0);
    this.marked.fill(0);
  }

  /** Empties the seconds that have passed since the last call; gives the slot of `now`. */
  private advance(now: number): number {
    const second = Math.floor(now / 1000);
    if (second - this.newest >= seconds) this.clear();
    else for (let at = this.newest + 1; at <= second; at += 1) this.empty(at % seconds);
    this.newest = Math.max(this.newest, second);
    return this.newest % seconds;
  }

  private empty(slot: number): void {
    this.all[slot] = 0;
    this.marked[slot] = 0;
  }
}
