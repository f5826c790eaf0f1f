/**
 * A block that several clients loaded together, on the clock they have in common. Every duration inside a client is the
 * same on either clock; only what lies between clients needs this one, and knows how wrong it may be.
 */
import type { BlockReading, Sample, Timing } from '../types.ts';
import type { MeasuredBlock } from './speed-blocks.ts';
import type { Window } from './speed-window.ts';

/** A rate over a window whose edges are less certain than this share of it is none. */
const mostError = 0.05;

/** As it is where one process loaded. */
export function onOneClock(block: MeasuredBlock): MeasuredBlock {
  const { clients } = block.reading;
  if (clients === undefined) return block;
  const offsets = new Map(clients.map(({ client, offsetMs }) => [client, offsetMs]));
  return {
    ...block,
    requests: block.requests.map(({ request, sample }) => ({
      request,
      sample: moved(sample, offsets.get(sample.client ?? '') ?? 0),
    })),
  };
}

function moved(sample: Sample, ms: number): Sample {
  const at = (time: number | null): number | null => (time === null ? null : time + ms);
  const { tSched, tCall, t0, tHdr, tEvt1, tOut1, tAns1, tLast, tDone } = sample.timing;
  const timing: Timing = {
    tSched: at(tSched),
    tCall: at(tCall),
    t0: at(t0),
    tHdr: at(tHdr),
    tEvt1: at(tEvt1),
    tOut1: at(tOut1),
    tAns1: at(tAns1),
    tLast: at(tLast),
    tDone: at(tDone),
  };
  return { ...sample, timing };
}

/** How wrong the length of a window may be, ms: each of its edges is one client's. */
export function edgeErrorMs({ clients = [] }: BlockReading): number {
  if (clients.length < 2) return 0;
  const [first = 0, second = 0] = clients.map(({ errorMs }) => errorMs).toSorted((a, b) => b - a);
  return first + second;
}

/** Whether the clocks agree well enough for a rate over it. */
export function isCertain(reading: BlockReading, { fromMs, toMs }: Window): boolean {
  return edgeErrorMs(reading) <= mostError * (toMs - fromMs);
}
