/** Asks the probes twice a second while the run is loaded. */
import type { Probe, Reading } from '../types.ts';

const everyMs = 500;

/**
 * Starts polling; the returned function ends it. Readings are handed to `take` as they come; one still under way when
 * the polling ends is dropped, because the load has ended before it and its file may be closed. What `take` throws ends
 * the polling and is thrown by the returned function.
 */
export function poll(probe: Probe, targets: readonly string[], take: (reading: Reading) => void): () => void {
  let busy = false;
  let stopped = false;
  let thrown: unknown = null;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void Promise.all(targets.map((target) => probe.read(target, 'loaded')))
      .then((readings) => {
        if (!stopped) readings.forEach((reading) => take(reading));
      })
      .catch((error: unknown) => {
        thrown ??= error;
        clearInterval(timer);
      })
      .finally(() => {
        busy = false;
      });
  }, everyMs);
  return () => {
    stopped = true;
    clearInterval(timer);
    if (thrown !== null) throw thrown;
  };
}
