/** The machine that asked, around each start of the run: only what the system told. */
import type { GpuState, MachineRow, MachineState, Summary } from '../../types.ts';
import { formatAmount, formatBytes, formatMs, formatShare } from '../numbers.ts';

export interface MachineLine {
  readonly title: string;
  readonly facts: readonly { readonly term: string; readonly text: string }[];
}

export function machineLines({ run }: Summary): MachineLine[] {
  return run.machine.map((row) => ({
    title: `${row.phase}, ${row.leg}${row.client === undefined ? '' : `, client ${row.client}`}`,
    facts: factsOf(row).flatMap(([term, text]) => (text === null ? [] : [{ term, text }])),
  }));
}

type Shown = readonly [term: string, text: string | null];

function factsOf(row: MachineRow): Shown[] {
  const { before, after } = row;
  const both = (of: (state: MachineState) => string | null): string | null => {
    const [first, second] = [of(before), after === null ? null : of(after)];
    return first === null || second === null || first === second ? (second ?? first) : `${first} → ${second}`;
  };
  const amount = (pick: (state: MachineState) => number | null, show: (value: number) => string) =>
    both((state) => {
      const value = pick(state);
      return value === null ? null : show(value);
    });
  return [
    ['load over one minute', amount((state) => state.load1, String)],
    [
      'clock of the cores',
      amount(
        (state) => state.clockMhz,
        (value) => `${value} MHz`,
      ),
    ],
    ['governor', both(({ governors }) => governors?.join(', ') ?? null)],
    ['turbo', both(({ turbo }) => (turbo === null ? null : turbo ? 'on' : 'off'))],
    ['memory free', amount((state) => state.memoryAvailableBytes, formatBytes)],
    ['swap in use', amount((state) => state.swapUsedBytes, formatBytes)],
    ['pages swapped in between', row.swappedPages === null ? null : formatAmount(row.swappedPages)],
    ['given to others by the host', row.stolenShare === null ? null : formatShare(row.stolenShare)],
    ['slowed down by heat', row.throttles === null ? null : `${row.throttles} times`],
    ...(before.gpus ?? []).map((device): Shown => {
      const later = after?.gpus?.find(({ index }) => index === device.index);
      return [
        `device ${device.index}`,
        [device, later]
          .flatMap((each) => each ?? [])
          .map(gpuText)
          .join(' → '),
      ];
    }),
    ...row.roundTrips.map(({ target, medianMs, n }): Shown => [
      `round trip to ${target}`,
      medianMs === null ? 'no answer' : `${formatMs(medianMs)} (median of ${n})`,
    ]),
  ];
}

function gpuText({ name, driver, clockMhz, powerWatts, temperatureC, slowedBy }: GpuState): string {
  return [
    name,
    driver === null ? null : `driver ${driver}`,
    clockMhz === null ? null : `${clockMhz} MHz`,
    powerWatts === null ? null : `${powerWatts} W`,
    temperatureC === null ? null : `${temperatureC} °C`,
    slowedBy === null || slowedBy.length === 0 ? null : `held back by ${slowedBy.join(', ')}`,
  ]
    .filter((each) => each !== null)
    .join(', ');
}
