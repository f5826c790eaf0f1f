import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { code, fakeFiles, fakeProcess, type FakeFiles } from '../../fixtures/probe/fake-files.ts';
import type { HostFigures, Moment, Probe, Sight } from '../types.ts';
import { createLocator, type ServerPlace } from './locate.ts';
import { processProbe } from './process.ts';

const mebibyte = 1024 * 1024;
const linux = process.platform === 'linux';
const nowhere: ServerPlace = { remote: null, port: null, pid: null, container: null };

function probeOf(place: Partial<ServerPlace>, files?: FakeFiles): Probe {
  const fake = files === undefined ? undefined : fakeFiles(files);
  return processProbe(createLocator(new Map([['t', { ...nowhere, ...place }]]), fake), fake);
}

type Seen = HostFigures & { readonly status: 'read'; readonly flags: readonly string[] };

function seen(sight: Sight | null): Seen {
  if (sight === null || sight.status !== 'read') throw new Error(sight === null ? 'nothing' : sight.why);
  return sight as Seen;
}

/** Touches 64 MiB when told to: memory that is only reserved is in no resident set. */
const eater = `
  let held;
  process.stdin.on('data', () => { held = Buffer.alloc(64 * 1024 * 1024, 1); console.log('holding', held.length); });
  console.log('ready');
`;

async function startEater(): Promise<{
  readonly pid: number;
  readonly eat: () => Promise<void>;
  readonly end: () => Promise<void>;
}> {
  const child = spawn(process.execPath, ['-e', eater], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return {
    pid: child.pid ?? 0,
    eat: async () => {
      const said = once(lines, 'line');
      child.stdin.write('eat\n');
      await said;
    },
    end: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

describe.runIf(linux)('the process probe on a real process', () => {
  it('sees 64 MiB that a child allocates, as resident and as proportional set, and keeps their peak', async () => {
    const child = await startEater();
    try {
      const probe = probeOf({ pid: child.pid });
      const before = seen(await probe.read('t', 'loaded'));
      const idle = seen(await probe.read('t', 'idle'));
      await child.eat();
      const loaded = seen(await probe.read('t', 'loaded'));
      const after = seen(await probe.read('t', 'after'));

      expect(loaded).toMatchObject({ status: 'read', basis: 'rss', processes: 1 });
      const grown = loaded.bytes - before.bytes;
      expect(grown / (64 * mebibyte)).toBeGreaterThan(0.75);
      expect(grown / (64 * mebibyte)).toBeLessThan(1.6);
      expect(loaded.peakBytes).toBeGreaterThanOrEqual(loaded.bytes);
      expect(after.bytes - idle.bytes).toBeGreaterThan(0.75 * 64 * mebibyte);
      // Shared pages are divided, so the proportional set is never the larger; some systems do not let us look.
      expect(after.basis).toBe(idle.basis);
      expect(after.bytes / loaded.bytes).toBeLessThan(1.1);
      expect(after.rssBytes).toBeGreaterThan(after.bytes * 0.9);
      if (after.basis === 'pss')
        expect((after.anonShmemBytes ?? 0) + (after.fileBytes ?? 0)).toBeGreaterThan(0.95 * after.bytes);
    } finally {
      await child.end();
    }
  });

  it('says that a process has ended, whichever the moment, and takes no other under its number', async () => {
    const child = await startEater();
    const probe = probeOf({ pid: child.pid });
    expect((await probe.read('t', 'idle'))?.status).toBe('read');
    await child.end();
    for (const moment of ['idle', 'loaded', 'after'] as const)
      expect(await probe.read('t', moment)).toEqual({
        status: 'unavailable',
        why: `process ${child.pid} has ended`,
      });
  });
});

const python = linux && spawnSync('python3', ['-c', 'import mmap']).status === 0;

describe.runIf(linux)('a tree whose processes map one file', () => {
  const size = 96;
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'visavis-tree-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!python)(
    'counts it once in its proportional set, and once per process in resident sets',
    async () => {
      const file = path.join(folder, 'weights');
      writeFileSync(file, '');
      truncateSync(file, size * mebibyte);
      const script = path.join(import.meta.dirname, '..', '..', 'fixtures', 'probe', 'tree.py');
      const child = spawn('python3', [script, file, String(size)], { stdio: ['pipe', 'pipe', 'inherit'] });
      try {
        const lines = createInterface({ input: child.stdout });
        let mapped = 0;
        await new Promise<void>((resolve) => {
          lines.on('line', () => {
            mapped += 1;
            if (mapped === 2) resolve();
          });
        });
        const probe = probeOf({ pid: child.pid ?? 0 });
        const quiet = seen(await probe.read('t', 'idle'));
        const loaded = seen(await probe.read('t', 'loaded'));
        expect(quiet.processes).toBe(2);
        expect(loaded).toMatchObject({ basis: 'rss', processes: 2 });
        // Two interpreters take some MiB of their own, the file 96.
        expect(loaded.bytes / mebibyte).toBeGreaterThan(2 * size);
        expect(loaded.bytes / mebibyte).toBeLessThan(2 * size + 60);
        expect(quiet.basis).toBe('pss');
        expect(quiet.bytes / mebibyte).toBeGreaterThan(size);
        expect(quiet.bytes / mebibyte).toBeLessThan(size + 60);
        // On a disk its pages are a file's, in memory (tmpfs) shared memory.
        expect(((quiet.fileBytes ?? 0) + (quiet.anonShmemBytes ?? 0)) / mebibyte).toBeGreaterThan(size);
        expect(quiet.rssBytes).toBeGreaterThan(1.5 * quiet.bytes);
      } finally {
        const gone = once(child, 'exit');
        child.stdin.end();
        await gone;
      }
    },
  );
});

const status = 'Name:\tx\nVmHWM:\t  4096 kB\nVmRSS:\t  2048 kB\nVmSwap:\t 0 kB\nThreads:\t4\n';
const rollup =
  'Rss: 2048 kB\nPss:  1024 kB\nPss_Anon:  512 kB\nPss_File:  400 kB\nPss_Shmem:  112 kB\nSwapPss: 0 kB\n';

/** Process 7, whose `/proc` holds the given texts. */
const seven = (files: Readonly<Record<string, string | Error | (() => string)>>): Probe =>
  probeOf({ pid: 7 }, { texts: fakeProcess(7, { 'task/7/children': '', ...files }) });

describe.runIf(linux)('the process probe', () => {
  it('takes the thorough look at quiet points only', async () => {
    const asked: string[] = [];
    const probe = seven({
      status,
      smaps_rollup: () => {
        asked.push('smaps_rollup');
        return rollup;
      },
    });
    expect(await probe.read('t', 'loaded')).toMatchObject({
      basis: 'rss',
      bytes: 2048 * 1024,
      peakBytes: 4096 * 1024,
      anonShmemBytes: null,
    });
    expect(asked).toEqual([]);
    expect(await probe.read('t', 'idle')).toMatchObject({
      basis: 'pss',
      bytes: 1024 * 1024,
      anonShmemBytes: 624 * 1024,
      fileBytes: 400 * 1024,
      swapBytes: 0,
      rssBytes: 2048 * 1024,
      peakBytes: 4096 * 1024,
      flags: [],
    });
    expect(await probe.read('t', 'after')).toMatchObject({ basis: 'pss' });
    expect(asked).toHaveLength(2);
  });

  it('has nothing to say before there is a server', async () => {
    expect(await seven({ status }).read('t', 'before-start')).toBeNull();
  });

  it('flags memory that was swapped out', async () => {
    const probe = seven({ status, smaps_rollup: rollup.replace('SwapPss: 0', 'SwapPss: 8') });
    expect(await probe.read('t', 'idle')).toMatchObject({ flags: ['swapped'], swapBytes: 8 * 1024 });
  });

  it('falls back to the resident set, and says so, where the thorough look is forbidden', async () => {
    const probe = seven({ status, smaps_rollup: code('EACCES') });
    expect(await probe.read('t', 'idle')).toMatchObject({ status: 'read', basis: 'rss', bytes: 2048 * 1024 });
  });

  it('never adds a proportional set to a resident one: one forbidden child decides for all', async () => {
    const probe = probeOf(
      { pid: 7 },
      {
        texts: {
          ...fakeProcess(7, { 'task/7/children': '8', status, smaps_rollup: rollup }),
          ...fakeProcess(8, { parent: 7, 'task/8/children': '', status, smaps_rollup: code('EACCES') }),
        },
      },
    );
    expect(await probe.read('t', 'idle')).toMatchObject({
      basis: 'rss',
      bytes: 2 * 2048 * 1024,
      processes: 2,
    });
  });

  it('knows no peak rather than a peak of zero when the kernel gives none', async () => {
    const probe = seven({ status: 'VmRSS:\t  2048 kB\n' });
    expect(await probe.read('t', 'loaded')).toMatchObject({ bytes: 2048 * 1024, peakBytes: null });
  });

  it.each([
    ['has no file any more', { status: code('ENOENT') }, 'process 7 has ended'],
    ['ends while it is read', { status: code('ESRCH') }, 'process 7 has ended'],
    ['is a zombie, without memory lines', { status: 'State:\tZ (zombie)\n' }, 'process 7 has ended'],
    ['is hidden from us', { status: code('EACCES') }, 'cannot read /proc/7: EACCES'],
  ])('is unavailable, not zero, when the process %s', async (_what, files, why) => {
    for (const moment of ['idle', 'loaded'] as const)
      expect(await seven(files).read('t', moment)).toEqual({ status: 'unavailable', why });
  });

  it('counts no memory that was read from another process under the same number', async () => {
    let starts = 0;
    const texts = {
      ...fakeProcess(7, { 'task/7/children': '8', status }),
      ...fakeProcess(8, { parent: 7, 'task/8/children': '', status }),
      // Its number is given to another between the walk over the tree and the look at its memory.
      '/proc/8/stat': () => {
        starts += 1;
        return `8 (p) S 7 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${starts > 1 ? 900 : 100} 0 0`;
      },
    };
    expect(await probeOf({ pid: 7 }, { texts }).read('t', 'loaded')).toMatchObject({
      processes: 1,
      bytes: 2048 * 1024,
    });
  });

  it('takes up a server that was started again on its port, and flags it', async () => {
    const listening = 'x\n   0: 00000000:1F40 00000000:0000 0A 0:0 00:0 0 0 0 77 1 0\n';
    let pid = 7;
    const files = {
      text: (file: string): string => {
        if (file === '/proc/net/tcp') return listening;
        if (file === `/proc/${pid}/stat`)
          return `${pid} (p) S 1 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid * 10} 0 0`;
        if (file === `/proc/${pid}/status`) return status;
        throw code('ENOENT');
      },
      list: (folder: string): string[] => {
        if (folder === '/proc') return ['7', '9', 'net'];
        return folder === `/proc/${pid}/fd` ? ['3'] : [];
      },
      link: (): string => 'socket:[77]',
    };
    const probe = processProbe(createLocator(new Map([['t', { ...nowhere, port: 8000 }]]), files), files);
    expect(await probe.read('t', 'loaded')).toMatchObject({ status: 'read', flags: [] });
    pid = 9;
    expect(await probe.read('t', 'loaded')).toMatchObject({ status: 'read', flags: ['process-restarted'] });
    expect(await probe.read('t', 'loaded')).toMatchObject({ status: 'read', flags: [] });
  });

  it('is unavailable for a server on another machine', async () => {
    expect(await probeOf({ remote: 'gpu.example', port: 8000 }, {}).read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: 'remote: the server is on another machine, gpu.example',
    });
  });

  it('is unavailable for a target whose process nobody knows', async () => {
    expect(await probeOf({}, {}).read('مجهول', 'idle')).toEqual({
      status: 'unavailable',
      why: 'the server is not a process that visavis knows',
    });
  });
});

describe('the process probe off Linux', () => {
  const real = Object.getOwnPropertyDescriptor(process, 'platform');
  afterEach(() => {
    if (real !== undefined) Object.defineProperty(process, 'platform', real);
  });

  it.each(['darwin', 'win32'])('says that %s has no /proc, and reads none', async (platform) => {
    Object.defineProperty(process, 'platform', { ...real, value: platform });
    let reads = 0;
    const probe = seven({
      status: () => {
        reads += 1;
        return status;
      },
    });
    const moment: Moment = 'idle';
    expect(await probe.read('t', moment)).toEqual({
      status: 'unavailable',
      why: `platform: no /proc on ${platform}`,
    });
    expect(reads).toBe(0);
  });
});
