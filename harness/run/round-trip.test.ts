import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startClock } from './clock.ts';
import { roundTrip } from './round-trip.ts';

const options = (origin: string) => ({ origin, userAgent: 'visavis/test', direct: true, now: Date.now });

it('asks for the page of health, without a key, whatever the server says to it', async () => {
  const seen: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    response.writeHead(404).end('nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await roundTrip(`${origin}/v1`, options(origin), startClock());
  server.close();
  expect(found.n).toBe(20);
  expect(found.medianMs).toBeGreaterThan(0);
  // One more opened the connection, and counts for nothing.
  expect(seen).toHaveLength(21);
  expect(new Set(seen.map(({ url }) => url))).toEqual(new Set(['/health']));
  expect(seen.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
});

it('is unknown where nothing answers', async () => {
  const origin = 'http://127.0.0.1:9';
  expect(await roundTrip(`${origin}/v1`, options(origin), startClock())).toEqual({ medianMs: null, n: 0 });
});
