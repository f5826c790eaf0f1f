/** What `amd-smi` and `rocm-smi` print as JSON. Versions differ in their wrapping and in where a unit stands. */
import type { DeviceState } from '../../types.ts';
import type { GpuApp } from './sight.ts';

/** They write MB and mean 1024 x 1024. */
const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
};

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** A number, or an object that holds it with its unit; `N/A` is null. */
function bytesOf(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const amount = Number(field(value, 'value') ?? Number.NaN);
  const word = field(value, 'unit');
  const unit = typeof word === 'string' ? units[word.toUpperCase()] : undefined;
  return Number.isFinite(amount) && unit !== undefined ? amount * unit : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** A list of devices, bare or under `gpu_data`. */
function devicesIn(text: string): readonly unknown[] {
  const page = parse(text);
  return Array.isArray(page) ? (page as unknown[]) : listOf(field(page, 'gpu_data'));
}

/** Of `amd-smi process --json`; null when it is no such page. */
export function parseAmdApps(text: string): GpuApp[] | null {
  const devices = devicesIn(text);
  if (devices.length === 0) return null;
  return devices.flatMap((device) =>
    listOf(field(device, 'process_list')).flatMap((entry): GpuApp[] => {
      // Without processes a sentence stands here.
      const info = field(entry, 'process_info') ?? entry;
      const pid = field(info, 'pid');
      if (typeof pid !== 'number') return [];
      const bytes = bytesOf(field(field(info, 'memory_usage'), 'vram_mem'));
      return [{ device: String(field(device, 'gpu')), pid, bytes }];
    }),
  );
}

/** Of `amd-smi metric -m --json`. */
export function parseAmdDevices(text: string): DeviceState[] {
  return devicesIn(text).flatMap((device): DeviceState[] => {
    const index = field(device, 'gpu');
    const memory = field(device, 'mem_usage');
    if (typeof index !== 'number') return [];
    return [deviceState(index, bytesOf(field(memory, 'used_vram')), bytesOf(field(memory, 'total_vram')))];
  });
}

/** Of `rocm-smi --showmeminfo vram --json`: numbers as text, bytes, under `card0`, `card1` ... */
export function parseRocmDevices(text: string): DeviceState[] {
  const page = parse(text);
  if (typeof page !== 'object' || page === null) return [];
  return Object.entries(page).flatMap(([name, card]): DeviceState[] => {
    const [, index] = /^card(\d+)$/u.exec(name) ?? [];
    if (index === undefined) return [];
    const count = (key: string): number | null => {
      const value = field(card, key);
      return typeof value === 'string' && /^\d+$/u.test(value) ? Number(value) : null;
    };
    return [deviceState(Number(index), count('VRAM Total Used Memory (B)'), count('VRAM Total Memory (B)'))];
  });
}

function deviceState(index: number, usedBytes: number | null, totalBytes: number | null): DeviceState {
  return { index, uuid: null, usedBytes, totalBytes, utilization: null, powerWatts: null, clockMhz: null };
}
