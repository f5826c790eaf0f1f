/**
 * Memory of a server process on this machine, read from `/proc`. At quiet points the proportional set size (shared
 * pages divided among those who share them); under load only the cheap resident set, because the thorough reading
 * holds the process's memory map while it counts.
 */
import { readFileSync } from 'node:fs';
import type { Probe, Reading } from '../types.ts';

/** `kB` lines of a `/proc` file, in bytes. */
export function readKilobytes(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(text);
  return found?.[1] === undefined ? null : Number(found[1]) * 1024;
}

/** A probe of the processes given by target id. `now` is the wall clock in ms since 1970. */
export function processProbe(
  pids: ReadonlyMap<string, number>,
  now: () => number,
  read: (file: string) => string = readText,
): Probe {
  return {
    name: 'process',
    read: async (target, moment): Promise<Reading> => {
      const head = { v: 1, kind: 'reading', target, probe: 'process', at: now() } as const;
      const pid = pids.get(target);
      if (pid === undefined)
        return { ...head, status: 'unavailable', why: 'the server is not a process that visavis knows' };
      if (process.platform !== 'linux')
        return { ...head, status: 'unavailable', why: `no /proc on ${process.platform}` };
      try {
        const status = read(`/proc/${pid}/status`);
        const rss = readKilobytes(status, 'VmRSS');
        const peakRssBytes = readKilobytes(status, 'VmHWM');
        const pss = moment === 'loaded' ? null : proportional(pid, read);
        const bytes = pss ?? rss;
        if (bytes === null) return { ...head, status: 'unavailable', why: `process ${pid} has ended` };
        return { ...head, status: 'read', moment, basis: pss === null ? 'rss' : 'pss', bytes, peakRssBytes };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // ESRCH: it ended between the opening and the reading of its file.
        const ended = code === 'ENOENT' || code === 'ESRCH';
        return {
          ...head,
          status: 'unavailable',
          why: ended ? `process ${pid} has ended` : `cannot read /proc/${pid}: ${String(code)}`,
        };
      }
    },
  };
}

/** null where the system does not let us look. */
function proportional(pid: number, read: (file: string) => string): number | null {
  try {
    return readKilobytes(read(`/proc/${pid}/smaps_rollup`), 'Pss');
  } catch {
    return null;
  }
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}
