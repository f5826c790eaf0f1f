import { describe, expect, it } from 'vitest';
import type { DeviceState } from '../../types.ts';
import { gpuSight, type GpuApp } from './sight.ts';

const device = (index: number, usedBytes: number | null): DeviceState => ({
  index,
  uuid: `GPU-${index}`,
  usedBytes,
  totalBytes: 1000,
  utilization: null,
  powerWatts: null,
  clockMhz: null,
});
const app = (pid: number, bytes: number | null, at = 0): GpuApp => ({ device: `GPU-${at}`, pid, bytes });
const own = new Set([7, 8]);

describe('memory of a server on devices', () => {
  it('is what its processes hold, over all devices', () => {
    const look = { devices: [device(0, 500), device(1, 600)], apps: [app(7, 300), app(8, 250, 1)] };
    expect(gpuSight(look, own, null)).toMatchObject({ basis: 'gpu-process', bytes: 550, flags: [] });
  });

  it('flags other processes on the same devices, not those on others', () => {
    const other = { devices: [], apps: [app(7, 300), app(99, 5, 1)] };
    expect(gpuSight(other, own, null)).toMatchObject({ flags: [] });
    const same = { devices: [], apps: [app(7, 300), app(99, 5, 0)] };
    expect(gpuSight(same, own, null)).toMatchObject({ flags: ['gpu-shared'], bytes: 300 });
  });

  it('is the growth of the devices where the tool hides what a process holds', () => {
    const before = { devices: [device(0, 100), device(1, 10)], apps: [] };
    const look = { devices: [device(0, 700), device(1, 15)], apps: [app(7, null)] };
    expect(gpuSight(look, own, before)).toMatchObject({ basis: 'gpu-delta', bytes: 605, flags: [] });
  });

  it('flags a process that was there before the server', () => {
    const before = { devices: [device(0, 100)], apps: [app(55, 90)] };
    const look = { devices: [device(0, 700)], apps: [app(55, 90), app(3_880_364, 600)] };
    expect(gpuSight(look, own, before)).toMatchObject({ basis: 'gpu-delta', flags: ['gpu-shared'] });
  });

  it.each([
    ['no state from before, its processes not among those listed', [app(99, 5)], 'none of the 1 processes'],
    ['no state from before, sizes hidden', [app(7, null)], 'does not say what the server'],
    ['no state from before, no list', null, 'lists no processes'],
    ['nobody on the devices', [], 'no process holds memory of a device'],
  ])('is unavailable with %s', (_what, apps, why) => {
    expect(gpuSight({ devices: [device(0, 500)], apps }, own, null)).toMatchObject({
      status: 'unavailable',
      why: expect.stringContaining(why) as string,
    });
  });

  it('is unavailable rather than negative when something else ended meanwhile', () => {
    const before = { devices: [device(0, 700)], apps: null };
    expect(gpuSight({ devices: [device(0, 500)], apps: null }, own, before)).toMatchObject({
      status: 'unavailable',
    });
  });

  it('is unavailable when a device does not say what it holds, now or then', () => {
    const before = { devices: [device(0, 100), device(1, null)], apps: null };
    expect(gpuSight({ devices: [device(0, 500), device(1, 5)], apps: null }, own, before)).toMatchObject({
      status: 'unavailable',
      why: 'the tool does not say what device 1 holds',
    });
  });
});
