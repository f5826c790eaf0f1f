/**
 * The two ways to load a server. Closed loop: so many in flight, the next starts when one ends; what comes out is a
 * latency "at N users". Open loop: requests start when their time has come, however many are open, since waiting for a
 * slot would hide the queue of the server in a gap between requests.
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import { sleep } from './sleep.ts';

export interface LoopEvents {
  /** All on the one clock, ms. */
  readonly startMs: number;
  /** In flight reached its limit for the first time; null: it never did, or there is none. */
  readonly fullMs: number | null;
  /** The last request was taken from the list. */
  readonly emptyMs: number;
  readonly endMs: number;
  readonly maxInFlight: number;
  /** Open loop: actual start minus planned start of each request, ms. */
  readonly lagsMs: readonly number[];
}

export interface LoopOptions {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** When the first request may start, on the clock; now unless said. */
  readonly startMs?: number;
}

/** Which streams of a load these are, where several clients hold it: `first`, `first + step` … of `of` in all. */
export interface Place {
  readonly first: number;
  readonly step: number;
  readonly of: number;
}

export interface ClosedLoad {
  /** Of this loop. */
  readonly concurrency: number;
  readonly spreadMs: number;
  /** All streams there are, unless said. */
  readonly place?: Place;
}

/** `tSched`: when the slot came free, or the planned start. Rejects only for a bug or a full disk. */
export type Send<R> = (request: R, tSched: number) => Promise<void>;

/**
 * `concurrency` in flight until the list is empty. First starts are spread over `spreadMs`, so that no burst of prefills
 * stands at the front of every block.
 */
export async function closedLoop<R>(
  requests: readonly R[],
  { concurrency, spreadMs, place }: ClosedLoad,
  send: Send<R>,
  { clock, stop, startMs: planned }: LoopOptions,
): Promise<LoopEvents> {
  // Every lane listens to the one signal while it waits; that is no leak.
  setMaxListeners(0, stop);
  if (planned !== undefined) await sleep(planned - clock(), stop);
  const startMs = clock();
  const lanes = Math.min(concurrency, requests.length);
  const { first, step, of } = place ?? { first: 0, step: 1, of: lanes };
  const work = requests.values();
  let taken = 0;
  let inFlight = 0;
  let maxInFlight = 0;
  let fullMs: number | null = null;
  let emptyMs = startMs;
  const lane = async (at: number): Promise<void> => {
    const delayMs = ((first + at * step) * spreadMs) / of;
    if (delayMs > 0) await sleep(delayMs, stop);
    for (const request of work) {
      if (stop.aborted) return;
      const now = clock();
      taken += 1;
      if (taken === requests.length) emptyMs = now;
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      if (inFlight === concurrency) fullMs ??= now;
      await send(request, now).finally(() => {
        inFlight -= 1;
      });
    }
  };
  await all(Array.from({ length: lanes }, (_, at) => lane(at)));
  return { startMs, fullMs, emptyMs, endMs: clock(), maxInFlight, lagsMs: [] };
}

/** Before the first planned start: time to set every timer. */
const leadMs = 20;

/** Each request starts at its own time, `atMs` from the start of the block. */
export async function openLoop<R extends { readonly atMs: number | null }>(
  requests: readonly R[],
  send: Send<R>,
  { clock, stop, startMs = clock() + leadMs }: LoopOptions,
): Promise<LoopEvents> {
  setMaxListeners(0, stop);
  let inFlight = 0;
  let maxInFlight = 0;
  let emptyMs = startMs;
  const lagsMs: number[] = [];
  const one = async (request: R): Promise<void> => {
    const planned = startMs + (request.atMs ?? 0);
    // To an absolute time: sleeping gap by gap would lose a fifth of the rate to late timers.
    await sleep(planned - clock(), stop);
    if (stop.aborted) return;
    const now = clock();
    lagsMs.push(Math.max(0, now - planned));
    emptyMs = Math.max(emptyMs, now);
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    await send(request, planned).finally(() => {
      inFlight -= 1;
    });
  };
  await all(requests.map(one));
  return { startMs, fullMs: null, emptyMs, endMs: clock(), maxInFlight, lagsMs };
}

/** Waits for all, then throws the first fault: none of them may go on unwatched. */
async function all(running: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(running);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
