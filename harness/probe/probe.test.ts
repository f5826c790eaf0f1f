import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Probe, Reading } from '../types.ts';
import { poll } from './poll.ts';
import { processProbe, readKilobytes } from './process.ts';

const mebibyte = 1024 * 1024;
const linux = process.platform === 'linux';

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

function bytesOf(reading: Reading): number {
  if (reading.status !== 'read') throw new Error(reading.why);
  return reading.bytes;
}

describe.runIf(linux)('the process probe on a real process', () => {
  it('sees 64 MiB that a child allocates, as resident and as proportional set, and keeps their peak', async () => {
    const child = await startEater();
    try {
      const probe = processProbe(new Map([['kahawa', child.pid]]), () => 1_700_000_000_123);
      const rssBefore = bytesOf(await probe.read('kahawa', 'loaded'));
      const idle = await probe.read('kahawa', 'idle');
      await child.eat();
      const loaded = await probe.read('kahawa', 'loaded');
      const after = await probe.read('kahawa', 'after');

      expect(loaded).toMatchObject({
        v: 1,
        kind: 'reading',
        status: 'read',
        target: 'kahawa',
        probe: 'process',
        basis: 'rss',
        moment: 'loaded',
        at: 1_700_000_000_123,
      });
      const grown = bytesOf(loaded) - rssBefore;
      expect(grown / (64 * mebibyte)).toBeGreaterThan(0.75);
      expect(grown / (64 * mebibyte)).toBeLessThan(1.6);
      expect(loaded.status === 'read' && loaded.peakRssBytes).toBeGreaterThanOrEqual(bytesOf(loaded));

      expect(after.status === 'read' && after.moment).toBe('after');
      expect(bytesOf(after) - bytesOf(idle)).toBeGreaterThan(0.75 * 64 * mebibyte);
      // Shared pages are divided, so the proportional set is never the larger; some systems do not let us look.
      expect(after.status === 'read' && after.basis).toBe(idle.status === 'read' && idle.basis);
      expect(bytesOf(after) / bytesOf(loaded)).toBeLessThan(1.1);
    } finally {
      await child.end();
    }
  });

  it('says that a process has ended, whichever the moment', async () => {
    const child = await startEater();
    const probe = processProbe(new Map([['gone', child.pid]]), () => 5);
    expect((await probe.read('gone', 'idle')).status).toBe('read');
    await child.end();
    for (const moment of ['idle', 'loaded', 'after'] as const) {
      expect(await probe.read('gone', moment)).toEqual({
        v: 1,
        kind: 'reading',
        status: 'unavailable',
        target: 'gone',
        probe: 'process',
        why: `process ${child.pid} has ended`,
        at: 5,
      });
    }
  });
});

const status = 'Name:\tllama-server\nVmPeak:\t 9000 kB\nVmHWM:\t  4096 kB\nVmRSS:\t  2048 kB\nThreads:\t4\n';
const rollup =
  '00400000-7fff ---p 00000000 00:00 0 [rollup]\nRss:  2048 kB\nPss:  1024 kB\nPss_Anon:  512 kB\n';
const failing = (code: string): (() => never) => {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
};

/** A probe of process 7 whose `/proc` is the given texts. */
function probeOf(files: Readonly<Record<string, string | (() => string)>>): Probe {
  return processProbe(
    new Map([['t', 7]]),
    () => 1,
    (file) => {
      const found = files[file.replace('/proc/7/', '')] ?? failing('ENOENT');
      return typeof found === 'string' ? found : found();
    },
  );
}

describe.runIf(linux)('the process probe', () => {
  it('takes the thorough reading at quiet points only', async () => {
    const asked: string[] = [];
    const probe = probeOf({
      status,
      smaps_rollup: () => {
        asked.push('smaps_rollup');
        return rollup;
      },
    });
    expect(await probe.read('t', 'loaded')).toMatchObject({
      basis: 'rss',
      bytes: 2048 * 1024,
      peakRssBytes: 4096 * 1024,
    });
    expect(asked).toEqual([]);
    expect(await probe.read('t', 'idle')).toMatchObject({ basis: 'pss', bytes: 1024 * 1024, moment: 'idle' });
    expect(await probe.read('t', 'after')).toMatchObject({
      basis: 'pss',
      bytes: 1024 * 1024,
      moment: 'after',
    });
    expect(asked).toHaveLength(2);
  });

  it('falls back to the resident set, and says so, where the thorough reading is forbidden', async () => {
    const probe = probeOf({ status, smaps_rollup: failing('EACCES') });
    expect(await probe.read('t', 'idle')).toMatchObject({ status: 'read', basis: 'rss', bytes: 2048 * 1024 });
  });

  it('knows no peak rather than a peak of zero when the kernel gives none', async () => {
    const probe = probeOf({ status: 'VmRSS:\t  2048 kB\n' });
    expect(await probe.read('t', 'loaded')).toMatchObject({ bytes: 2048 * 1024, peakRssBytes: null });
  });

  it.each([
    ['has no file any more', { status: failing('ENOENT') }, 'process 7 has ended'],
    ['ends while it is read', { status: failing('ESRCH') }, 'process 7 has ended'],
    [
      'is a zombie, without memory lines',
      { status: 'Name:\tollama\nState:\tZ (zombie)\n' },
      'process 7 has ended',
    ],
    ['is hidden from us', { status: failing('EACCES') }, 'cannot read /proc/7: EACCES'],
  ])('is unavailable, not zero, when the process %s', async (_what, files, why) => {
    for (const moment of ['idle', 'loaded'] as const) {
      expect(await probeOf(files).read('t', moment)).toMatchObject({ status: 'unavailable', why });
    }
  });

  it('is unavailable for a target whose process nobody knows', async () => {
    expect(await probeOf({ status }).read('مجهول', 'idle')).toMatchObject({
      status: 'unavailable',
      target: 'مجهول',
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
    const probe = processProbe(
      new Map([['t', process.pid]]),
      () => 1,
      () => {
        reads += 1;
        return status;
      },
    );
    expect(await probe.read('t', 'idle')).toMatchObject({
      status: 'unavailable',
      why: `no /proc on ${platform}`,
    });
    expect(reads).toBe(0);
  });
});

describe('a line of /proc', () => {
  it.each([
    ['VmRSS', 2048 * 1024],
    ['VmHWM', 4096 * 1024],
    // A prefix of a name is another name.
    ['Vm', null],
    ['RSS', null],
    ['Threads', null],
  ])('%s reads as %s bytes', (name, bytes) => {
    expect(readKilobytes(status, name)).toBe(bytes);
  });

  it('tells Pss from Pss_Anon and Rss', () => {
    expect(readKilobytes(rollup, 'Pss')).toBe(1024 * 1024);
    expect(readKilobytes(rollup, 'Pss_Anon')).toBe(512 * 1024);
  });

  it('reads zero as zero', () => {
    expect(readKilobytes('Pss:\t0 kB\n', 'Pss')).toBe(0);
  });
});

/** A probe whose readings come when the test lets them; counts how many are under way. */
class SlowProbe implements Probe {
  readonly name = 'slow';
  readonly asked: string[] = [];
  readonly #waiting: (() => void)[] = [];

  read(target: string, moment: 'idle' | 'loaded' | 'after'): Promise<Reading> {
    this.asked.push(`${target} ${moment}`);
    return new Promise((resolve) => {
      this.#waiting.push(() =>
        resolve({ v: 1, kind: 'reading', status: 'unavailable', target, probe: 'slow', why: 'slow', at: 0 }),
      );
    });
  }

  get underWay(): number {
    return this.#waiting.length;
  }

  async answer(): Promise<void> {
    for (const one of this.#waiting.splice(0)) one();
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('polling', () => {
  let stop = (): void => {};
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('asks twice a second about every target, as under load', async () => {
    const probe = new SlowProbe();
    const taken: string[] = [];
    stop = poll(probe, ['a', 'ب'], (reading) => taken.push(reading.target));
    await vi.advanceTimersByTimeAsync(499);
    expect(probe.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(probe.asked).toEqual(['a loaded', 'ب loaded']);
    await probe.answer();
    expect(taken).toEqual(['a', 'ب']);
    await vi.advanceTimersByTimeAsync(500);
    expect(probe.asked).toHaveLength(4);
    await probe.answer();
    expect(taken).toHaveLength(4);
  });

  it('never starts a reading while one is under way, and goes on after it', async () => {
    const probe = new SlowProbe();
    stop = poll(probe, ['a'], () => {});
    await vi.advanceTimersByTimeAsync(5000);
    expect(probe.underWay).toBe(1);
    expect(probe.asked).toHaveLength(1);
    await probe.answer();
    await vi.advanceTimersByTimeAsync(500);
    expect(probe.asked).toHaveLength(2);
  });

  it('asks no more when told to stop', async () => {
    const probe = new SlowProbe();
    stop = poll(probe, ['a'], () => {});
    await vi.advanceTimersByTimeAsync(500);
    await probe.answer();
    stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(probe.asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hands on no reading that was under way when it was told to stop: the load is over, the file may be closed', async () => {
    const probe = new SlowProbe();
    const taken: Reading[] = [];
    stop = poll(probe, ['a'], (reading) => taken.push(reading));
    await vi.advanceTimersByTimeAsync(500);
    expect(probe.underWay).toBe(1);
    stop();
    await probe.answer();
    expect(taken).toEqual([]);
  });
});
