/** Which cassette entry answers a request: a hash of what was asked, blind to how it is to be delivered. */
import { createHash } from 'node:crypto';

const delivery = new Set(['stream', 'stream_options']);

/**
 * First 32 hex digits of the SHA-256 of the request body with its keys sorted at every depth, without the fields that
 * only say how the answer travels. Two requests that differ in anything a model would see differ here.
 */
export function requestKey(body: Readonly<Record<string, unknown>>): string {
  const asked = Object.fromEntries(Object.entries(body).filter(([name]) => !delivery.has(name)));
  return createHash('sha256').update(JSON.stringify(asked, sortKeys)).digest('hex').slice(0, 32);
}

function sortKeys(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
