/** Who holds a run folder, and whether it still runs. A process id alone proves nothing: ids repeat, in containers soon. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Owner {
  readonly host: string;
  /** Id of the boot; '' where the system has none. */
  readonly boot: string;
  /** Within which `pid` counts; '' where the system has none. Absent in locks of the first form. */
  readonly namespace?: string;
  readonly pid: number;
  /** Start time of the process in clock ticks; '' where unknown. */
  readonly started: string;
  /** ISO time, for people. */
  readonly since: string;
  readonly nonce: string;
}

/** This process, as another will see it. */
export function thisProcess(since: string, nonce: string): Owner {
  return {
    host: hostname(),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: pidNamespace(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    since,
    nonce,
  };
}

/** A heartbeat older than this is none. ms */
const staleAfterMs = 60_000;

/**
 * `gone`: proven to have ended. `alive`: proven to run. `fresh`, `stale`: nothing is proven, its heartbeat is younger or
 * older than a minute.
 */
export type OwnerState = 'gone' | 'alive' | 'fresh' | 'stale';

/** `owner`: null where the lock cannot be read. `ageMs`: of its heartbeat. */
export function stateOf(owner: Owner | null, here: Owner, ageMs: number): OwnerState {
  const byAge = ageMs > staleAfterMs ? 'stale' : 'fresh';
  if (owner === null || owner.host !== here.host) return byAge;
  // The machine was started again; or another one has its name, which a minute without heartbeat rules out.
  if (owner.boot !== here.boot) return byAge === 'stale' ? 'gone' : 'fresh';
  if (owner.namespace !== undefined && owner.namespace !== here.namespace) return byAge;
  const started = startOf(owner.pid);
  if (started === null) return 'gone';
  if (started === '' || owner.started === '') return byAge;
  return started === owner.started ? 'alive' : 'gone';
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Start time of a process in clock ticks (fields 3 and 22 of `/proc/<pid>/stat`), '' where unknown, null when it has ended. */
function startOf(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat !== '') {
    // The name before may hold spaces and brackets of its own.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Ended, and only not collected yet: in a container without an init that may last for ever.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? '');
  }
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : null;
  }
}
