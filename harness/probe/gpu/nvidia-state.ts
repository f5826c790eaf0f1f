/** How NVIDIA devices run: driver, clock, power, temperature, and what holds them back. */
import type { GpuState } from '../../types.ts';
import { runTool } from '../tool.ts';
import { csvFormat, numberOf, parseCsv, type Row } from './nvidia-text.ts';

const fields = 'index,name,driver_version,clocks.sm,power.draw,temperature.gpu';
/** Drivers from 535 on say `event`, those before say `throttle`; either refuses what it does not know. */
const reasonFields = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const;

/** Bits of NVML's clocks event reasons that make a device slower than it could be. */
const slowing: readonly (readonly [bit: number, name: string])[] = [
  [0x04, 'power cap'],
  [0x08, 'hardware slowdown'],
  [0x20, 'temperature (software)'],
  [0x40, 'temperature (hardware)'],
  [0x80, 'power brake'],
];

/** Every device there is; null where the tool is not there or gives nothing. Takes up to seconds: for quiet moments. */
export async function readGpus(run: typeof runTool = runTool): Promise<readonly GpuState[] | null> {
  for (const reasons of reasonFields) {
    const answer = await run('nvidia-smi', [`--query-gpu=${fields},${reasons}`, csvFormat]);
    if (answer.ok) return parseCsv(answer.out).flatMap((row) => stateOf(row, reasons) ?? []);
  }
  return null;
}

function stateOf(row: Row, reasons: string): GpuState | null {
  const index = numberOf(row, 'index');
  if (index === null) return null;
  const bits = Number(row.get(reasons));
  return {
    index,
    name: row.get('name') ?? null,
    driver: row.get('driver_version') ?? null,
    clockMhz: numberOf(row, 'clocks.sm', 'clocks.current.sm'),
    powerWatts: numberOf(row, 'power.draw', 'power.draw.average'),
    temperatureC: numberOf(row, 'temperature.gpu'),
    slowedBy: Number.isInteger(bits) ? slowing.filter(([bit]) => bits & bit).map(([, name]) => name) : null,
  };
}
