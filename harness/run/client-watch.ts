/** How busy this client is while it stamps times: a client at its limit measures itself. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ClientLoad } from '../types.ts';

/** 1 ms would cost a twenty-fifth of a core. The histogram holds this resolution in every value. */
const resolutionMs = 10;

export interface ClientWatch {
  /** What was seen since the watch began, or since the last reading. */
  readonly read: () => Omit<ClientLoad, 'lagP99Ms'>;
  readonly stop: () => void;
}

/** Watches the event loop of this thread. */
export function watchClient(): ClientWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let before = performance.eventLoopUtilization();
  return {
    read: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      const beyond = (percentile: number): number =>
        // Too short for a single tick of the measurement: nothing was late enough to be seen.
        delay.count === 0 ? 0 : round(Math.max(0, delay.percentile(percentile) / 1e6 - resolutionMs));
      const load = { utilization: round(utilization), delayP50Ms: beyond(50), delayP99Ms: beyond(99) };
      delay.reset();
      return load;
    },
    stop: () => delay.disable(),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
