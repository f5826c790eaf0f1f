/** Which servers' memory is watched, and how: what the targets file says, and the embedded endpoints always. */
import { networkInterfaces } from 'node:os';
import { hostOf } from '../plan/order.ts';
import type { WatchedTarget } from '../probe/index.ts';
import type { ProbeSet } from '../probe/probe-set.ts';
import { openWatch } from '../probe/watch.ts';
import type { Reading, Target } from '../types.ts';

export interface WatchInput {
  readonly targets: readonly Target[];
  /** Process ids of the endpoints that are ours, by target id. */
  readonly pids: ReadonlyMap<string, number>;
  readonly leg: string;
  readonly take: (reading: Reading) => void;
  readonly say: (text: string) => void;
}

/** Opens the watch; from `startLoad` to `endLoad` it looks beside the run. Close it when the run is over. */
export function watchMemory({ targets, pids, leg, take, say }: WatchInput): ProbeSet {
  return openWatch({
    targets: targets.map((target) => watched(target, pids.get(target.id) ?? null)),
    leg,
    take,
    say,
    secrets: targets.flatMap(({ apiKeyEnv }) => apiKeyEnv ?? []),
  });
}

function watched(target: Target, pid: number | null): WatchedTarget {
  const own = { probe: 'process', port: null, pid, container: null } as const;
  return {
    id: target.id,
    model: target.model,
    baseUrl: target.baseUrl,
    remote: isHere(target) ? null : hostOf(target),
    probes: pid === null ? target.memory : [own],
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
