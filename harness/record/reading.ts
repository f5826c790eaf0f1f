/** A line of `readings.jsonl` as a `Reading`: lines of the first form are converted, those of a later one refused. */
import type { BlockReading, FloorReading, Reading, RunEvent } from '../types.ts';
import { newerForm } from './sample.ts';

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

/** A line of `readings.jsonl`: what was seen of memory, of a block of load, of the floor of this client, or an event. */
export function observationOf(
  record: Record<string, unknown>,
): Reading | BlockReading | FloorReading | RunEvent {
  if (record['kind'] === 'block') return record as unknown as BlockReading;
  if (record['kind'] === 'floor') return record as unknown as FloorReading;
  if (record['kind'] === 'event') return record as unknown as RunEvent;
  return readingOf(record);
}

function readingOf(record: Record<string, unknown>): Reading {
  if (record['v'] === 2) return record as unknown as Reading;
  if (record['v'] !== 1) throw newerForm('readings.jsonl', record['v']);
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
