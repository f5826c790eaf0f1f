/** The two vendors' probes against stand-ins for their tools, started as the real ones are. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Probe, Sight } from '../types.ts';
import { amdProbe } from './amd-smi.ts';
import type { Locator } from './locate.ts';
import { nvidiaProbe } from './nvidia-smi.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures', 'probe');
const mebibyte = 1024 ** 2;
const posix = process.platform !== 'win32';
/** A server of two processes whose numbers the stand-ins print. */
const locator: Locator = {
  attach: () => {},
  locate: async () => ({
    found: {
      processes: [
        { pid: 4242, startTime: 1 },
        { pid: 4243, startTime: 1 },
      ],
      group: null,
      isRestarted: false,
    },
  }),
};

let scratch = '';
let log = '';
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'visavis-smi-'));
  log = path.join(scratch, 'starts');
  vi.stubEnv('PATH', `${path.join(fixtures, 'bin')}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('FAKE_PID', '4242');
  vi.stubEnv('FAKE_CHILD', '4243');
  vi.stubEnv('FAKE_LOG', log);
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function tool(vendor: string, name: string): void {
  vi.stubEnv('FAKE_SMI', path.join(fixtures, vendor, name));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Looks until one shows something; each look is as the poll makes it. */
async function loadedSight(probe: Probe): Promise<Sight | null> {
  for (let turn = 0; turn < 60; turn += 1) {
    const sight = await probe.read('t', 'loaded');
    if (sight !== null) return sight;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}

describe.runIf(posix)('nvidia-smi', () => {
  it('adds up what the processes of a server hold on two devices, and flags the stranger there', async () => {
    tool('nvidia', 'two-gpus');
    const sight = await nvidiaProbe(locator, new Map()).read('t', 'idle');
    expect(sight).toMatchObject({
      status: 'read',
      basis: 'gpu-process',
      bytes: 29_000 * mebibyte,
      flags: ['gpu-shared'],
    });
    expect(sight).toMatchObject({
      devices: [
        { index: 0, usedBytes: 22_396 * mebibyte, utilization: 93, powerWatts: 412.55, clockMhz: 1980 },
        { index: 1 },
      ],
    });
  });

  it('asks exactly for what it reads, without units', async () => {
    tool('nvidia', 'two-gpus');
    await nvidiaProbe(locator, new Map()).read('t', 'idle');
    const starts = readFileSync(log, 'utf8');
    expect(starts).toContain(
      '--query-gpu=index,uuid,memory.used,memory.total,utilization.gpu,power.draw,clocks.sm --format=csv,nounits',
    );
    expect(starts).toContain(
      '--query-compute-apps=gpu_uuid,pid,used_memory,process_name --format=csv,nounits',
    );
  });

  it('watches under load by one process of its own, and ends it by its pid', async () => {
    tool('nvidia', 'two-gpus');
    const probe = nvidiaProbe(locator, new Map());
    await probe.read('t', 'idle');
    expect(await probe.read('t', 'loaded')).toBeNull();
    await probe.startLoad?.(['t']);
    const first = await loadedSight(probe);
    expect(first).toMatchObject({ basis: 'gpu-process', bytes: 30_500 * mebibyte, flags: ['gpu-shared'] });
    // A look is handed out once: until the next there is nothing new.
    expect(await probe.read('t', 'loaded')).toBeNull();
    expect(await loadedSight(probe)).toMatchObject({ bytes: 30_500 * mebibyte });
    const loops = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('-lms 1000'));
    expect(loops).toHaveLength(1);
    const pid = Number(loops[0]?.split(' ')[0]);
    expect(isRunning(pid)).toBe(true);
    await probe.endLoad?.();
    expect(isRunning(pid)).toBe(false);
  });

  it('tells the growth of the device where a partition hides its processes', async () => {
    tool('nvidia', 'before');
    const probe = nvidiaProbe(locator, new Map());
    expect(await probe.read('t', 'before-start')).toMatchObject({ basis: 'gpu-delta', bytes: 0 });
    tool('nvidia', 'mig');
    expect(await probe.read('t', 'idle')).toMatchObject({
      basis: 'gpu-delta',
      bytes: 20_000 * mebibyte,
      flags: [],
      devices: [{ utilization: null, totalBytes: 40_960 * mebibyte }],
    });
    await probe.startLoad?.(['t']);
    expect(await loadedSight(probe)).toMatchObject({ basis: 'gpu-delta', bytes: 21_000 * mebibyte });
    await probe.endLoad?.();
  });

  it('knows nothing of a server in a container whose start it has not seen', async () => {
    tool('nvidia', 'container');
    const probe = nvidiaProbe(locator, new Map());
    expect(await probe.read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: "none of the 1 processes on the devices is the server's, and what the devices held before its start is not known",
    });
    await probe.startLoad?.(['t']);
    expect(await probe.read('t', 'loaded')).toBeNull();
    await probe.endLoad?.();
  });

  it('says what the tool said when there is no driver', async () => {
    tool('nvidia', 'no-driver');
    expect(await nvidiaProbe(locator, new Map()).read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: expect.stringMatching(
        /^nvidia-smi ended with 9: NVIDIA-SMI has failed because it couldn't communicate/u,
      ) as string,
    });
  });

  it('says when a loop under load has ended', async () => {
    tool('nvidia', 'no-driver');
    const probe = nvidiaProbe(locator, new Map());
    await probe.startLoad?.(['t']);
    expect(await loadedSight(probe)).toEqual({
      status: 'unavailable',
      why: 'nvidia-smi ended with 9',
    });
    await probe.endLoad?.();
  });

  it('says when the machine has no such tool', async () => {
    vi.stubEnv('PATH', scratch);
    expect(await nvidiaProbe(locator, new Map()).read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: 'there is no nvidia-smi on this machine',
    });
  });

  it('does not look at the devices here for a server elsewhere', async () => {
    tool('nvidia', 'two-gpus');
    const probe = nvidiaProbe(locator, new Map([['t', 'gpu.example']]));
    expect(await probe.read('t', 'idle')).toMatchObject({
      status: 'unavailable',
      why: 'remote: the server is on another machine, gpu.example',
    });
  });
});

describe.runIf(posix)('amd-smi', () => {
  it('reads what a process holds, with the unit that stands beside it', async () => {
    tool('amd', 'wrapped');
    expect(await amdProbe(locator, new Map()).read('t', 'idle')).toMatchObject({
      basis: 'gpu-process',
      bytes: 6_442_450_944,
      flags: ['gpu-shared'],
      devices: [{ index: 0, usedBytes: 6300 * mebibyte, totalBytes: 24_560 * mebibyte }],
    });
  });

  it('tells the growth of a device whose processes it cannot name', async () => {
    tool('amd', 'bare');
    const probe = amdProbe(locator, new Map());
    expect(await probe.read('t', 'idle')).toMatchObject({ status: 'unavailable' });
    await probe.read('t', 'before-start');
    expect(await probe.read('t', 'idle')).toMatchObject({ basis: 'gpu-delta', bytes: 0 });
  });

  it('falls back to rocm-smi', async () => {
    tool('amd', 'none');
    const probe = amdProbe(locator, new Map());
    expect(await probe.read('t', 'before-start')).toMatchObject({
      status: 'read',
      devices: [{ index: 0, usedBytes: 27_856_896, totalBytes: 21_458_059_264 }],
    });
  });

  it('says when the machine has neither', async () => {
    vi.stubEnv('PATH', scratch);
    expect(await amdProbe(locator, new Map()).read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: 'there is no amd-smi on this machine',
    });
  });
});
