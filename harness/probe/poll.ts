/** Asks the probes twice a second while the run is loaded. */
import type { Probe, Reading } from '../types.ts';

const everyMs = 500;

/** Starts polling; the returned function ends it. A reading is handed to `take` as it comes. */
export function poll(probe: Probe, targets: readonly string[], take: (reading: Reading) => void): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void Promise.all(targets.map((target) => probe.read(target, 'loaded')))
      .then((readings) => readings.forEach(take))
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return () => clearInterval(timer);
}
