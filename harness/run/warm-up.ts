/**
 * Before a level is measured: questions that are none of the measured ones, until the server answers steadily. Warming
 * with the measured prompts would fill its prefix cache with them.
 */
import { createHash } from 'node:crypto';
import type { Sample, SpeedRequest } from '../types.ts';
import type { LoadQuestion } from './fixed-work.ts';

const calmRounds = 3;
/** Medians of so many rounds lie within this share of the smallest. */
const calmShare = 0.05;

/** The most requests that may be spent on it. */
export const warmUpLimit = (concurrency: number): number => Math.max(10, 4 * concurrency);

/** Steady: the medians of the last three rounds, ms, are nearly equal. */
export function isCalm(medians: readonly number[]): boolean {
  if (medians.length < calmRounds) return false;
  const last = medians.slice(-calmRounds);
  const least = Math.min(...last);
  return Math.max(...last) - least <= calmShare * least;
}

/** A nonce that no planned request has: of a length of its own to hash, and for one warm-up request only. */
export function warmUpNonce(level: string, target: string, leg: string, number: number): string {
  return createHash('sha256')
    .update(JSON.stringify(['warm-up', level, target, leg, number]))
    .digest('hex')
    .slice(0, 16);
}

/** What is asked in the place of a planned request: its text behind another nonce, under a key that no plan holds. */
export function warmUpQuestion(request: SpeedRequest, nonce: string): LoadQuestion {
  return { ...request, key: `warm-up ${nonce}`, nonce };
}

/** Total times of the answered, ms. */
export function totalTimes(samples: readonly Sample[]): number[] {
  return samples.flatMap(({ status, timing: { t0, tLast } }) =>
    status === 'ok' && t0 !== null && tLast !== null ? [tLast - t0] : [],
  );
}
