/** What several clients saw of one block, put together on the clock they have in common. Pure. */
import type { ClientBlock, ClientLoad, Sample } from '../../types.ts';
import type { Span } from '../disturbance.ts';
import type { BatchEnd } from '../load-here.ts';

/** One client's part, and when that client could not keep the time, on its own clock. */
export interface Part {
  readonly block: ClientBlock;
  readonly disturbed: readonly Span[];
}

/**
 * The block as one: full when the last client is, over when the first has nothing left to start. `client` is the worst of
 * them: one at its limit makes the figures of all its own doing.
 */
export function together(parts: readonly ClientBlock[]): BatchEnd {
  const on = (of: (part: ClientBlock) => number): number[] => parts.map((part) => of(part) + part.offsetMs);
  const fulls = parts.flatMap(({ fullMs, offsetMs }) => (fullMs === null ? [] : [fullMs + offsetMs]));
  const empties = on(({ emptyMs }) => emptyMs);
  const isOpen = parts.every(({ share }) => share === null);
  return {
    events: {
      startMs: Math.min(...on(({ startMs }) => startMs)),
      fullMs: fulls.length < parts.length ? null : Math.max(...fulls),
      // Of an open loop: the last planned start of any.
      emptyMs: isOpen ? Math.max(...empties) : Math.min(...empties),
      endMs: Math.max(...on(({ endMs }) => endMs)),
      maxInFlight: parts.reduce((sum, { maxInFlight }) => sum + maxInFlight, 0),
    },
    client: worst(parts.map(({ load }) => load)),
    clients: parts,
  };
}

function worst(loads: readonly ClientLoad[]): ClientLoad {
  const most = (of: (load: ClientLoad) => number): number => Math.max(0, ...loads.map(of));
  const lags = loads.flatMap(({ lagP99Ms }) => lagP99Ms ?? []);
  return {
    utilization: most(({ utilization }) => utilization),
    delayP50Ms: most(({ delayP50Ms }) => delayP50Ms),
    delayP99Ms: most(({ delayP99Ms }) => delayP99Ms),
    lagP99Ms: lags.length === 0 ? null : Math.max(...lags),
  };
}

/**
 * While one client was held up the load was another than it says, for all of them: what overlaps that, in any client, is
 * in no time. A client has flagged its own already.
 */
export function taintedByOthers(sample: Sample, own: Part, all: readonly Part[]): boolean {
  const { tCall, tSched, tDone, tLast } = sample.timing;
  const from = (tCall ?? tSched ?? 0) + own.block.offsetMs;
  const to = (tDone ?? tLast ?? Number.POSITIVE_INFINITY) + own.block.offsetMs;
  return all.some(
    ({ block, disturbed }) =>
      block.client !== own.block.client &&
      disturbed.some((span) => span.from + block.offsetMs <= to && span.to + block.offsetMs >= from),
  );
}
