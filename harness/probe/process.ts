/**
 * Memory of a server on this machine, all its processes together, read from `/proc`. At quiet points the proportional
 * set size (shared pages divided among those who share them, so that processes add up); under load only the cheap
 * resident set, because the thorough reading holds a process's memory map while it counts.
 */
import type { HostFigures, Probe, Sight } from '../types.ts';
import { codeOf, systemFiles, tryText, type SystemFiles } from './linux/files.ts';
import { groupFigures } from './linux/group.ts';
import { parseStat, readKilobytes } from './linux/proc-text.ts';
import type { ProcessId } from './linux/tree.ts';
import type { Located, Locator } from './locate.ts';

const everyMs = 500;

/** A probe of the processes that `locator` finds. */
export function processProbe(locator: Locator, files: SystemFiles = systemFiles): Probe {
  return {
    name: 'process',
    everyMs,
    read: async (target, moment): Promise<Sight | null> => {
      if (moment === 'before-start') return null;
      const located = await locator.locate(target);
      if ('why' in located) return { status: 'unavailable', why: located.why };
      const seen = figuresOf(files, located.found, moment === 'loaded');
      if ('why' in seen) return { status: 'unavailable', why: seen.why };
      const flags = [
        ...(located.found.isRestarted ? ['process-restarted'] : []),
        ...((seen.swapBytes ?? 0) > 0 ? ['swapped'] : []),
      ];
      return { status: 'read', flags, ...seen };
    },
  };
}

type Seen = HostFigures | { readonly why: string };

function figuresOf(files: SystemFiles, located: Located, isCheap: boolean): Seen {
  const { group, processes } = located;
  if (group !== null)
    return groupFigures(files, group) ?? { why: `cannot read the memory of the control group ${group}` };
  const resident = residentSets(files, processes);
  if ('why' in resident || isCheap) return resident;
  // One process that may not be looked at closely decides for all: two bases never add up.
  return proportionalSets(files, processes, resident) ?? resident;
}

/** Sums over a tree count shared pages once per process: an upper bound, unless there is one process alone. */
function residentSets(files: SystemFiles, processes: readonly ProcessId[]): Seen {
  const found: Summed[] = [];
  let hidden: string | null = null;
  for (const { pid, startTime } of processes) {
    try {
      const status = files.text(`/proc/${pid}/status`);
      const bytes = readKilobytes(status, 'VmRSS');
      // A process that has ended but is not yet buried has no memory lines.
      if (bytes === null || !isSame(files, pid, startTime)) continue;
      found.push({
        bytes,
        peakBytes: readKilobytes(status, 'VmHWM'),
        swapBytes: readKilobytes(status, 'VmSwap'),
      });
    } catch (error) {
      const code = codeOf(error);
      // ESRCH: it ended between the opening and the reading of its file.
      if (code !== 'ENOENT' && code !== 'ESRCH') hidden = `cannot read /proc/${pid}: ${code}`;
    }
  }
  if (hidden !== null) return { why: hidden };
  if (found.length === 0) return { why: `process ${processes[0]?.pid ?? 0} has ended` };
  return {
    basis: 'rss',
    bytes: sum(found.map((each) => each.bytes)),
    anonShmemBytes: null,
    fileBytes: null,
    swapBytes: sumOrNull(found.map((each) => each.swapBytes)),
    rssBytes: sum(found.map((each) => each.bytes)),
    peakBytes: sumOrNull(found.map((each) => each.peakBytes)),
    processes: found.length,
  };
}

interface Summed {
  readonly bytes: number;
  readonly peakBytes: number | null;
  readonly swapBytes: number | null;
}

/** null where the system does not let us look at one of them. */
function proportionalSets(
  files: SystemFiles,
  processes: readonly ProcessId[],
  resident: HostFigures,
): HostFigures | null {
  let bytes = 0;
  const parts: { anonShmem: number | null; file: number | null; swap: number | null }[] = [];
  for (const { pid, startTime } of processes) {
    let rollup: string;
    try {
      rollup = files.text(`/proc/${pid}/smaps_rollup`);
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes(codeOf(error)) && !isSame(files, pid, startTime)) continue;
      return null;
    }
    const pss = readKilobytes(rollup, 'Pss');
    if (pss === null || !isSame(files, pid, startTime)) continue;
    bytes += pss;
    const anon = readKilobytes(rollup, 'Pss_Anon');
    const shmem = readKilobytes(rollup, 'Pss_Shmem');
    parts.push({
      anonShmem: anon === null || shmem === null ? null : anon + shmem,
      file: readKilobytes(rollup, 'Pss_File'),
      swap: readKilobytes(rollup, 'SwapPss'),
    });
  }
  if (parts.length === 0) return null;
  return {
    basis: 'pss',
    bytes,
    anonShmemBytes: sumOrNull(parts.map((part) => part.anonShmem)),
    fileBytes: sumOrNull(parts.map((part) => part.file)),
    swapBytes: sumOrNull(parts.map((part) => part.swap)),
    rssBytes: resident.rssBytes,
    peakBytes: resident.peakBytes,
    processes: parts.length,
  };
}

/** Asked after its memory was read: a number that was given to another process meanwhile is not counted. */
function isSame(files: SystemFiles, pid: number, startTime: number): boolean {
  return parseStat(tryText(files, `/proc/${pid}/stat`) ?? '')?.startTime === startTime;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Unknown as soon as one part is. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  let total = 0;
  for (const value of values) {
    if (value === null) return null;
    total += value;
  }
  return total;
}
