/** How far away the servers of a speed phase are, before it loads them. */
import { hostOf } from '../plan/order.ts';
import type { Clock } from '../run/clock.ts';
import { roundTrip } from '../run/round-trip.ts';
import type { RoundTrip, Target } from '../types.ts';
import { readAuthority } from './credentials.ts';
import { version } from './version.ts';

/** One server after another, so that none waits for the answer of another. Embedded endpoints are in the same machine. */
export async function measureRoundTrips(
  targets: readonly Target[],
  clock: Clock,
  signal: AbortSignal,
): Promise<RoundTrip[]> {
  const found: RoundTrip[] = [];
  for (const target of targets) {
    const { baseUrl } = target;
    if (baseUrl === null || signal.aborted) continue;
    const options = {
      origin: new URL(baseUrl).origin,
      userAgent: `visavis/${version}`,
      direct: hostOf(target) === 'loopback',
      reach: { allowLinkLocal: target.allowLinkLocal ?? false, ca: readAuthority(target) },
      now: Date.now,
      signal,
    };
    found.push({ target: target.id, ...(await roundTrip(baseUrl, options, clock)) });
  }
  return found;
}
