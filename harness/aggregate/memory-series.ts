/** Bytes over the run, thinned to what a chart can show. */
import type { Basis, MemoryPoint, MemorySeries, Reading } from '../types.ts';
import { groupBy } from './grouping.ts';
import { readsOf, type Read } from './readings.ts';

/** Of one line; a chart is some 700 pixels wide. */
const maxPoints = 160;
/** Between two starts of the run: the pause itself may have been a night. */
const gapMs = 1000;

type Sized = Read<'pss' | 'rss' | 'cgroup' | 'gpu-process' | 'gpu-delta'>;

/** A line per probe and basis. `starts`: when each start of the run made its first reading; readings are in order. */
export function memorySeries(
  readings: readonly Reading[],
  starts: ReadonlyMap<string, number>,
): MemorySeries[] {
  const sized = readsOf(readings, 'pss', 'rss', 'cgroup', 'gpu-process', 'gpu-delta').filter(
    ({ moment }) => moment !== 'before-start',
  );
  const place = timeline(sized, starts);
  const lines = groupBy(
    [...sized, ...residentAtRest(sized)].toSorted((a, b) => a.at - b.at),
    ({ probe, basis }) => `${probe} ${basis}`,
  );
  return [...lines.values()].flatMap((line) => {
    const [first] = line;
    if (first === undefined) return [];
    const basis: Basis = first.basis;
    return [{ probe: first.probe, basis, points: thin(line.map(place)) }];
  });
}

/** A thorough look knows the resident set too: the points before and after those under load. */
function residentAtRest(sized: readonly Sized[]): Read<'rss'>[] {
  return sized.flatMap((reading): Read<'rss'>[] =>
    reading.basis === 'pss' && reading.rssBytes !== null
      ? [{ ...reading, basis: 'rss', bytes: reading.rssBytes } as Read<'rss'>]
      : [],
  );
}

/** From wall time to time of the run: starts follow each other without the pauses between them. */
function timeline(
  readings: readonly Sized[],
  starts: ReadonlyMap<string, number>,
): (reading: Sized) => MemoryPoint {
  const legs = [...starts.keys()];
  const offsets = new Map<string, number>();
  let offset = 0;
  for (const leg of legs) {
    const began = starts.get(leg) ?? 0;
    offsets.set(leg, offset - began);
    const ended = readings.reduce(
      (end, reading) => (reading.leg === leg ? Math.max(end, reading.at) : end),
      began,
    );
    offset += ended - began + gapMs;
  }
  return ({ leg, at, bytes, moment }) => ({
    atMs: at + (offsets.get(leg) ?? 0),
    bytes,
    moment,
    leg: legs.indexOf(leg),
  });
}

/** Quiet points stay; of neighbouring points under load the highest does. */
function thin(points: readonly MemoryPoint[]): MemoryPoint[] {
  const loaded = points.filter(({ moment }) => moment === 'loaded').length;
  const step = Math.max(1, Math.ceil(loaded / maxPoints));
  const kept: MemoryPoint[] = [];
  let bucket: MemoryPoint[] = [];
  const flush = (): void => {
    const [first] = bucket;
    if (first !== undefined) kept.push(bucket.reduce((a, b) => (b.bytes > a.bytes ? b : a), first));
    bucket = [];
  };
  for (const point of points) {
    const previous = bucket.at(-1);
    if (point.moment !== 'loaded' || (previous !== undefined && previous.leg !== point.leg)) flush();
    if (point.moment === 'loaded') bucket.push(point);
    else kept.push(point);
    if (bucket.length >= step) flush();
  }
  flush();
  return kept;
}
