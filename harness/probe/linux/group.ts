/**
 * Memory of a container's control group, of both versions. Its total holds the page cache too, which the system drops
 * when it wants: what counts is anonymous, shared and mapped file memory.
 */
import type { HostFigures } from '../../types.ts';
import { tryList, tryText, type SystemFiles } from './files.ts';
import { parseCount, parseCounts, parsePids } from './proc-text.ts';

/** Names of the same things in the two versions; those of version 1 that end in `total_` count the groups below too. */
const names = {
  2: {
    anon: 'anon',
    shmem: 'shmem',
    mapped: 'file_mapped',
    peak: 'memory.peak',
    swap: 'memory.swap.current',
  },
  1: {
    anon: 'total_rss',
    shmem: 'total_shmem',
    mapped: 'total_mapped_file',
    peak: 'memory.max_usage_in_bytes',
    swap: null,
  },
} as const;

/** null where the folder is none of a memory group. */
export function groupFigures(files: SystemFiles, folder: string): HostFigures | null {
  const text = tryText(files, `${folder}/memory.stat`);
  if (text === null) return null;
  const stat = parseCounts(text);
  const version = stat.has('anon') ? names[2] : names[1];
  const anon = stat.get(version.anon);
  const shmem = stat.get(version.shmem);
  const mapped = stat.get(version.mapped);
  if (anon === undefined || shmem === undefined || mapped === undefined) return null;
  // Mapped pages hold the mapped part of shared memory: counting both would count that part twice.
  const fileBytes = Math.max(0, mapped - shmem);
  const swap =
    version.swap === null
      ? stat.get('total_swap')
      : parseCount(tryText(files, `${folder}/${version.swap}`) ?? '');
  return {
    basis: 'cgroup',
    bytes: anon + shmem + fileBytes,
    anonShmemBytes: anon + shmem,
    fileBytes,
    swapBytes: swap ?? null,
    rssBytes: null,
    peakBytes: parseCount(tryText(files, `${folder}/${version.peak}`) ?? ''),
    processes: groupPids(files, folder).length,
  };
}

/** Processes of a group and of the groups below it. */
export function groupPids(files: SystemFiles, folder: string, depth = 0): number[] {
  const own = parsePids(tryText(files, `${folder}/cgroup.procs`) ?? '');
  if (depth >= 8) return own;
  const below = tryList(files, folder).filter(
    (name) => tryText(files, `${folder}/${name}/cgroup.procs`) !== null,
  );
  return [...own, ...below.flatMap((name) => groupPids(files, `${folder}/${name}`, depth + 1))];
}
