/** Which requests of the speed phase are still open. A block is measured as a whole or not at all: half a window is no measurement. */
import type { BlockReading, Sample, SpeedRequest } from '../types.ts';

export interface RequestTally {
  readonly take: (sample: Sample) => void;
  readonly takeBlock: (reading: BlockReading) => void;
  /** In plan order. */
  readonly open: () => readonly SpeedRequest[];
}

type Place = Pick<SpeedRequest, 'block' | 'target' | 'level'>;

/**
 * A block is measured when one start of the run saw it to its end and has a record of each of its requests. Its place in
 * the load alone says nothing: after a change of the suites, other prompts stand there.
 */
export function tallyRequests(requests: readonly SpeedRequest[]): RequestTally {
  const planned = new Set(requests.map(({ key }) => key));
  const recorded = new Set<string>();
  const ended = new Map<string, BlockReading>();
  const nameOf = ({ block, target, level }: Place): string => `${block} ${target} ${level}`;
  return {
    take: ({ phase, warmup, cell, leg }) => {
      if (phase === 'speed' && !warmup && planned.has(cell)) recorded.add(`${leg} ${cell}`);
    },
    takeBlock: (reading) => {
      const known = ended.get(nameOf(reading));
      // Measured twice: the later one counts, as in the report.
      if (known === undefined || reading.at > known.at) ended.set(nameOf(reading), reading);
    },
    open: () => {
      const blocks = new Map<string, SpeedRequest[]>();
      for (const request of requests) {
        const name = nameOf(request);
        const block = blocks.get(name);
        if (block === undefined) blocks.set(name, [request]);
        else block.push(request);
      }
      const isMeasured = (name: string, block: readonly SpeedRequest[]): boolean => {
        const leg = ended.get(name)?.leg;
        return leg !== undefined && block.every(({ key }) => recorded.has(`${leg} ${key}`));
      };
      const measured = new Set(
        [...blocks].flatMap(([name, block]) => (isMeasured(name, block) ? [name] : [])),
      );
      return requests.filter((request) => !measured.has(nameOf(request)));
    },
  };
}
