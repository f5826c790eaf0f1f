/** `visavis selftest`: what this client adds to the times it measures, on this machine, now. */
import { saturation } from '../aggregate/client-limit.ts';
import { exitCode } from '../errors.ts';
import { startClock } from '../run/clock.ts';
import type { FloorResult } from '../run/floor.ts';
import { measureFloors, truth } from './floors.ts';
import { openStreams } from './streams.ts';
import { plainTable } from './table.ts';

export interface SelftestOptions {
  /** Streams at once, a level each. */
  readonly levels: readonly number[];
  readonly json: boolean;
  readonly color: boolean;
}

const answers = 24;
const tokens = 24;

/** 1 when the client was at its limit at any level: what it measured there is its own. */
export async function runSelftest(options: SelftestOptions, program: string): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.json });
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  try {
    const results = await measureFloors({
      levels: options.levels,
      answers,
      tokens,
      program,
      clock: startClock(),
      stop: stop.signal,
      onLevel: ({ floor }) => streams.say(`${floor.concurrency} at once: ${floor.n} answers`),
    });
    streams.print(
      options.json
        ? JSON.stringify({ truth, levels: results.map(({ floor, ...seen }) => ({ ...floor, ...seen })) })
        : describe(results),
    );
    if (stop.signal.aborted) return exitCode.interrupted;
    return results.some(({ floor }) => saturation(floor.client, floor.ttftP50Ms) !== null)
      ? exitCode.gate
      : exitCode.done;
  } finally {
    process.off('SIGINT', onSignal);
  }
}

function describe(results: readonly FloorResult[]): string {
  const gapMs = 1000 / truth.tokensPerSecond;
  const ms = (value: number): string => value.toFixed(2);
  const head = [
    'at once',
    'n',
    `TTFT p50, ms (true ${truth.firstMs})`,
    `TPOT p50, ms (true ${gapMs})`,
    'added to TTFT, p50 / p99',
    'error of a gap, p99',
    'connect p50',
    'in flight',
    'loop busy',
    'loop late, p99',
  ];
  const rows = results.map(({ floor, tpotP50Ms }) => [
    String(floor.concurrency),
    String(floor.n),
    `${ms(floor.ttftP50Ms)} (${signed(floor.ttftP50Ms - truth.firstMs)})`,
    `${ms(tpotP50Ms)} (${signed(tpotP50Ms - gapMs)})`,
    `${ms(floor.addedTtftP50Ms)} / ${ms(floor.addedTtftP99Ms)}`,
    ms(floor.gapErrorP99Ms),
    ms(floor.connectP50Ms),
    String(floor.maxInFlight),
    `${Math.round(100 * floor.client.utilization)} %`,
    ms(floor.client.delayP99Ms),
  ]);
  const doubts = results.flatMap(({ floor }) => {
    const why = saturation(floor.client, floor.ttftP50Ms);
    return why === null ? [] : [`the client was at its limit at ${floor.concurrency} at once: ${why}`];
  });
  return [plainTable([head, ...rows]), ...doubts].join('\n');
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;
