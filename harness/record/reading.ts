/** A line of `readings.jsonl` as a `Reading`: lines of the first form are converted. */
import type { BlockReading, FloorReading, Reading, RunEvent } from '../types.ts';

/** Of the first form: one probe, of processes that visavis had started itself, in the one phase there was. */
interface FirstForm {
  readonly v: 1;
  readonly status: 'read' | 'unavailable';
  readonly target: string;
  readonly probe: string;
  readonly basis?: 'pss' | 'rss';
  readonly moment?: 'idle' | 'loaded' | 'after';
  readonly bytes?: number;
  readonly peakRssBytes?: number | null;
  readonly why?: string;
  readonly at: number;
}

/**
 * A line of `readings.jsonl`: what was seen of memory, of a block of load, of the floor of this client, or an event. null: a
 * remark of a kind that is not known here. The line fits the shape of a reading.
 */
export function observationOf(
  record: Record<string, unknown>,
): Reading | BlockReading | FloorReading | RunEvent | null {
  if (record['kind'] === 'block') return record as unknown as BlockReading;
  if (record['kind'] === 'floor') return record as unknown as FloorReading;
  if (record['kind'] === 'event') return record as unknown as RunEvent;
  if (record['kind'] !== undefined && record['kind'] !== 'reading') return null;
  return record['v'] === 1 ? converted(record) : (record as unknown as Reading);
}

function converted(record: Record<string, unknown>): Reading {
  const { status, target, probe, moment, at, basis, bytes, peakRssBytes, why } =
    record as unknown as FirstForm;
  // It did not say at which moment it saw nothing, nor of which start of the run it was.
  const head = { v: 2, kind: 'reading', target, probe, phase: 'quality', leg: '', at } as const;
  if (status === 'unavailable' || bytes === undefined)
    return { ...head, moment: moment ?? 'after', status: 'unavailable', why: why ?? 'not read' };
  return {
    ...head,
    moment: moment ?? 'after',
    status: 'read',
    flags: [],
    basis: basis ?? 'rss',
    bytes,
    anonShmemBytes: null,
    fileBytes: null,
    swapBytes: null,
    rssBytes: null,
    peakBytes: peakRssBytes ?? null,
    processes: 1,
  };
}
