/**
 * Memory of AMD devices as `amd-smi` tells, or the older `rocm-smi`. Both are slow to start, so under load they are asked
 * every ten seconds only. What the processes hold does not add up to what the device holds: drivers keep some.
 */
import type { Probe, Sight } from '../types.ts';
import { parseAmdApps, parseAmdDevices, parseRocmDevices } from './gpu/amd-text.ts';
import { gpuSight, type GpuLook } from './gpu/sight.ts';
import type { Locator } from './locate.ts';
import { runTool } from './tool.ts';

const everyMs = 10_000;

export function amdProbe(locator: Locator, remote: ReadonlyMap<string, string>): Probe {
  const before = new Map<string, GpuLook>();
  return {
    name: 'amd-smi',
    everyMs,
    read: async (target, moment): Promise<Sight> => {
      const host = remote.get(target);
      if (host !== undefined)
        return { status: 'unavailable', why: `remote: the server is on another machine, ${host}` };
      const look = await lookOnce();
      if ('why' in look) return { status: 'unavailable', why: look.why };
      if (moment === 'before-start') {
        before.set(target, look);
        return { status: 'read', basis: 'gpu-delta', bytes: 0, devices: look.devices, flags: [] };
      }
      const located = await locator.locate(target);
      const pids = new Set('why' in located ? [] : located.found.processes.map(({ pid }) => pid));
      return gpuSight(look, pids, before.get(target) ?? null);
    },
  };
}

async function lookOnce(): Promise<GpuLook | { readonly why: string }> {
  const [processes, metric] = await Promise.all([
    runTool('amd-smi', ['process', '--json']),
    runTool('amd-smi', ['metric', '-m', '--json']),
  ]);
  const apps = processes.ok ? parseAmdApps(processes.out) : null;
  const devices = metric.ok ? parseAmdDevices(metric.out) : [];
  if (devices.length > 0) return { devices, apps };
  const older = await runTool('rocm-smi', ['--showmeminfo', 'vram', '--json']);
  const olderDevices = older.ok ? parseRocmDevices(older.out) : [];
  if (olderDevices.length > 0) return { devices: olderDevices, apps };
  if (apps !== null && apps.length > 0) return { devices: [], apps };
  return { why: metric.ok ? 'amd-smi lists no device' : metric.why };
}
