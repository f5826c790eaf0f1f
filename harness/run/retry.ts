/** How long to wait before the next attempt. Pure: the clock and the dice are handed in. */

/** Waits beyond a day are a mistake of the server's clock, not a wish. */
const sillyMs = 24 * 3600 * 1000;

/** Full jitter: a random share of 0.5 s doubled for each failure so far, at most 30 s. `failures` counts from 1. */
export function backoffMs(failures: number, random: () => number): number {
  return random() * Math.min(30_000, 500 * 2 ** (failures - 1));
}

/**
 * What the server asked us to wait, in ms: `retry-after-ms`, else `Retry-After` as seconds or an HTTP date, seen from
 * `now` (ms since 1970). null when absent, past, unreadable or absurd.
 */
export function readRetryAfter(headers: ReadonlyMap<string, string>, now: number): number | null {
  // An empty value is no number, whatever `Number` makes of it.
  const ms = Number(headers.get('retry-after-ms')?.trim() || Number.NaN);
  const raw = headers.get('retry-after') ?? '';
  const wait = Number.isFinite(ms)
    ? ms
    : /^\s*\d+(\.\d+)?\s*$/u.test(raw)
      ? Number(raw) * 1000
      : Date.parse(raw) - now;
  return Number.isFinite(wait) && wait > 0 && wait <= sillyMs ? wait : null;
}

/** The wait before another attempt: the server's wish with a little jitter where it has one, else our own back-off. */
export function waitMs(retryAfterMs: number | null, failures: number, random: () => number): number {
  if (retryAfterMs === null) return backoffMs(failures, random);
  return Math.max(100, retryAfterMs + random() * Math.min(retryAfterMs / 10, 1000));
}
