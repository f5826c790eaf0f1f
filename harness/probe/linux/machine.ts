/**
 * The machine that asks, at a quiet moment: what makes its times doubtful. Everything since boot is a counter, so that
 * two looks tell what happened between them.
 */
import type { MachineState } from '../../types.ts';
import { tryList, tryText, type SystemFiles } from './files.ts';
import { parseCount, parseCounts, readKilobytes } from './proc-text.ts';

const processors = '/sys/devices/system/cpu';

/** Figures that the system does not tell are null: no Linux, no right to look, or no such hardware. `at`: ms since 1970. */
export function readMachine(files: SystemFiles, at: number): MachineState {
  const memory = tryText(files, '/proc/meminfo');
  const cores = tryList(files, processors).filter((name) => /^cpu\d+$/u.test(name));
  const ofCores = (file: string): string[] =>
    cores.flatMap((core) => tryText(files, `${processors}/${core}/${file}`)?.trim() ?? []);
  const countsOf = (file: string): number[] => ofCores(file).flatMap((text) => parseCount(text) ?? []);
  const clocks = countsOf('cpufreq/scaling_cur_freq');
  const governors = [...new Set(ofCores('cpufreq/scaling_governor'))].toSorted();
  return {
    at,
    load1: loadOf(tryText(files, '/proc/loadavg')),
    governors: governors.length === 0 ? null : governors,
    turbo: turboOf(files),
    clockMhz: clocks.length === 0 ? null : Math.round(sum(clocks) / clocks.length / 1000),
    throttles: sumOrNull(countsOf('thermal_throttle/core_throttle_count')),
    ...ticksOf(tryText(files, '/proc/stat')),
    memoryAvailableBytes: memory === null ? null : readKilobytes(memory, 'MemAvailable'),
    swapUsedBytes: swapUsed(memory),
    swappedPages: swappedOf(tryText(files, '/proc/vmstat')),
    gpus: null,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const sumOrNull = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values));

function loadOf(text: string | null): number | null {
  const load = Number.parseFloat(text ?? '');
  return Number.isFinite(load) ? load : null;
}

/** Intel's driver says whether it is off, the others whether it is on. */
function turboOf(files: SystemFiles): boolean | null {
  const off = parseCount(tryText(files, `${processors}/intel_pstate/no_turbo`) ?? '');
  if (off !== null) return off === 0;
  const on = parseCount(tryText(files, `${processors}/cpufreq/boost`) ?? '');
  return on === null ? null : on === 1;
}

/**
 * Of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Time of guests stands in `user` already.
 */
function ticksOf(text: string | null): Pick<MachineState, 'ticks' | 'stolenTicks'> {
  const line = /^cpu +([\d ]+)$/mu.exec(text ?? '')?.[1];
  const counts = line?.trim().split(/ +/u).slice(0, 8).map(Number) ?? [];
  const stolen = counts[7];
  return stolen === undefined
    ? { ticks: null, stolenTicks: null }
    : { ticks: sum(counts), stolenTicks: stolen };
}

function swapUsed(memory: string | null): number | null {
  if (memory === null) return null;
  const [total, free] = [readKilobytes(memory, 'SwapTotal'), readKilobytes(memory, 'SwapFree')];
  return total === null || free === null ? null : total - free;
}

function swappedOf(text: string | null): number | null {
  const counts = parseCounts(text ?? '');
  const [read, written] = [counts.get('pswpin'), counts.get('pswpout')];
  return read === undefined || written === undefined ? null : read + written;
}
