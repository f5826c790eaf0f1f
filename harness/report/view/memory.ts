/** Memory as it stands on the pages: a table per basis, since figures of two bases say different things. */
import type { Basis, MemoryFigure, MemoryRow, ServerRow, SpeedRow, Summary } from '../../types.ts';
import { formatBytes, formatMs, formatShare } from '../numbers.ts';
import { basisNames, memoryWords as words } from '../strings.ts';

export interface MemoryCell {
  readonly text: string;
  /** Readings behind it; null where nothing stands. */
  readonly n: number | null;
}

export interface MemoryColumn {
  readonly name: string;
  /** What its figures mean: no column has two. */
  readonly basis: string;
}

export interface MemoryTable {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly columns: readonly MemoryColumn[];
  readonly rows: readonly { readonly target: string; readonly cells: readonly MemoryCell[] }[];
}

/** Nothing was measured, and why. */
export interface MemoryGap {
  readonly target: string;
  readonly probe: string;
  readonly why: string;
}

export interface MemoryView {
  readonly tables: readonly MemoryTable[];
  readonly gaps: readonly MemoryGap[];
}

const nothing: MemoryCell = { text: words.none, n: null };

function cell(figure: MemoryFigure | null): MemoryCell {
  if (figure === null) return nothing;
  return { text: `${figure.isUpperBound ? '≤\u00a0' : ''}${formatBytes(figure.bytes)}`, n: figure.n };
}

const plain = (text: string | null, n: number): MemoryCell => (text === null ? nothing : { text, n });

interface Column<R> extends MemoryColumn {
  readonly take: (row: R) => MemoryCell;
}

/** A table of the rows that have something to say; columns that nobody fills are left out. */
function tableOf(
  id: string,
  title: string,
  meaning: string,
  rows: readonly MemoryRow[],
  columns: readonly Column<MemoryRow>[],
): MemoryTable[] {
  const lines = rows.map((row) => ({ target: row.target, cells: columns.map((column) => column.take(row)) }));
  const used = columns.map((_column, at) => lines.some(({ cells }) => cells[at]?.n !== null));
  const kept = lines.filter(({ cells }) => cells.some(({ n }) => n !== null));
  if (kept.length === 0) return [];
  return [
    {
      id,
      title,
      meaning,
      columns: columns.filter((_column, at) => used[at]).map(({ name, basis }) => ({ name, basis })),
      rows: kept.map(({ target, cells }) => ({ target, cells: cells.filter((_cell, at) => used[at]) })),
    },
  ];
}

const basisOfHost = ({ host }: MemoryRow): Basis | null =>
  (host.afterLoad ?? host.idle ?? host.peakUpper)?.basis ?? null;

const basisOfGpu = ({ gpu }: MemoryRow): Basis | null =>
  (gpu.afterLoad ?? gpu.idle ?? gpu.peak)?.basis ?? null;

function hostTable(basis: 'pss' | 'rss' | 'cgroup', rows: readonly MemoryRow[]): MemoryTable[] {
  const name = basisNames[basis];
  return tableOf(
    basis,
    words.host,
    words.bases[basis],
    rows.filter((row) => basisOfHost(row) === basis),
    [
      { name: words.idle, basis: name, take: ({ host }) => cell(host.idle) },
      { name: words.after, basis: name, take: ({ host }) => cell(host.afterLoad) },
      { name: words.anonShmem, basis: name, take: ({ host }) => cell(host.anonShmem) },
      { name: words.file, basis: name, take: ({ host }) => cell(host.file) },
      { name: words.swap, basis: name, take: ({ host }) => cell(host.swap) },
      {
        name: words.peak,
        basis: basis === 'cgroup' ? words.withCache : basisNames.rss,
        take: ({ host }) => cell(host.peakUpper),
      },
    ],
  );
}

function gpuTable(basis: 'gpu-process' | 'gpu-delta', rows: readonly MemoryRow[]): MemoryTable[] {
  const name = basisNames[basis];
  return tableOf(
    basis,
    words.gpu,
    words.bases[basis],
    rows.filter((row) => basisOfGpu(row) === basis),
    [
      { name: words.idle, basis: name, take: ({ gpu }) => cell(gpu.idle) },
      { name: words.after, basis: name, take: ({ gpu }) => cell(gpu.afterLoad) },
      { name: words.peak, basis: name, take: ({ gpu }) => cell(gpu.peak) },
      {
        name: words.devices,
        basis: words.total,
        take: ({ gpu }) => plain(gpu.totalBytes === null ? null : formatBytes(gpu.totalBytes), gpu.readings),
      },
    ],
  );
}

const tokens = (value: number | null): string | null => (value === null ? null : String(Math.round(value)));

function cacheTable(rows: readonly MemoryRow[]): MemoryTable[] {
  const capacity = (basis: 'log' | 'metrics'): Column<MemoryRow> => ({
    name: words.capacityTokens,
    basis: basisNames[basis],
    take: ({ kv }) => plain(kv.capacityBasis === basis ? tokens(kv.capacityTokens) : null, kv.readings),
  });
  const size = (from: 'log' | 'declared'): Column<MemoryRow> => ({
    name: words.capacityBytes,
    basis: from === 'log' ? basisNames.log : words.declared,
    take: ({ kv }) =>
      plain(kv.capacityBytesFrom === from ? formatBytes(kv.capacityBytes) : null, kv.readings),
  });
  const counted = (name: string, take: (row: MemoryRow) => string | null): Column<MemoryRow> => ({
    name,
    basis: basisNames.metrics,
    take: (row) => plain(take(row), row.kv.readings),
  });
  return tableOf('kv', words.cache, words.cacheMeaning, rows, [
    { name: words.weights, basis: basisNames.log, take: ({ weights }) => cell(weights) },
    capacity('log'),
    capacity('metrics'),
    size('log'),
    size('declared'),
    counted(words.used, ({ kv }) => (kv.peakUsedRatio === null ? null : formatShare(kv.peakUsedRatio))),
    counted(words.held, ({ kv }) => tokens(kv.peakTokens)),
    counted(words.preemptions, ({ kv }) => tokens(kv.preemptions)),
  ]);
}

function estimateTable(rows: readonly MemoryRow[]): MemoryTable[] {
  const name = basisNames['api-ps'];
  return tableOf('api-ps', words.estimate, words.bases['api-ps'], rows, [
    { name: words.whole, basis: name, take: ({ estimate }) => cell(estimate.total) },
    { name: words.onGpu, basis: name, take: ({ estimate }) => cell(estimate.gpu) },
    { name: words.onHost, basis: name, take: ({ estimate }) => cell(estimate.host) },
    {
      name: words.context,
      basis: name,
      take: ({ estimate }) => plain(tokens(estimate.contextTokens), estimate.readings),
    },
  ]);
}

/** Groups that a probe looked for and found nothing of. */
function gapsOf({ target, host, gpu, kv, estimate }: MemoryRow): MemoryGap[] {
  const asked = [host, gpu, kv, estimate].filter(({ probe }) => probe !== null);
  if (asked.length === 0) return [{ target, probe: words.none, why: words.noProbe }];
  return asked.flatMap(({ probe, why }) => (why === null ? [] : [{ target, probe: probe ?? '', why }]));
}

export function memoryView({ memory }: Summary): MemoryView {
  return {
    tables: [
      ...hostTable('pss', memory),
      ...hostTable('rss', memory),
      ...hostTable('cgroup', memory),
      ...gpuTable('gpu-process', memory),
      ...gpuTable('gpu-delta', memory),
      ...cacheTable(memory),
      ...estimateTable(memory),
    ],
    gaps: memory.flatMap(gapsOf),
  };
}

export interface ServerLine {
  readonly target: string;
  readonly phase: string;
  readonly server: string;
  readonly promptTokens: string;
  readonly generationTokens: string;
  readonly usageTokens: string;
  readonly mismatch: string;
  readonly waiting: string;
  /** The server's median (or mean) and ours. */
  readonly ttft: string;
  readonly tpot: string;
  readonly flags: string;
  readonly readings: number;
}

export interface NamedLine {
  readonly target: string;
  readonly phase: string;
  readonly name: string;
  readonly first: string;
  readonly last: string;
  readonly peak: string;
}

/** `p50 812 ms, n 64; here 840 ms`: their difference is the network and this client. */
function timePair(row: ServerRow['ttftMs'], ours: number | null): string {
  if (row === null) return words.none;
  const theirs = row.p50 === null ? `${words.mean} ${formatMs(row.mean)}` : `p50 ${formatMs(row.p50)}`;
  return `${theirs}, n ${row.n}; ${words.here} ${ours === null ? words.none : `p50 ${formatMs(ours)}`}`;
}

function serverLine(row: ServerRow, speed: SpeedRow | undefined): ServerLine {
  const ours = row.phase === 'quality' ? speed : undefined;
  return {
    target: row.target,
    phase: row.phase,
    server: row.server ?? words.none,
    promptTokens: tokens(row.promptTokens) ?? words.none,
    generationTokens: tokens(row.generationTokens) ?? words.none,
    usageTokens: tokens(row.usageTokens) ?? words.none,
    mismatch: row.mismatch === null ? words.none : formatShare(row.mismatch),
    waiting: tokens(row.peakWaiting) ?? words.none,
    ttft: timePair(row.ttftMs, ours?.ttftMs.p50 ?? null),
    tpot: timePair(row.tpotMs, ours?.tpotMs.p50 ?? null),
    flags: row.flags.join(', '),
    readings: row.readings,
  };
}

export function serverLines({ servers, speed }: Summary): ServerLine[] {
  return servers.map((row) =>
    serverLine(
      row,
      speed.find((one) => one.target === row.target && one.language === null),
    ),
  );
}

export function namedLines({ servers }: Summary): NamedLine[] {
  return servers.flatMap(({ target, phase, named }) =>
    named.map(({ name, first, last, peak }) => ({
      target,
      phase,
      name,
      first: String(first),
      last: String(last),
      peak: String(peak),
    })),
  );
}
