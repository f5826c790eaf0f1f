/** Keeps an eye on the process that keeps the time: a look every 20 ms, a few microseconds each. */
import { getHeapStatistics } from 'node:v8';
import type { Sample } from '../types.ts';
import type { Clock } from './clock.ts';
import { Disturbances, lookEveryMs, type OnPause, type Span } from './disturbance.ts';

export interface Watch {
  /** Whether this process was blocked, or the machine asleep, somewhere between two times of the run's clock. */
  readonly disturbed: (from: number, to: number) => boolean;
  /** Aborted when the heap is nearly full: another answer might be the one that ends the process. */
  readonly full: AbortSignal;
  readonly stop: () => void;
}

export interface SpanWatch extends Watch {
  /** When it was that between two times, on that clock. */
  readonly disturbances: (from: number, to: number) => readonly Span[];
}

export interface WatchOptions {
  /** The clock that the samples are stamped by. */
  readonly clock: Clock;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Hears of stretches of over two seconds, ms, in which this process could do nothing. */
  readonly onPause?: OnPause;
  /** Share of the heap's limit that is in use, 0 to 1. */
  readonly heapShare?: () => number;
}

/** Whether this process could not keep the time while the answer came. Where no body came, its end is now. */
export function isTainted(
  watch: Pick<Watch, 'disturbed'> | undefined,
  { timing }: Pick<Sample, 'timing'>,
): boolean {
  const { tSched, tCall, tDone, tLast } = timing;
  return watch?.disturbed(tCall ?? tSched ?? 0, tDone ?? tLast ?? Number.POSITIVE_INFINITY) === true;
}

const fullShare = 0.8;
const looksPerHeap = 1000 / lookEveryMs;

export function startWatch({ clock, now, onPause, heapShare = usedShare }: WatchOptions): SpanWatch {
  const found = new Disturbances(clock(), now(), onPause);
  const full = new AbortController();
  let looks = 0;
  let wasFull = false;
  const look = (): void => {
    found.look(clock(), now());
    looks += 1;
    if (looks % looksPerHeap !== 0 || full.signal.aborted) return;
    const isFull = heapShare() >= fullShare;
    // Twice in a row: what was not collected yet counts as used.
    if (isFull && wasFull) full.abort();
    wasFull = isFull;
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return {
    disturbed: (from, to) => found.overlaps(from, to, clock(), now()),
    disturbances: (from, to) => found.within(from, to, clock(), now()),
    full: full.signal,
    stop: () => clearInterval(timer),
  };
}

function usedShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}
