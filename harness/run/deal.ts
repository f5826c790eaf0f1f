/** One load over several clients: which streams, and which requests, each of them gets. */
import type { Load } from '../types.ts';
import type { Place } from './load-loops.ts';

export interface Hand<R> {
  readonly client: string;
  readonly requests: readonly R[];
  /** Streams of a closed loop that it holds; null in an open one, where nothing is held back. */
  readonly share: number | null;
  readonly place: Place;
}

/**
 * Streams are dealt like cards: the first to the first client, the next to the next. So each has `floor(C / n)`, the first
 * `C mod n` of them one more, and with fewer streams than clients the last ones have none and are left out. Requests go to
 * the streams in turn; each client works off its own, so no stream waits for a word from another machine.
 */
export function deal<R>(requests: readonly R[], load: Load, clients: readonly string[]): Hand<R>[] {
  const streams =
    load.kind === 'closed' ? Math.min(load.concurrency, requests.length) : Math.max(1, requests.length);
  return clients.slice(0, streams).map((client, at) => ({
    client,
    requests: requests.filter((_, index) => (index % streams) % clients.length === at),
    share: load.kind === 'closed' ? Math.ceil((streams - at) / clients.length) : null,
    place: { first: at, step: clients.length, of: streams },
  }));
}
