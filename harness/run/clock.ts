/** The one clock of a run: monotonic milliseconds since it was made. Never the wall clock, which jumps. */
export type Clock = () => number;

export function startClock(): Clock {
  const start = performance.now();
  return () => performance.now() - start;
}

/** Microseconds are as fine as the record goes. */
export function toRecord(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000;
}
