/** How much memory, one row per target and probe. An unknown figure is null with its reason, never 0. */
import type { MemoryRow, Reading } from '../types.ts';
import { compareText } from './effective.ts';
import { groupBy } from './scores.ts';

type Read = Extract<Reading, { status: 'read' }>;

/** Rows in the order of the targets, then of the probes' names. The order of `readings` does not matter. */
export function memoryRows(targets: readonly string[], readings: readonly Reading[]): MemoryRow[] {
  const byTarget = groupBy(readings, (reading) => reading.target);
  return targets.flatMap((target) => {
    const byProbe = groupBy(byTarget.get(target) ?? [], (reading) => reading.probe);
    return [...byProbe]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([probe, list]) => memoryRow(target, probe, list));
  });
}

function memoryRow(target: string, probe: string, list: readonly Reading[]): MemoryRow {
  const read = list.filter((reading) => reading.status === 'read');
  const quiet = read.filter((reading) => reading.moment !== 'loaded');
  // Under load a probe may only take the cheap figure; the quiet readings say what the row's bytes mean, the last one
  // decides, and figures of another basis stay out.
  const basis = (lastOf(quiet) ?? lastOf(read))?.basis ?? null;
  const bytesAt = (moment: Read['moment']): number | null =>
    lastOf(quiet.filter((reading) => reading.moment === moment && reading.basis === basis))?.bytes ?? null;
  const peaks = read.flatMap((reading) => reading.peakRssBytes ?? []);
  return {
    target,
    probe,
    basis,
    idleBytes: bytesAt('idle'),
    afterBytes: bytesAt('after'),
    peakRssBytes: peaks.length === 0 ? null : peaks.reduce((a, b) => Math.max(a, b)),
    readings: read.length,
    why: read.length > 0 ? null : whyNot(list),
  };
}

function lastOf(readings: readonly Read[]): Read | null {
  let last: Read | null = null;
  for (const reading of readings) {
    if (
      last === null ||
      reading.at > last.at ||
      (reading.at === last.at && compareText(JSON.stringify(reading), JSON.stringify(last)) > 0)
    )
      last = reading;
  }
  return last;
}

function whyNot(list: readonly Reading[]): string | null {
  const failed = list.flatMap((reading) => (reading.status === 'unavailable' ? [reading] : []));
  return failed.toSorted((a, b) => b.at - a.at || compareText(a.why, b.why))[0]?.why ?? null;
}
