/** A worker's word of a server. */
import type { ServerFacts } from '../run/server-probe.ts';

const mostFactsBytes = 256 * 1024;

/** As far as it is an object of a decent size; else null. */
export function readFacts(json: string): ServerFacts | null {
  if (Buffer.byteLength(json) > mostFactsBytes) return null;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as ServerFacts)
      : null;
  } catch {
    return null;
  }
}
