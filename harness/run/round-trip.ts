/** How far away a server is: small requests while it has nothing else to do, outside every measured time. */
import { toRecord, type Clock } from './clock.ts';
import { openPages, type GetOptions } from './get-json.ts';
import { middle } from './rank.ts';

/** Requests whose median counts, after one that opens the connection. */
const requests = 20;
/** A server that does not answer such a page is not asked for it twenty times. */
const patienceMs = 2000;

/** Median in ms of `GET /health` at the server's origin, whatever it answers; null when it does not. */
export async function roundTrip(
  baseUrl: string,
  options: Omit<GetOptions, 'authorization'>,
  clock: Clock,
): Promise<{ readonly medianMs: number | null; readonly n: number }> {
  // No page of health needs a key.
  const pages = openPages({ ...options, authorization: null, timeoutMs: patienceMs });
  const address = new URL('/health', baseUrl).href;
  const times: number[] = [];
  try {
    for (let count = 0; count <= requests && options.signal?.aborted !== true; count++) {
      const from = clock();
      const { http } = await pages.get(address);
      if (http === null) break;
      if (count > 0) times.push(clock() - from);
    }
  } finally {
    await pages.close();
  }
  return { medianMs: toRecord(middle(times)), n: times.length };
}
