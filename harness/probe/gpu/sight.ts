/** From what a vendor's tool prints to memory of one server, by the best basis there is. */
import type { DeviceState, Sight } from '../../types.ts';

/** A process that holds memory of a device. */
export interface GpuApp {
  /** As `deviceKey` names it. */
  readonly device: string;
  /** As the tool sees it: inside a container it may be the host's number. */
  readonly pid: number;
  /** null: the tool does not say (partitioned devices, some systems). */
  readonly bytes: number | null;
}

export interface GpuLook {
  /** Empty: not asked. */
  readonly devices: readonly DeviceState[];
  /** null: not asked, or the tool cannot tell. */
  readonly apps: readonly GpuApp[] | null;
}

const deviceKey = ({ uuid, index }: DeviceState): string => uuid ?? String(index);

/**
 * `own`: the server's processes. `before`: the devices before it started, or null. What its processes hold is the better
 * figure; the devices' growth stands in where the tool cannot name them.
 */
export function gpuSight(look: GpuLook, own: ReadonlySet<number>, before: GpuLook | null): Sight {
  const mine = (look.apps ?? []).filter((app) => own.has(app.pid));
  if (mine.length > 0 && mine.every((app) => app.bytes !== null)) {
    const used = new Set(mine.map((app) => app.device));
    const isShared = (look.apps ?? []).some((app) => used.has(app.device) && !own.has(app.pid));
    return {
      status: 'read',
      basis: 'gpu-process',
      bytes: mine.reduce((total, app) => total + (app.bytes ?? 0), 0),
      devices: look.devices.filter((device) => used.has(deviceKey(device))),
      flags: isShared ? ['gpu-shared'] : [],
    };
  }
  if (before === null) return { status: 'unavailable', why: whyNoProcess(look, mine) };
  return deltaSight(look, own, before);
}

function deltaSight(look: GpuLook, own: ReadonlySet<number>, before: GpuLook): Sight {
  const usedBefore = new Map(before.devices.map((device) => [deviceKey(device), device.usedBytes]));
  let bytes = 0;
  for (const device of look.devices) {
    const then = usedBefore.get(deviceKey(device)) ?? null;
    if (device.usedBytes === null || then === null)
      return { status: 'unavailable', why: `the tool does not say what device ${device.index} holds` };
    bytes += device.usedBytes - then;
  }
  if (look.devices.length === 0) return { status: 'unavailable', why: 'the tool lists no device' };
  if (bytes < 0)
    return {
      status: 'unavailable',
      why: 'the devices hold less than before the server started: something else ended meanwhile',
    };
  const stayed = new Set((before.apps ?? []).map((app) => app.pid));
  const isShared = (look.apps ?? []).some((app) => stayed.has(app.pid) && !own.has(app.pid));
  return {
    status: 'read',
    basis: 'gpu-delta',
    bytes,
    devices: look.devices,
    flags: isShared ? ['gpu-shared'] : [],
  };
}

function whyNoProcess(look: GpuLook, mine: readonly GpuApp[]): string {
  const rest = 'and what the devices held before its start is not known';
  if (mine.length > 0) return `the tool does not say what the server's processes hold, ${rest}`;
  if (look.apps === null) return `the tool lists no processes, ${rest}`;
  return look.apps.length === 0
    ? 'no process holds memory of a device'
    : `none of the ${look.apps.length} processes on the devices is the server's, ${rest}`;
}
