/**
 * Clocks of two machines are never subtracted. What they have in common is the clock of the queue: each client measures
 * how far its own stands from it, and how wrong that may be.
 */
import type { Clock } from '../clock.ts';
import type { Redis } from './broker.ts';

export interface Alignment {
  /** Added to a stamp of the client, gives the clock in common, ms. */
  readonly offsetMs: number;
  /** How wrong that may be, either way, ms. */
  readonly errorMs: number;
}

/** Questions, of which the fastest counts: the server read its clock somewhere between sending and hearing. */
const rounds = 8;

/** Now, by the queue: ms since 1970, as its machine has it. Says nothing about any other machine. */
export async function queueNow(client: Redis): Promise<number> {
  const [seconds, micros] = await client.time();
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

/** `epochMs`: where the clock in common begins, by the queue. */
export async function align(client: Redis, clock: Clock, epochMs: number): Promise<Alignment> {
  let best: Alignment = { offsetMs: 0, errorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round += 1) {
    const from = clock();
    const there = await queueNow(client);
    const to = clock();
    const errorMs = (to - from) / 2;
    if (errorMs < best.errorMs) best = { offsetMs: there - epochMs - (from + to) / 2, errorMs };
  }
  return best;
}

/** For the time between two measurements: a clock that was set or ran otherwise meanwhile shows in the error. */
export function between(before: Alignment, after: Alignment): Alignment {
  return {
    offsetMs: (before.offsetMs + after.offsetMs) / 2,
    errorMs: Math.max(before.errorMs, after.errorMs) + Math.abs(after.offsetMs - before.offsetMs) / 2,
  };
}
