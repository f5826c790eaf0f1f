/**
 * Memory of NVIDIA devices as `nvidia-smi` tells. Asked once at each quiet point; under load one process of it prints
 * every second, because each start of it wakes the driver.
 */
import type { Moment, Probe, Sight } from '../types.ts';
import { appOf, appQuery, csvFormat, deviceOf, deviceQuery, parseCsv, type Row } from './gpu/nvidia-text.ts';
import { gpuSight, type GpuLook } from './gpu/sight.ts';
import { Snapshots } from './gpu/snapshots.ts';
import type { Locator } from './locate.ts';
import { runTool, startTool, type RunningTool } from './tool.ts';

const command = 'nvidia-smi';
const everyMs = 1000;

interface Loop {
  readonly tool: RunningTool;
  readonly snapshots: Snapshots;
  /** The newest look, and whose turn it was to see it. */
  look: GpuLook | null;
  seenBy: Set<string>;
}

export function nvidiaProbe(locator: Locator, remote: ReadonlyMap<string, string>): Probe {
  const before = new Map<string, GpuLook>();
  const basisOf = new Map<string, string>();
  let loops: { readonly apps: Loop | null; readonly devices: Loop | null } = { apps: null, devices: null };

  const quiet = async (target: string, moment: Moment): Promise<Sight> => {
    const look = await lookOnce();
    if ('why' in look) return { status: 'unavailable', why: look.why };
    if (moment === 'before-start') {
      before.set(target, look);
      return { status: 'read', basis: 'gpu-delta', bytes: 0, devices: look.devices, flags: [] };
    }
    const sight = gpuSight(look, await pidsOf(locator, target), before.get(target) ?? null);
    if (sight.status === 'read') basisOf.set(target, sight.basis);
    return sight;
  };

  const loaded = async (target: string): Promise<Sight | null> => {
    const loop = basisOf.get(target) === 'gpu-delta' ? loops.devices : loops.apps;
    if (loop === null) return null;
    const look = lookFrom(loop, target);
    if (look === null) {
      const ended = loop.tool.ended();
      return ended === null ? null : { status: 'unavailable', why: ended };
    }
    const sight = gpuSight(look, await pidsOf(locator, target), before.get(target) ?? null);
    // A loop that lists processes says nothing while the server has none there.
    return sight.status === 'read' ? sight : null;
  };

  const endLoad = async (): Promise<void> => {
    const running = [loops.apps, loops.devices];
    loops = { apps: null, devices: null };
    await Promise.all(running.map(async (loop) => loop?.tool.stop()));
  };

  return {
    name: 'nvidia-smi',
    everyMs,
    read: async (target, moment) => {
      const host = remote.get(target);
      if (host !== undefined)
        return { status: 'unavailable', why: `remote: the server is on another machine, ${host}` };
      return moment === 'loaded' ? loaded(target) : quiet(target, moment);
    },
    startLoad: async (targets) => {
      const here = targets.filter((target) => !remote.has(target));
      const wants = (basis: boolean): boolean =>
        here.some((target) => (basisOf.get(target) === 'gpu-delta') === basis);
      loops = {
        apps: wants(false)
          ? startLoop(appQuery, (row) => `${row.get('gpu_uuid') ?? ''} ${row.get('pid') ?? ''}`)
          : null,
        devices: wants(true) ? startLoop(deviceQuery, (row) => row.get('index') ?? '') : null,
      };
    },
    endLoad,
    close: endLoad,
  };
}

async function pidsOf(locator: Locator, target: string): Promise<ReadonlySet<number>> {
  const located = await locator.locate(target);
  return new Set('why' in located ? [] : located.found.processes.map(({ pid }) => pid));
}

async function lookOnce(): Promise<GpuLook | { readonly why: string }> {
  const [devices, apps] = await Promise.all([
    runTool(command, [deviceQuery, csvFormat]),
    runTool(command, [appQuery, csvFormat]),
  ]);
  if (!devices.ok) return { why: devices.why };
  return {
    devices: parseCsv(devices.out).flatMap((row) => deviceOf(row) ?? []),
    apps: apps.ok ? parseCsv(apps.out).flatMap((row) => appOf(row) ?? []) : null,
  };
}

function startLoop(query: string, keyOf: (row: Row) => string): Loop {
  const snapshots = new Snapshots(keyOf);
  const tool = startTool(command, [query, csvFormat, '-lms', String(everyMs)], (text) =>
    snapshots.push(text, performance.now()),
  );
  return { tool, snapshots, look: null, seenBy: new Set() };
}

/** Each look is handed to each target once. */
function lookFrom(loop: Loop, target: string): GpuLook | null {
  const rows = loop.snapshots.take(performance.now());
  if (rows !== null) {
    loop.look = {
      devices: rows.flatMap((row) => deviceOf(row) ?? []),
      apps: rows.some((row) => row.has('pid')) ? rows.flatMap((row) => appOf(row) ?? []) : null,
    };
    loop.seenBy = new Set();
  }
  if (loop.look === null || loop.seenBy.has(target)) return null;
  loop.seenBy.add(target);
  return loop.look;
}
