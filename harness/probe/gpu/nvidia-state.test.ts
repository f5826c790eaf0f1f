import { expect, it } from 'vitest';
import type { ToolAnswer } from '../tool.ts';
import { readGpus } from './nvidia-state.ts';

const head = (reasons: string): string =>
  `index, name, driver_version, clocks.current.sm [MHz], power.draw [W], temperature.gpu, ${reasons}\n`;

/** A driver that knows one of the two names. */
function driver(
  known: string,
  rows: string,
): (command: string, args: readonly string[]) => Promise<ToolAnswer> {
  return async (_command, [query = '']) =>
    query.includes(known)
      ? { ok: true, out: head(known) + rows, why: '' }
      : { ok: false, out: '', why: 'Field is not a valid field to query.' };
}

it('says how devices run and what holds them back, whichever name the driver knows', async () => {
  const rows = [
    '0, NVIDIA H100 80GB HBM3, 550.54.15, 1410, 350.20, 71, 0x0000000000000044',
    '1, NVIDIA H100 80GB HBM3, 550.54.15, 1980, 90.10, 40, 0x0000000000000001',
    '2, Tesla, 550.54.15, [N/A], [N/A], [N/A], [N/A]',
  ].join('\n');
  for (const known of ['clocks_event_reasons.active', 'clocks_throttle_reasons.active']) {
    expect(await readGpus(driver(known, rows))).toEqual([
      {
        index: 0,
        name: 'NVIDIA H100 80GB HBM3',
        driver: '550.54.15',
        clockMhz: 1410,
        powerWatts: 350.2,
        temperatureC: 71,
        slowedBy: ['power cap', 'temperature (hardware)'],
      },
      // Idle is no fault.
      expect.objectContaining({ index: 1, slowedBy: [] }),
      expect.objectContaining({ index: 2, clockMhz: null, powerWatts: null, slowedBy: null }),
    ]);
  }
});

it('is null where there is no such tool', async () => {
  expect(await readGpus(driver('nothing', ''))).toBeNull();
});
