/** Asks a probe again and again while the run is loaded. */
import type { Probe, Sight } from '../types.ts';

/**
 * Starts polling at the probe's own pace; the returned function ends it. Sights are handed to `take` as they come; one
 * still under way when the polling ends is dropped, because the load has ended before it. What `take` throws ends the
 * polling and is thrown by the returned function.
 */
export function poll(
  probe: Probe,
  targets: readonly string[],
  take: (target: string, sight: Sight) => void,
): () => void {
  if (!Number.isFinite(probe.everyMs)) return () => {};
  let busy = false;
  let stopped = false;
  let thrown: unknown = null;
  const look = async (target: string): Promise<void> => {
    const sight = await probe.read(target, 'loaded');
    if (sight !== null && !stopped) take(target, sight);
  };
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void Promise.all(targets.map(look))
      .catch((error: unknown) => {
        thrown ??= error;
        clearInterval(timer);
      })
      .finally(() => {
        busy = false;
      });
  }, probe.everyMs);
  return () => {
    stopped = true;
    clearInterval(timer);
    if (thrown !== null) throw thrown;
  };
}
