/** When a client is at its limit: what it measures then is its own doing. */
import type { ClientLoad } from '../types.ts';

/** Above this share of time at work, an event loop has no room for what comes at the wrong moment. */
const busiest = 0.7;
/** An event loop, or a schedule, later than this (ms) shows in what is measured. */
export const latestMs = 5;
/** Of the median time to first token, where that is more. */
const latestShare = 0.05;

export type LoopLoad = Pick<ClientLoad, 'utilization' | 'delayP99Ms'>;

/** Why a client that was so busy proves nothing, in words; null where it does. `ttftP50Ms`: null = unknown. */
export function saturation(load: LoopLoad, ttftP50Ms: number | null): string | null {
  if (load.utilization > busiest)
    return `its event loop was at work ${Math.round(100 * load.utilization)} % of the time`;
  const latest = Math.max(latestMs, latestShare * (ttftP50Ms ?? 0));
  return load.delayP99Ms > latest ? `its event loop was ${load.delayP99Ms.toFixed(1)} ms late (p99)` : null;
}
