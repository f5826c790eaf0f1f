/**
 * Two processes never write one run folder. The lock names its owner; a lock whose owner is gone is taken over and
 * said so. A process id alone proves nothing (ids repeat), so the process's start time stands beside it.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';

interface Owner {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  readonly started: string;
  readonly since: string;
  readonly nonce: string;
}

export interface Lock {
  /** What happened to an abandoned lock, or null. */
  readonly tookOver: string | null;
  readonly release: () => void;
}

/** Takes the folder or throws with exit 4, naming who holds it. `now` is ISO time, for people. */
export function takeLock(folder: string, now: string): Lock {
  const file = path.join(folder, 'lock');
  const mine: Owner = {
    host: hostname(),
    boot: bootId(),
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    since: now,
    nonce: randomBytes(8).toString('hex'),
  };
  let tookOver: string | null = null;
  for (let tries = 0; tries < 3; tries += 1) {
    if (create(file, mine)) return { tookOver, release: () => release(file, mine.nonce) };
    const owner = readOwner(file);
    if (owner !== null && !isGone(owner, mine)) {
      throw personError(
        `run folder is in use by process ${owner.pid} on ${owner.host} since ${owner.since}`,
        {
          hint: 'wait for it to end, or stop it',
          exit: exitCode.locked,
        },
      );
    }
    if (putAside(file, mine.nonce, owner?.nonce ?? null))
      tookOver = `an abandoned lock${owner === null ? '' : ` of process ${owner.pid}, started ${owner.since},`} was taken over`;
  }
  throw personError('run folder is in use', { hint: 'try again', exit: exitCode.locked });
}

/** Makes the lock with its content in one step; false where one is there already. */
function create(file: string, mine: Owner): boolean {
  const draft = `${file}.${mine.nonce}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes a dead lock out of the way. Between our look and our hand another may have taken it over: then what we hold is
 * a live lock, and it goes back.
 */
function putAside(file: string, nonce: string, dead: string | null): boolean {
  const aside = `${file}.${nonce}.aside`;
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  const isDead = (readOwner(aside)?.nonce ?? null) === dead;
  try {
    if (!isDead) linkSync(aside, file);
  } catch {
    // A third one was quicker; its lock stands.
  }
  rmSync(aside, { force: true });
  return isDead;
}

function release(file: string, nonce: string): void {
  if (readOwner(file)?.nonce === nonce) rmSync(file, { force: true });
}

function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

/** Only a process of this host and this boot can be known to be gone. */
function isGone(owner: Owner, here: Pick<Owner, 'host' | 'boot'>): boolean {
  if (owner.host !== here.host) return false;
  if (owner.boot !== here.boot) return true;
  const started = startOf(owner.pid);
  return started === null || (owner.started !== '' && started !== owner.started);
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Start time of a process in clock ticks (field 22 of `/proc/<pid>/stat`), '' where unknown, null when it is gone. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    try {
      process.kill(pid, 0);
      return '';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : null;
    }
  }
}
