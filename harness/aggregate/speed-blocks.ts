/**
 * What was measured of the speed phase, block by block. The plan says what was to be sent, the client's own reading of a
 * block says that it was measured to its end, and by which start of the run: samples of any other are left out.
 */
import type { BlockReading, Sample, SpeedPlan, SpeedRequest } from '../types.ts';
import { groupBy } from './grouping.ts';

export interface MeasuredRequest {
  readonly request: SpeedRequest;
  readonly sample: Sample;
}

export interface MeasuredBlock {
  readonly reading: BlockReading;
  readonly requests: readonly MeasuredRequest[];
}

/** One target at one level. */
export interface LevelBlocks {
  readonly series: string;
  readonly level: string;
  readonly target: string;
  readonly first: SpeedRequest;
  readonly planned: number;
  readonly blocks: readonly MeasuredBlock[];
  /** Blocks of it were measured, and they are no level. */
  readonly isHalf?: true;
}

/** In the order of the plan. The order of samples and readings does not matter. */
export function measuredLevels(
  plan: SpeedPlan,
  samples: readonly Sample[],
  readings: readonly BlockReading[],
): LevelBlocks[] {
  const ends = new Map<string, BlockReading>();
  for (const reading of readings) {
    const name = blockName(reading);
    const known = ends.get(name);
    // Measured twice (two resumes met): the later one has the later end.
    if (known === undefined || reading.at > known.at) ends.set(name, reading);
  }
  const byRequest = new Map<string, Sample>();
  for (const sample of samples) {
    if (sample.phase === 'speed' && !sample.warmup) byRequest.set(`${sample.cell} ${sample.leg}`, sample);
  }
  const levels = groupBy(plan.requests, ({ series, level, target }) =>
    [series, level, target].join('\u0000'),
  );
  return [...levels.values()].flatMap((requests): LevelBlocks[] => {
    const [first] = requests;
    if (first === undefined) return [];
    const blocks = [...groupBy(requests, blockName).values()].flatMap((own): MeasuredBlock[] => {
      const reading = own[0] === undefined ? undefined : ends.get(blockName(own[0]));
      if (reading === undefined) return [];
      const found = own.flatMap((request): MeasuredRequest[] => {
        const sample = byRequest.get(`${request.key} ${reading.leg}`);
        return sample === undefined ? [] : [{ request, sample }];
      });
      return [{ reading, requests: found }];
    });
    const { series, level, target } = first;
    return [{ series, level, target, first, planned: requests.length, blocks }];
  });
}

/**
 * Without the blocks of levels that several clients did not hold to their end: what went wrong with a client may have been
 * going wrong in the blocks before.
 */
export function wholeLoads(levels: readonly LevelBlocks[]): LevelBlocks[] {
  return levels.map((level) => {
    const isHeldByMany = level.blocks.some(({ reading }) => reading.clients !== undefined);
    return isHeldByMany && openIn(level) > 0 ? { ...level, blocks: [], isHalf: true } : level;
  });
}

/** Planned requests that no measured block holds. */
export function unmeasured(levels: readonly LevelBlocks[]): number {
  return levels.reduce((sum, level) => sum + openIn(level), 0);
}

function openIn({ planned, blocks }: LevelBlocks): number {
  return planned - blocks.reduce((held, { requests }) => held + requests.length, 0);
}

function blockName({
  series,
  level,
  target,
  block,
}: Pick<SpeedRequest, 'series' | 'level' | 'target' | 'block'>): string {
  return [series, level, target, block].join('\u0000');
}
