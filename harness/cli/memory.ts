/** Which servers' memory is watched, and how: what the targets file says, and the embedded endpoints always. */
import { networkInterfaces } from 'node:os';
import { hostOf } from '../plan/order.ts';
import type { WatchedTarget } from '../probe/index.ts';
import type { ProbeSet } from '../probe/probe-set.ts';
import { openWatch } from '../probe/watch.ts';
import type { Reading, Target } from '../types.ts';
import { readAuthority } from './credentials.ts';

export interface WatchInput {
  readonly targets: readonly Target[];
  readonly leg: string;
  readonly take: (reading: Reading) => void;
  readonly say: (text: string) => void;
}

/** Opens the watch; `attach` it to the servers that are ours. From `startLoad` to `endLoad` it looks beside the run. Close it when the run is over. */
export function watchMemory({ targets, leg, take, say }: WatchInput): ProbeSet {
  return openWatch({
    targets: targets.map(watched),
    leg,
    take,
    say,
    secrets: targets.flatMap(({ apiKeyEnv }) => apiKeyEnv ?? []),
  });
}

/** Servers that we start are watched without being told to; the watch is told their process when they have one. */
function watched(target: Target): WatchedTarget {
  const own = { probe: 'process', port: null, pid: null, container: null } as const;
  const isOurs = target.replay !== null || (target.launch !== null && target.memory.length === 0);
  return {
    id: target.id,
    model: target.model,
    baseUrl: target.baseUrl,
    remote: isHere(target) ? null : hostOf(target),
    probes: isOurs ? [own] : target.memory,
    access: { allowLinkLocal: target.allowLinkLocal ?? false, ca: readAuthority(target) },
  };
}

/** On the loopback, or at an address of this very machine. */
function isHere(target: Target): boolean {
  const host = hostOf(target);
  if (host === 'loopback') return true;
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  return own.includes(host);
}
