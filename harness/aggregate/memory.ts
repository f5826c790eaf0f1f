/** How much memory, one row per target. An unknown figure is null with its reason, never 0; no figure without its basis. */
import type {
  Basis,
  EstimateMemory,
  GpuMemory,
  HostMemory,
  KvMemory,
  MemoryFigure,
  MemoryRow,
  Reading,
} from '../types.ts';
import { groupBy } from './grouping.ts';
import { memorySeries } from './memory-series.ts';
import { inOrder, isQuiet, largest, lastOf, missesOf, readsOf, type Missed, type Read } from './readings.ts';
import { countedInPhases } from './servers.ts';

/** Probes by what they tell of: whose misses explain a missing figure. */
const hostProbes = ['process'];
const gpuProbes = ['nvidia-smi', 'amd-smi'];
const kvProbes = ['prometheus', 'log'];
const estimateProbes = ['ollama'];

/** Rows of every target, in their order. The order of `readings` does not matter. */
export function memoryRows(
  targets: readonly { readonly id: string; readonly kvBytesPerToken?: number | null }[],
  readings: readonly Reading[],
): MemoryRow[] {
  const ordered = inOrder(readings);
  const byTarget = groupBy(ordered, (reading) => reading.target);
  const starts = legStarts(ordered);
  return targets.map(({ id, kvBytesPerToken }) => {
    const own = byTarget.get(id) ?? [];
    const host = hostMemory(own);
    const flags = own.flatMap((reading) => (reading.status === 'read' ? reading.flags : []));
    return {
      target: id,
      host,
      gpu: gpuMemory(own),
      kv: kvMemory(own, kvBytesPerToken ?? null),
      estimate: estimateMemory(own),
      weights: weightsOf(own),
      series: memorySeries(own, starts),
      flags: [...new Set(flags)].toSorted(),
    };
  });
}

/** When each start of the run made its first reading, in order. */
function legStarts(ordered: readonly Reading[]): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const { leg, at } of ordered) if (!starts.has(leg)) starts.set(leg, at);
  return starts;
}

interface Told {
  readonly probe: string | null;
  readonly readings: number;
  readonly missing: number;
  readonly why: string | null;
}

/** What a group tells besides its figures: the reason of the last miss where there is no figure. */
function told(reads: readonly Read[], misses: readonly Missed[], hasFigure: boolean): Told {
  return {
    probe: lastOf(reads)?.probe ?? lastOf(misses)?.probe ?? null,
    readings: reads.length,
    missing: misses.filter(isQuiet).length,
    why: hasFigure ? null : (lastOf(misses)?.why ?? 'no probe looked'),
  };
}

function figure(bytes: number | null, basis: Basis, n: number, isUpperBound = false): MemoryFigure | null {
  return bytes === null ? null : { bytes, basis, isUpperBound, n };
}

function hostMemory(own: readonly Reading[]): HostMemory {
  const all = readsOf(own, 'pss', 'rss', 'cgroup');
  const quiet = all.filter(isQuiet);
  // Under load only the cheap figure is taken; what the last quiet look could see decides what the row means.
  const basis = (lastOf(quiet) ?? lastOf(all))?.basis ?? null;
  const same = quiet.filter((reading) => reading.basis === basis);
  const at = (moment: 'idle' | 'after'): MemoryFigure | null => {
    const here = same.filter((reading) => reading.moment === moment);
    const last = lastOf(here);
    return last === null
      ? null
      : figure(last.bytes, last.basis, here.length, last.basis === 'rss' && last.processes > 1);
  };
  const last = lastOf(same);
  const part = (bytes: number | null | undefined): MemoryFigure | null =>
    last === null ? null : figure(bytes ?? null, last.basis, 1);
  const idle = at('idle');
  const afterLoad = at('after');
  const peakUpper = peakOf(all);
  return {
    ...told(all, missesOf(own, hostProbes), idle !== null || afterLoad !== null || peakUpper !== null),
    idle,
    afterLoad,
    peakUpper,
    anonShmem: part(last?.anonShmemBytes),
    file: part(last?.fileBytes),
    swap: part(last?.swapBytes),
    processes: largest(all.map((reading) => reading.processes)),
  };
}

/** Peaks of processes are resident sets; those of a container hold its page cache. */
function peakOf(all: readonly Read<'pss' | 'rss' | 'cgroup'>[]): MemoryFigure | null {
  const known = all.filter((reading) => reading.peakBytes !== null);
  const isGroup = known.some((reading) => reading.basis === 'cgroup');
  const isSum = isGroup || known.some((reading) => reading.processes > 1);
  return figure(
    largest(known.map((reading) => reading.peakBytes)),
    isGroup ? 'cgroup' : 'rss',
    known.length,
    isSum,
  );
}

function gpuMemory(own: readonly Reading[]): GpuMemory {
  const all = readsOf(own, 'gpu-process', 'gpu-delta').filter(({ moment }) => moment !== 'before-start');
  const basis = (lastOf(all.filter(isQuiet)) ?? lastOf(all))?.basis ?? null;
  const same = all.filter((reading) => reading.basis === basis);
  const at = (moment: 'idle' | 'after'): MemoryFigure | null => {
    const here = same.filter((reading) => reading.moment === moment);
    const last = lastOf(here);
    return last === null ? null : figure(last.bytes, last.basis, here.length);
  };
  const devices = lastOf(same.filter((reading) => reading.devices.length > 0))?.devices ?? [];
  const totals = devices.map((device) => device.totalBytes);
  return {
    ...told(same, missesOf(own, gpuProbes), same.length > 0),
    idle: at('idle'),
    afterLoad: at('after'),
    peak: basis === null ? null : figure(largest(same.map(({ bytes }) => bytes)), basis, same.length),
    totalBytes: totals.length === 0 || totals.includes(null) ? null : sum(totals),
  };
}

function kvMemory(own: readonly Reading[], kvBytesPerToken: number | null): KvMemory {
  const metrics = readsOf(own, 'metrics');
  const log = lastOf(readsOf(own, 'log'));
  // The server's own line counts layers of every kind; blocks times their size do not.
  const fromLog = log?.kvCapacityTokens ?? null;
  const fromMetrics = lastOf(metrics.filter(({ values }) => values.kvCapacityTokens !== null));
  const capacityTokens = fromLog ?? fromMetrics?.values.kvCapacityTokens ?? null;
  const loggedBytes = log?.kvBytes ?? null;
  const declaredBytes =
    capacityTokens === null || kvBytesPerToken === null ? null : capacityTokens * kvBytesPerToken;
  const capacityBytes = loggedBytes ?? declaredBytes;
  const ratios = metrics.map(({ values }) => {
    if (values.kvUsedRatio !== null) return values.kvUsedRatio;
    return values.kvUsedTokens === null || capacityTokens === null
      ? null
      : values.kvUsedTokens / capacityTokens;
  });
  const peakUsedRatio = largest(ratios);
  const peakTokens = largest(metrics.flatMap(({ values }) => [values.kvUsedTokens, values.kvPeakTokens]));
  const preemptions = countedInPhases(metrics, 'preemptions');
  const known = [capacityTokens, capacityBytes, peakUsedRatio, peakTokens, preemptions];
  const hasFigure = known.some((value) => value !== null);
  const reads = [...metrics, ...(log === null ? [] : [log])];
  const group = told(reads, missesOf(own, kvProbes), hasFigure);
  return {
    ...group,
    why: hasFigure || reads.length === 0 ? group.why : 'the server tells nothing of its cache',
    capacityTokens,
    capacityBasis: capacityTokens === null ? null : fromLog === null ? 'metrics' : 'log',
    capacityBytes,
    capacityBytesFrom: capacityBytes === null ? null : loggedBytes === null ? 'declared' : 'log',
    peakUsedRatio,
    peakTokens,
    preemptions,
  };
}

function estimateMemory(own: readonly Reading[]): EstimateMemory {
  const all = readsOf(own, 'api-ps');
  const last = lastOf(all);
  const of = (bytes: number | null): MemoryFigure | null => figure(bytes, 'api-ps', all.length);
  return {
    ...told(all, missesOf(own, estimateProbes), last !== null),
    total: of(last?.bytes ?? null),
    gpu: of(last?.vramBytes ?? null),
    host: of(last === null || last.vramBytes === null ? null : Math.max(0, last.bytes - last.vramBytes)),
    contextTokens: last?.contextTokens ?? null,
  };
}

function weightsOf(own: readonly Reading[]): MemoryFigure | null {
  const logs = readsOf(own, 'log');
  return figure(lastOf(logs)?.bytes ?? null, 'log', logs.length);
}

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
