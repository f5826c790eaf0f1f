/** What each target did at each level of the speed phase. */
import type { ClientLoad, Objectives, Sample, SpeedLevelRow, SpeedPlan, Stat } from '../types.ts';
import { latestMs, saturation } from './client-limit.ts';
import { edgeErrorMs, isCertain, onOneClock } from './one-clock.ts';
import type { LevelBlocks, MeasuredBlock } from './speed-blocks.ts';
import { endsWithin, meets, steadyWindow, tokensWithin, wholeWindow, type Window } from './speed-window.ts';
import { quantilesOf } from './speed.ts';
import { amountStat } from './stat.ts';
import { isSteady, isUndisturbed, timesOf, tokensOf } from './times.ts';

/** Rows in the order of the plan. */
export function speedLevels(
  levels: readonly LevelBlocks[],
  objectives: SpeedPlan['objectives'],
): SpeedLevelRow[] {
  return levels.map((level) => levelRow(level, objectives[level.series] ?? null));
}

function levelRow(level: LevelBlocks, objectives: Objectives | null): SpeedLevelRow {
  const { first, planned, blocks } = level;
  const samples = blocks.flatMap((block) => block.requests.map(({ sample }) => sample));
  const answered = samples.filter((sample) => sample.status === 'ok');
  const isOther = ({ flags }: Sample): boolean => flags.includes('not-fixed-work');
  const otherLength = answered.filter(isOther);
  const work = workOf(answered, otherLength);
  const times = answered.filter(isUndisturbed).map((sample) => ({ sample, ...timesOf(sample) }));
  const steady = times.filter(({ sample }) => isSteady(sample));
  const equal = work === 'natural-length' ? times : times.filter(({ sample }) => !isOther(sample));
  const rates = ratesOf(level, objectives);
  return {
    series: level.series,
    level: level.level,
    load: first.load,
    target: level.target,
    planned,
    answered: answered.length,
    failed: samples.length - answered.length,
    unmeasured: planned - samples.length,
    work,
    maxTokens: first.maxTokens,
    otherLength: otherLength.length,
    tainted: answered.length - times.length,
    prefixCached: answered.filter((sample) => sample.flags.includes('prefix-cached')).length,
    ttftMs: quantilesOf(
      steady.map((each) => each.ttftMs),
      planned,
    ),
    tpotMs: quantilesOf(
      steady.map((each) => each.tpotMs),
      planned,
    ),
    e2eMs: quantilesOf(
      equal.map((each) => each.e2eMs),
      planned,
    ),
    queueMs: quantilesOf(
      times.map((each) => each.queueMs),
      planned,
    ),
    e2eFromSchedMs:
      first.load.kind === 'open'
        ? quantilesOf(
            equal.map(
              ({
                sample: {
                  timing: { tSched, tLast },
                },
              }) => (tSched === null || tLast === null ? null : tLast - tSched),
            ),
            planned,
          )
        : null,
    ...rates,
    maxInFlight: Math.max(0, ...blocks.map(({ reading }) => reading.maxInFlight)),
    client: highest(blocks),
    doubt:
      level.isHalf === true
        ? 'not measured: its clients did not hold it to its end'
        : doubtOf(
            level,
            steady.map((each) => each.ttftMs),
          ),
  };
}

function workOf(answered: readonly Sample[], otherLength: readonly Sample[]): SpeedLevelRow['work'] {
  if (otherLength.length === 0 && answered.every((sample) => tokensOf(sample) !== null)) return 'fixed';
  return otherLength.length * 2 > answered.length || answered.some((sample) => tokensOf(sample) === null)
    ? 'natural-length'
    : 'mixed';
}

/** Twice the concurrency must have ended while the loop was full, or the full stretch says too little. */
function ratesOf(
  { first, planned, blocks: measured }: LevelBlocks,
  objectives: Objectives | null,
): Pick<
  SpeedLevelRow,
  'window' | 'windowMs' | 'tokensPerSecond' | 'requestsPerSecond' | 'goodput' | 'clients'
> {
  const blocks = measured.map(onOneClock);
  const full = blocks.map(({ reading }) => steadyWindow(reading));
  const ended = blocks.reduce((sum, block, at) => {
    const window = full[at] ?? null;
    return window === null ? sum : sum + countIn(block, window);
  }, 0);
  const isSteadyEnough =
    first.load.kind === 'closed' && first.load.concurrency > 1 && ended >= 2 * first.load.concurrency;
  const windows = blocks.map((block, at) =>
    isSteadyEnough ? (full[at] ?? null) : wholeWindow(block.requests.map(({ sample }) => sample)),
  );
  const rate = (count: (block: MeasuredBlock, window: Window) => number | null, unit: string): Stat => {
    const values = blocks.flatMap((block, at) => {
      const window = windows[at] ?? null;
      const isKnown = window !== null && isCertain(block.reading, window);
      const amount = isKnown ? count(block, window) : null;
      return window === null || amount === null
        ? []
        : [{ cluster: String(block.reading.block), value: (1000 * amount) / (window.toMs - window.fromMs) }];
    });
    const perBlock = blocks.length === 0 ? planned : planned / Math.max(1, blocks[0]?.requests.length ?? 1);
    return amountStat(values, { missing: Math.max(0, Math.round(perBlock) - values.length), unit });
  };
  const holders = blocks.flatMap(({ reading }) => reading.clients?.length ?? []);
  return {
    ...(holders.length === 0
      ? {}
      : {
          clients: {
            n: Math.max(...holders),
            errorMs: Math.max(...blocks.map(({ reading }) => edgeErrorMs(reading))),
            uncertain: blocks.filter(({ reading }, at) => {
              const window = windows[at] ?? null;
              return window !== null && !isCertain(reading, window);
            }).length,
          },
        }),
    window: isSteadyEnough ? 'steady' : 'whole',
    windowMs: windows.reduce((sum, window) => sum + (window === null ? 0 : window.toMs - window.fromMs), 0),
    tokensPerSecond: rate(tokensIn, 'tokens/s'),
    requestsPerSecond: rate(countIn, 'requests/s'),
    goodput:
      objectives === null
        ? null
        : rate(
            (block, window) => countIn(block, window, (sample) => meets(sample, objectives)),
            'requests/s',
          ),
  };
}

function countIn(
  block: MeasuredBlock,
  window: Window,
  counts: (sample: Sample) => boolean = () => true,
): number {
  return block.requests.filter(({ sample }) => endsWithin(sample, window) && counts(sample)).length;
}

function tokensIn(block: MeasuredBlock, window: Window): number | null {
  let sum = 0;
  for (const { sample } of block.requests) {
    const tokens = tokensWithin(sample, window);
    // One answer that was not counted leaves the sum of the block unknown.
    if (tokens === null) return null;
    sum += tokens;
  }
  return sum;
}

function highest(blocks: readonly MeasuredBlock[]): ClientLoad {
  const most = (of: (load: ClientLoad) => number): number =>
    Math.max(0, ...blocks.map(({ reading }) => of(reading.client)));
  const lags = blocks.flatMap(({ reading }) => reading.client.lagP99Ms ?? []);
  return {
    utilization: most((load) => load.utilization),
    delayP50Ms: most((load) => load.delayP50Ms),
    delayP99Ms: most((load) => load.delayP99Ms),
    lagP99Ms: lags.length === 0 ? null : Math.max(...lags),
  };
}

/**
 * A client at its limit measures itself; so does one that fell behind its own schedule, or never had as many requests
 * open as it was told. A single late block may be chance: most of the blocks must show it.
 */
function doubtOf({ first, blocks }: LevelBlocks, ttfts: readonly (number | null)[]): string | null {
  if (blocks.length === 0) return null;
  const { p50 } = quantilesOf(ttfts, ttfts.length);
  const most = (found: readonly unknown[]): boolean => found.length > blocks.length / 2;
  const limits = blocks.flatMap(({ reading }) => saturation(reading.client, p50) ?? []);
  if (most(limits)) return `the client was at its limit: ${limits[0] ?? ''}`;
  if (most(blocks.filter(({ reading }) => (reading.client.lagP99Ms ?? 0) > latestMs)))
    return `the client fell over ${latestMs} ms behind its own schedule`;
  const { load } = first;
  const short =
    load.kind === 'closed' &&
    blocks.some(
      ({ reading, requests }) =>
        reading.maxInFlight < load.concurrency && requests.length >= 2 * load.concurrency,
    );
  return short ? 'fewer requests were open at once than asked for' : null;
}
