/**
 * Two processes never write one run folder. The lock names its owner and is touched while it is held; one whose owner is
 * gone is taken over, and that is said. The nonce in it is looked at again before each flush: a process that slept until
 * another was told to take its folder stops without another byte.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { exitCode, personError } from '../errors.ts';
import { stateOf, thisProcess, type Owner, type OwnerState } from './owner.ts';
import { onDisk, storageError } from './storage-error.ts';
import { writeWhole } from './write-whole.ts';

const heartbeatMs = 5000;

export interface Lock {
  /** What happened to an abandoned lock, or null. */
  readonly tookOver: string | null;
  /** Rejects (exit 4) when another process has the folder by now. */
  readonly check: () => Promise<void>;
  readonly release: () => void;
}

export interface LockOptions {
  /** ISO time, for people. */
  readonly now: string;
  /** Take over from an owner of whom nothing is known but that it is silent. */
  readonly force?: boolean;
}

/** Takes the folder or throws with exit 4, naming who holds it. */
export function takeLock(folder: string, { now, force = false }: LockOptions): Lock {
  const file = path.join(folder, 'lock');
  const mine = thisProcess(now, randomBytes(8).toString('hex'));
  return onDisk(file, () => {
    sweep(folder);
    let tookOver: string | null = null;
    for (let tries = 0; tries < 3; tries += 1) {
      const ageMs = create(file, mine);
      if (ageMs === null) return hold(file, mine, tookOver);
      const owner = readOwner(file);
      const state = stateOf(owner, mine, ageMs);
      if (state !== 'gone' && !(state === 'stale' && force)) throw inUse(owner, state);
      if (putAside(file, mine.nonce, owner?.nonce ?? null)) tookOver = describeTakeOver(owner, state);
    }
    throw personError('run folder is in use', { hint: 'try again', exit: exitCode.locked });
  });
}

const name = (owner: Owner | null): string =>
  owner === null ? 'a process unknown' : `process ${owner.pid} on ${owner.host} since ${owner.since}`;

function inUse(owner: Owner | null, state: OwnerState): Error {
  return personError(`run folder is in use by ${name(owner)}`, {
    hint:
      state === 'stale'
        ? 'it has been silent for more than a minute: if it is gone for certain, take over with --force-unlock'
        : 'wait for it to end, or stop it',
    exit: exitCode.locked,
  });
}

function describeTakeOver(owner: Owner | null, state: OwnerState): string {
  const whose = owner === null ? '' : ` of process ${owner.pid}, started ${owner.since},`;
  return `an abandoned lock${whose} was taken over${state === 'stale' ? ': its owner was silent' : ''}`;
}

function hold(file: string, mine: Owner, tookOver: string | null): Lock {
  const timer = setInterval(() => void beat(file, mine.nonce), heartbeatMs).unref();
  return {
    tookOver,
    check: async () => {
      const owner = parseOwner(await textOf(file));
      if (owner?.nonce === mine.nonce) return;
      // Nobody's: a taker looks at ours by mistake and is about to put it back, or a person removed it.
      if (owner === null && onDisk(file, () => create(file, mine)) === null) return;
      if (owner === null && readOwner(file)?.nonce === mine.nonce) return;
      throw personError(`run folder was taken over by ${name(owner ?? readOwner(file))}`, {
        hint: 'nothing more was written here; what was recorded before is kept',
        exit: exitCode.locked,
      });
    },
    release: () => {
      clearInterval(timer);
      try {
        if (readOwner(file)?.nonce === mine.nonce) rmSync(file, { force: true });
      } catch {
        // A lock whose owner is gone is taken over at once.
      }
    },
  };
}

/**
 * Who holds the folder, in words; null: nobody, or one who is gone or silent. Changes nothing, so it may be asked of a
 * folder that came from elsewhere: what its lock says is taken as data.
 */
export function holderOf(folder: string): string | null {
  const file = path.join(folder, 'lock');
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const said = readOwner(file);
  const owner = Number.isSafeInteger(said?.pid) ? said : null;
  const state = stateOf(owner, thisProcess('', ''), Date.now() - found.mtimeMs);
  return state === 'alive' || state === 'fresh' ? name(owner) : null;
}

/** A byte is written over itself: so the time on the file is the disk's, whatever this machine thinks. */
async function beat(file: string, nonce: string): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      const owner = parseOwner(await handle.readFile('utf8'));
      if (owner?.nonce === nonce) await handle.write('{', 0);
    } finally {
      await handle.close();
    }
  } catch {
    // Gone, or the disk is: whoever writes next will see it.
  }
}

/**
 * Makes the lock with its content in one step. Where one is there already: how much older than now it is by the clock
 * of the disk, ms.
 */
function create(file: string, mine: Owner): number | null {
  const draft = `${file}.${mine.nonce}`;
  writeNew(draft, mine);
  try {
    linkSync(draft, file);
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && createWithoutLinks(file, mine, error)) return null;
    return ageOf(file, draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Codes of disks that know no hard links. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function createWithoutLinks(file: string, mine: Owner, refusal: unknown): boolean {
  if (!linkless.has((refusal as NodeJS.ErrnoException).code ?? '')) throw refusal;
  try {
    writeNew(file, mine);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function writeNew(file: string, owner: Owner): void {
  const fd = openSync(file, 'wx');
  try {
    writeWhole(fd, Buffer.from(JSON.stringify(owner)));
  } finally {
    closeSync(fd);
  }
}

/** Gone meanwhile counts as new: the next try will see. */
function ageOf(file: string, fresh: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 0 : statSync(fresh).mtimeMs - found.mtimeMs;
}

/**
 * Takes a dead lock out of the way. Between our look and our hand another may have taken it over: then what we hold is
 * a live lock, and it goes back.
 */
function putAside(file: string, nonce: string, dead: string | null): boolean {
  const aside = `${file}.${nonce}.aside`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
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

/** What takers that were killed left lying about. */
function sweep(folder: string): void {
  for (const entry of readdirSync(folder)) {
    if (!/^lock\.[0-9a-f]{16}(?:\.aside)?$/u.test(entry)) continue;
    const file = path.join(folder, entry);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > 10 * 60_000) rmSync(file, { force: true });
  }
}

/** '' where there is none. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw storageError(file, error as NodeJS.ErrnoException, { verb: 'read' });
  }
}

function readOwner(file: string): Owner | null {
  try {
    return parseOwner(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function parseOwner(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Owner | null;
    return typeof owner?.nonce === 'string' ? owner : null;
  } catch {
    return null;
  }
}
