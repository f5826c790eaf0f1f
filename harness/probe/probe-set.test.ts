import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reading } from '../types.ts';
import type { WatchedTarget } from './index.ts';
import { openProbes, type ProbeSet } from './probe-set.ts';
import { usualAccess } from './server/get-page.ts';

const fixtures = path.join(import.meta.dirname, '..', '..', 'fixtures', 'probe');
const quality = { phase: 'quality' } as const;

function watched(id: string, pid: number | null, more: WatchedTarget['probes'] = []): WatchedTarget {
  const own = { probe: 'process', port: null, pid, container: null } as const;
  return { id, model: 'm', baseUrl: null, remote: null, access: usualAccess, probes: [own, ...more] };
}

function open(targets: readonly WatchedTarget[]): { set: ProbeSet; readings: Reading[] } {
  const readings: Reading[] = [];
  const set = openProbes({
    targets,
    leg: 'leg-3',
    now: () => 1_700_000_000_123,
    take: (reading) => readings.push(reading),
  });
  return { set, readings };
}

describe.runIf(process.platform === 'linux')('the probes of a run', () => {
  it('write down whose, when, in which phase and by which start of the run', async () => {
    const { set, readings } = open([watched('alpha', process.pid)]);
    await set.measure('idle', { phase: 'speed' });
    expect(readings).toEqual([
      expect.objectContaining({
        v: 2,
        kind: 'reading',
        target: 'alpha',
        probe: 'process',
        moment: 'idle',
        phase: 'speed',
        leg: 'leg-3',
        at: 1_700_000_000_123,
        status: 'read',
      }),
    ]);
  });

  it('look only at the targets that are named', async () => {
    const { set, readings } = open([watched('alpha', process.pid), watched('beta', process.pid)]);
    await set.measure('idle', { phase: 'quality', targets: ['beta'] });
    await set.measure('after', { phase: 'quality', targets: [] });
    expect(readings.map(({ target }) => target)).toEqual(['beta']);
  });

  it('look again and again between the start and the end of a load, cheaply', async () => {
    const { set, readings } = open([watched('alpha', process.pid)]);
    await set.startLoad(quality);
    await vi.waitFor(() => expect(readings.length).toBeGreaterThanOrEqual(2), 4000);
    await set.endLoad();
    const count = readings.length;
    expect(new Set(readings.map((reading) => (reading.status === 'read' ? reading.basis : '')))).toEqual(
      new Set(['rss']),
    );
    expect(new Set(readings.map(({ moment }) => moment))).toEqual(new Set(['loaded']));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(readings).toHaveLength(count);
    await set.close();
  });

  it('say once under load that a server is gone, and at every quiet point', async () => {
    const { set, readings } = open([watched('alpha', 2 ** 22)]);
    await set.measure('idle', quality);
    await set.startLoad(quality);
    await new Promise((resolve) => setTimeout(resolve, 1700));
    await set.endLoad();
    await set.measure('after', quality);
    expect(readings.map(({ moment, status }) => `${moment} ${status}`)).toEqual([
      'idle unavailable',
      'loaded unavailable',
      'after unavailable',
    ]);
  });

  it('follow a server that was started by us', async () => {
    const { set, readings } = open([watched('alpha', null)]);
    await set.measure('idle', quality);
    await set.attach('alpha', process.pid);
    await set.measure('idle', quality);
    expect(readings.map(({ status }) => status)).toEqual(['unavailable', 'read']);
  });
});

describe.runIf(process.platform === 'linux')('the state before a server starts', () => {
  beforeEach(() => {
    vi.stubEnv('PATH', `${path.join(fixtures, 'bin')}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('FAKE_SMI', path.join(fixtures, 'nvidia', 'before'));
    vi.stubEnv('FAKE_PID', '1');
  });

  it('makes the growth of the devices known', async () => {
    const { set, readings } = open([watched('alpha', process.pid, [{ probe: 'nvidia-smi' }])]);
    await set.measure('before-start', quality);
    vi.stubEnv('FAKE_SMI', path.join(fixtures, 'nvidia', 'mig'));
    await set.measure('idle', quality);
    const gpu = readings.filter(({ probe }) => probe === 'nvidia-smi');
    expect(gpu).toMatchObject([
      { moment: 'before-start', basis: 'gpu-delta', bytes: 0, devices: [{ usedBytes: 96 * 1024 ** 2 }] },
      { moment: 'idle', basis: 'gpu-delta', bytes: 20_000 * 1024 ** 2 },
    ]);
    await set.close();
  });
});
