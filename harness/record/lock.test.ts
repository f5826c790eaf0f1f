/** Two processes never write one run folder: who may take it over from whom, and what an owner does that has lost it. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchCalls } from '../../fixtures/crash/disk-calls.mjs';
import { takeLock, type Lock } from './lock.ts';
import { stateOf, thisProcess, type Owner } from './owner.ts';

let folder = '';
const held: Lock[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-lock-'));
});
afterEach(() => {
  for (const lock of held.splice(0)) lock.release();
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => path.join(folder, 'lock');
function take(now = 'later', force = false): Lock {
  const lock = takeLock(folder, { now, force });
  held.push(lock);
  return lock;
}

/** A lock of somebody else, touched so long ago. */
function plant(changes: Partial<Owner> | 'unreadable', ageMs: number): void {
  const owner = {
    ...thisProcess('2026-01-01T00:00:00Z', 'theirs'),
    ...(changes === 'unreadable' ? {} : changes),
  };
  writeFileSync(file(), changes === 'unreadable' ? '{"ho' : JSON.stringify(owner));
  const then = new Date(Date.now() - ageMs);
  utimesSync(file(), then, then);
}

const gonePid = 2 ** 22 + 1;
const young = 30_000;
const old = 61_000;

describe('a lock that is there', () => {
  // Each row: whose, how old its heartbeat; what becomes of it without and with --force-unlock.
  it.each([
    ['of this host, its process has ended', { pid: gonePid }, young, 'taken', 'taken'],
    ['of this host, its process id is another process by now', { started: '1' }, young, 'taken', 'taken'],
    ['of this host, its process runs', {}, young, 'kept', 'kept'],
    ['of this host, its process runs and was stopped for long', {}, old, 'kept', 'kept'],
    ['of this host before it was started again', { boot: 'other' }, old, 'taken', 'taken'],
    ['of a host of the same name, just touched', { boot: 'other' }, young, 'kept', 'kept'],
    ['of another container', { namespace: 'pid:[1]', pid: gonePid }, young, 'kept', 'kept'],
    ['of another container, silent', { namespace: 'pid:[1]', pid: gonePid }, old, 'kept', 'taken'],
    ['of another host', { host: 'elsewhere', pid: gonePid }, young, 'kept', 'kept'],
    ['of another host, silent', { host: 'elsewhere', pid: gonePid }, old, 'kept', 'taken'],
    ['of a process whose start is unknown', { started: '' }, young, 'kept', 'kept'],
    ['of a process whose start is unknown, silent', { started: '' }, old, 'kept', 'taken'],
    ['that cannot be read', 'unreadable', young, 'kept', 'kept'],
    ['that cannot be read, silent', 'unreadable', old, 'kept', 'taken'],
  ] as const)('%s', (_, changes, ageMs, plain, forced) => {
    for (const [force, wanted] of [
      [false, plain],
      [true, forced],
    ] as const) {
      plant(changes, ageMs);
      const attempt = (): Lock => take('now', force);
      if (wanted === 'kept') expect(attempt).toThrow(expect.objectContaining({ exit: 4 }));
      else expect(attempt().tookOver).toMatch(/an abandoned lock.* was taken over/u);
      held.splice(0).forEach((lock) => lock.release());
    }
  });

  it('is named to the second owner: process, host and start; and how to take it over, where one may', () => {
    plant({ host: 'elsewhere', pid: 77 }, young);
    expect(() => take()).toThrow(/in use by process 77 on elsewhere since 2026-01-01T00:00:00Z - wait/u);
    plant({ host: 'elsewhere', pid: 77 }, old);
    expect(() => take()).toThrow(/silent for more than a minute.*--force-unlock/u);
    expect(take('now', true).tookOver).toMatch(/process 77, started 2026-01-01.*its owner was silent/u);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'of a process that has ended and that nobody collects, as in a container, is nobody’s',
    async () => {
      // The shell becomes a program that never asks after its child.
      const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600']);
      try {
        const pid = await new Promise<number>((resolve) =>
          parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
        );
        const fields = (): string[] =>
          readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /u, '')
            .split(' ');
        const patience = { timeout: 30_000 };
        await vi.waitFor(
          () => expect(readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n'),
          patience,
        );
        process.kill(pid, 'SIGKILL');
        await vi.waitFor(() => expect(fields()[0]).toBe('Z'), patience);
        const here = thisProcess('now', 'mine');
        expect(stateOf({ ...here, pid, started: fields()[19] ?? '' }, here, 0)).toBe('gone');
      } finally {
        parent.kill();
      }
    },
  );

  it('is taken by one of several, and nothing of the others is left', () => {
    plant({ pid: gonePid }, young);
    expect(take('now').tookOver).not.toBeNull();
    expect(() => take()).toThrow(new RegExp(`process ${process.pid} on ${hostname()} since now`, 'u'));
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is put back when it turns out to be another’s than the one that was looked at', () => {
    plant({ pid: gonePid }, young);
    const live = JSON.stringify(thisProcess('meanwhile', 'quicker'));
    const restore = watchCalls(folder, ({ operation, file: name }) => {
      // Between the look and the hand, another taker has been here.
      if (operation === 'renameSync' && name === 'lock') writeFileSync(file(), live);
      return undefined;
    });
    expect(() => take('now')).toThrow(/since meanwhile/u);
    restore();
    expect(readFileSync(file(), 'utf8')).toBe(live);
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});

describe('the owner of a lock', () => {
  it('leaves nothing behind', () => {
    take().release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('hears that it was taken over, with the name of the other, and does not take the other’s lock away', async () => {
    const lock = take('first');
    await lock.check();
    plant({ host: 'elsewhere', pid: 77 }, 0);
    await expect(lock.check()).rejects.toThrow(/taken over by process 77 on elsewhere/u);
    await expect(lock.check()).rejects.toMatchObject({ exit: 4 });
    lock.release();
    expect(existsSync(file())).toBe(true);
  });

  it('makes it again where it is nobody’s: a taker is looking at it, or a person removed it', async () => {
    const lock = take('first');
    const content = readFileSync(file(), 'utf8');
    renameSync(file(), `${file()}.aside`);
    await lock.check();
    expect(readFileSync(file(), 'utf8')).toBe(content);
  });

  it('touches it every five seconds, and only while it is its own', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const lock = take('first');
    const ago = new Date(Date.now() - 3_600_000);
    utimesSync(file(), ago, ago);
    const touched = (): number => statSync(file()).mtimeMs;
    vi.advanceTimersByTime(5000);
    await vi.waitFor(() => expect(touched()).toBeGreaterThan(ago.getTime() + 1000));
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ since: 'first' });
    plant({ host: 'elsewhere' }, 3_600_000);
    const before = touched();
    vi.advanceTimersByTime(5000);
    await expect(lock.check()).rejects.toThrow(/taken over/u);
    expect(touched()).toBe(before);
    vi.useRealTimers();
  });
});

describe('a disk without hard links', () => {
  it('has locks all the same', () => {
    const restore = watchCalls(folder, ({ operation }) =>
      operation === 'linkSync' ? { error: 'ENOTSUP' } : undefined,
    );
    take('first');
    expect(() => take()).toThrow(/since first/u);
    restore();
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('that cannot be written at all is exit 5, not a stack', () => {
    const restore = watchCalls(folder, ({ operation }) =>
      operation === 'openSync' ? { error: 'EROFS' } : undefined,
    );
    expect(() => take()).toThrow(expect.objectContaining({ exit: 5 }));
    restore();
  });
});
