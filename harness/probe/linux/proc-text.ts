/** What stands in the files of `/proc`: text to values, nothing else. */

/** A `kB` line in bytes; null where there is none. */
export function readKilobytes(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(text);
  return found?.[1] === undefined ? null : Number(found[1]) * 1024;
}

export interface ProcessStat {
  readonly parent: number;
  /** Clock ticks since the machine began: with the pid it names one process for good. */
  readonly startTime: number;
}

/** Of `/proc/<pid>/stat`. The name in it may hold blanks and brackets, so fields count from the last `)`. */
export function parseStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(')');
  const fields = text
    .slice(end + 1)
    .trim()
    .split(' ');
  // After the name come fields 3, 4 ...: the parent is field 4, the start field 22.
  const parent = Number(fields[1]);
  const startTime = Number(fields[19]);
  if (end === -1 || !Number.isInteger(parent) || !Number.isFinite(startTime)) return null;
  return { parent, startTime };
}

/** Numbers separated by blanks: `children`, `cgroup.procs`. */
export function parsePids(text: string): number[] {
  return text
    .split(/\s+/u)
    .filter((word) => /^\d+$/u.test(word))
    .map(Number);
}

/** Inodes of the sockets that listen on a port, of `/proc/net/tcp` or `tcp6`. */
export function parseListeners(text: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/u);
      // 0A: listening.
      return state === '0A' && local.endsWith(`:${wanted}`) && inode !== undefined && inode !== '0'
        ? [inode]
        : [];
    });
}

/** `name number` lines, as in `memory.stat`. */
export function parseCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\S+) (\d+)$/u.exec(line) ?? [];
    if (name !== undefined && value !== undefined) counts.set(name, Number(value));
  }
  return counts;
}

/** A file with one number; `max` and anything else is null. */
export function parseCount(text: string): number | null {
  const word = text.trim();
  return /^\d+$/u.test(word) ? Number(word) : null;
}

/** The paths of a process in its control groups, of `/proc/<pid>/cgroup`: of version 2, and of the memory group of version 1. */
export function parseGroups(text: string): {
  readonly unified: string | null;
  readonly memory: string | null;
} {
  let unified: string | null = null;
  let memory: string | null = null;
  for (const line of text.split('\n')) {
    const [, number, names = '', path] = /^(\d+):([^:]*):(.*)$/u.exec(line) ?? [];
    if (path === undefined) continue;
    if (number === '0' && names === '') unified = path;
    else if (names.split(',').includes('memory')) memory = path;
  }
  return { unified, memory };
}
