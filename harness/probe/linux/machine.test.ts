import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../../fixtures/probe/fake-files.ts';
import { systemFiles } from './files.ts';
import { readMachine } from './machine.ts';

const cpu = '/sys/devices/system/cpu';
const texts = {
  '/proc/loadavg': '2.50 1.10 0.70 3/500 12345\n',
  '/proc/stat': 'cpu  100 5 50 800 20 1 4 20 60 0\ncpu0 50 2 25 400 10 0 2 10 30 0\nintr 1\n',
  '/proc/meminfo':
    'MemTotal:  16000 kB\nMemAvailable:   8000 kB\nSwapTotal:      4000 kB\nSwapFree:       3000 kB\n',
  '/proc/vmstat': 'nr_free_pages 10\npswpin 7\npswpout 5\n',
  [`${cpu}/cpu0/cpufreq/scaling_governor`]: 'powersave\n',
  [`${cpu}/cpu1/cpufreq/scaling_governor`]: 'performance\n',
  [`${cpu}/cpu0/cpufreq/scaling_cur_freq`]: '2000000\n',
  [`${cpu}/cpu1/cpufreq/scaling_cur_freq`]: '3000000\n',
  [`${cpu}/cpu0/thermal_throttle/core_throttle_count`]: '3\n',
  [`${cpu}/cpu1/thermal_throttle/core_throttle_count`]: '4\n',
  [`${cpu}/intel_pstate/no_turbo`]: '1\n',
};

describe('the machine that asks', () => {
  it('is read whole where the system tells', () => {
    const files = fakeFiles({ texts });
    expect(readMachine(files, 5)).toEqual({
      at: 5,
      load1: 2.5,
      governors: ['performance', 'powersave'],
      turbo: false,
      clockMhz: 2500,
      throttles: 7,
      // Time of guests is counted in the first column already.
      ticks: 1000,
      stolenTicks: 20,
      memoryAvailableBytes: 8000 * 1024,
      swapUsedBytes: 1000 * 1024,
      swappedPages: 12,
      gpus: null,
    });
  });

  it('asks the other drivers whether turbo is on', () => {
    const { [`${cpu}/intel_pstate/no_turbo`]: _intel, ...others } = texts;
    const files = fakeFiles({ texts: { ...others, [`${cpu}/cpufreq/boost`]: '1\n' } });
    expect(readMachine(files, 0).turbo).toBe(true);
  });

  it('is null, not zero, where nothing is told', () => {
    const { at, ...seen } = readMachine(fakeFiles({ texts: {} }), 7);
    expect(at).toBe(7);
    expect(new Set(Object.values(seen))).toEqual(new Set([null]));
  });

  it.runIf(process.platform === 'linux')('is this very machine', () => {
    const { load1, ticks, memoryAvailableBytes } = readMachine(systemFiles, Date.now());
    expect(load1).toBeGreaterThanOrEqual(0);
    expect(ticks).toBeGreaterThan(0);
    expect(memoryAvailableBytes).toBeGreaterThan(1e6);
  });
});
