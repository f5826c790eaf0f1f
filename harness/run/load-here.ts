/** Sends batches of load from this process, and keeps their times. Each request is tried once. */
import type { Ask, Cell, ClientBlock, ClientLoad, Load, Sample, SpeedRequest } from '../types.ts';
import type { ClientWatch } from './client-watch.ts';
import { toRecord, type Clock } from './clock.ts';
import { dialectNamed, type Ability, type Dialect, type DialectName } from './dialects.ts';
import { loadCell, type LoadQuestion } from './fixed-work.ts';
import { closedLoop, openLoop, type LoopEvents, type Place } from './load-loops.ts';
import { nearestRank } from './rank.ts';
import { isTainted, type Watch } from './watch.ts';

/** So many requests in a row that nobody answered are no result of a load: the server is gone. */
export const silenceEnds = 20;

export interface LoadTarget {
  readonly ask: Ask;
  readonly dialect: Dialect;
  /** What is known of `ignore_eos` there, from the dialect or a probe. */
  readonly ignoreEos: Ability;
}

/** A planned request and what is asked for it: in a warm-up another question than the planned one. */
export interface LoadItem {
  readonly request: SpeedRequest;
  readonly question: LoadQuestion;
}

/** Requests that are sent together: a block, or a round of a warm-up. */
export interface Batch {
  readonly target: string;
  readonly items: readonly LoadItem[];
  /** How this batch is sent: a warm-up is a closed loop in any case. */
  readonly load: Load;
  readonly spreadMs: number;
  readonly warmup: boolean;
  /** The server was seen to refuse `ignore_eos`. */
  readonly withoutEos: boolean;
  /** Asked before each request: nothing more is sent to a server that is gone. */
  readonly isOver: () => boolean;
}

export interface BatchEnd {
  readonly events: Omit<LoopEvents, 'lagsMs'>;
  readonly client: ClientLoad;
  /** Where several clients sent it; `events` are then on the clock they have in common. */
  readonly clients?: readonly ClientBlock[];
}

/** Sends a batch and hands on each sample that was not cut by us. null: it was not sent as it should be. */
export type Drive = (
  batch: Batch,
  take: (item: LoadItem, sample: Sample) => void,
) => Promise<BatchEnd | null>;

export interface HereInput {
  /** The cells whose questions are asked, by key. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly targets: ReadonlyMap<string, LoadTarget>;
  readonly leg: string;
  readonly clock: Clock;
  /** Nothing is sent from here on. */
  readonly stop: AbortSignal;
  /** Calls in flight are given up. */
  readonly cut: AbortSignal;
  /** Tells which answers came while this process could not keep the time. */
  readonly watch?: Pick<Watch, 'disturbed'>;
  /** How busy this process is meanwhile. */
  readonly client: Pick<ClientWatch, 'read'>;
}

/** What a client is told beside, where several hold one load. */
export interface Told {
  readonly place?: Place;
  readonly startMs?: number;
  /** All clients ask alike, whatever each has learned of the server. */
  readonly dialect?: DialectName;
  readonly ignoreEos?: Ability;
}

/** Rejects only when `take` throws, or for a bug. */
export async function sendHere(
  input: HereInput,
  batch: Batch,
  take: (item: LoadItem, sample: Sample) => void,
  told: Told = {},
): Promise<BatchEnd> {
  const { clock, stop } = input;
  const { load, spreadMs, items } = batch;
  const send = async (item: LoadItem, tSched: number): Promise<void> => {
    if (batch.isOver()) return;
    const sample = await sendOne(input, batch, item, { ...told, tSched });
    if (sample !== null) take(item, sample);
  };
  const options = { clock, stop, ...(told.startMs === undefined ? {} : { startMs: told.startMs }) };
  input.client.read();
  const { lagsMs, ...events } =
    load.kind === 'open'
      ? await openLoop(items.map(scheduled), ({ item }, tSched) => send(item, tSched), options)
      : await closedLoop(
          items,
          {
            concurrency: load.concurrency,
            spreadMs,
            ...(told.place === undefined ? {} : { place: told.place }),
          },
          send,
          options,
        );
  return { events, client: { ...input.client.read(), lagP99Ms: toRecord(nearestRank(lagsMs, 0.99)) } };
}

const scheduled = (item: LoadItem): { readonly item: LoadItem; readonly atMs: number | null } => ({
  item,
  atMs: item.request.atMs,
});

/** Requests in flight during a warm-up, and at most in a closed loop. */
export function concurrencyOf({ load }: Pick<SpeedRequest, 'load'>): number {
  return load.kind === 'closed' ? load.concurrency : Math.max(1, Math.ceil(load.rate));
}

/** One attempt; null when it was cut by us. */
async function sendOne(
  input: HereInput,
  { warmup, withoutEos }: Batch,
  { request, question }: LoadItem,
  { tSched, dialect, ignoreEos }: Told & { readonly tSched: number },
): Promise<Sample | null> {
  const target = input.targets.get(request.target);
  const base = input.cells.get(request.cell);
  if (target === undefined || base === undefined) throw new Error(`nothing known of ${request.target}`);
  const row = dialect === undefined ? target.dialect : dialectNamed(dialect);
  const able = withoutEos ? 'no' : (ignoreEos ?? target.ignoreEos);
  const asked = await target.ask(loadCell(base, question, row, able), {
    attempt: 1,
    leg: input.leg,
    block: request.block,
    turn: request.turn,
    warmup,
    tSched,
    signal: input.cut,
    phase: 'speed',
    concurrency: concurrencyOf(request),
  });
  if (asked.status === 'cancelled') return null;
  return flagLoad(asked, question.maxTokens, isTainted(input.watch, asked));
}

/** Cached prompt tokens up to so many are the chat template's. */
const templateTokens = 64;

/** Remarks that only a load makes: the length was to be the same for all, and no prompt known before. */
function flagLoad(sample: Sample, maxTokens: number, tainted: boolean): Sample {
  if (sample.outcome.kind !== 'answered') return sample;
  const flags = new Set(sample.flags);
  if (tainted) flags.add('tainted');
  if (sample.usage.source !== 'none' && sample.usage.completion !== maxTokens) flags.add('not-fixed-work');
  if ((sample.usage.cached ?? 0) > templateTokens) flags.add('prefix-cached');
  return { ...sample, flags: [...flags].toSorted() };
}
