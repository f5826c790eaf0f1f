/**
 * When this process could not do what it should: its event loop was blocked, the machine slept, or somebody set the
 * clock. What a sample says of time is not the server's doing then. Pure: times in ms are handed in.
 */

/** Between two looks; the loop is told blocked from four fifths of `blockedMs` on, and always at `blockedMs`. */
export const lookEveryMs = 20;
const blockedMs = 100;
/** The clock on the wall and the one that only runs may drift apart by the cares of a time server, not by this. */
const steppedMs = 2000;
/** A run of a day on a machine that stutters all along. */
const mostSpans = 100_000;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Hears of more than two seconds that nobody looked. `onWall`: only the clock on the wall says so, and it may have been set. */
export type OnPause = (ms: number, onWall: boolean) => void;

export class Disturbances {
  private lookedAt: number;
  private offset: number;
  private readonly spans: Span[] = [];

  private readonly onPause: OnPause;

  /** `at`: the run's own clock. `wall`: ms since 1970. */
  constructor(at: number, wall: number, onPause: OnPause = () => {}) {
    this.lookedAt = at;
    this.offset = wall - at;
    this.onPause = onPause;
  }

  /** To be called every `lookEveryMs`, as far as the process can. */
  look(at: number, wall: number): void {
    if (this.isNow(at, wall) && this.spans.length < mostSpans)
      this.spans.push({ from: this.lookedAt, to: at });
    // The clock that only runs stands still while some machines sleep; the one on the wall does not.
    const [ran, told] = [at - this.lookedAt, wall - this.offset - this.lookedAt];
    if (Math.max(ran, told) > steppedMs) this.onPause(Math.max(ran, told), ran <= steppedMs);
    this.lookedAt = at;
    this.offset = wall - at;
  }

  /**
   * Whether any of it fell between `from` and `to`. `at` and `wall` are now: an answer may end in the very moment in
   * which a block does, before the next look has seen it. What begins after that moment is not disturbed.
   */
  overlaps(from: number, to: number, at: number, wall: number): boolean {
    return this.within(from, to, at, wall).length > 0;
  }

  /** All of it that fell between them, the latest first. */
  within(from: number, to: number, at: number, wall: number): Span[] {
    // Only then: a look for every answer would cut a block into pieces that are none.
    if (this.isNow(at, wall)) this.look(at, wall);
    const found: Span[] = [];
    for (let index = this.spans.length - 1; index >= 0; index -= 1) {
      const span = this.spans[index];
      // They stand in the order in which they came.
      if (span === undefined || span.to < from) break;
      if (span.from <= to) found.push(span);
    }
    return found;
  }

  /** Whether the last look is longer ago than it should be, or the clocks say different things of how long. */
  private isNow(at: number, wall: number): boolean {
    return at - this.lookedAt >= blockedMs || Math.abs(wall - at - this.offset) > steppedMs;
  }
}
