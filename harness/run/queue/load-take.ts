/** What clients told of one batch, read as strangers' words, as it stands in the record of the run. Pure. */
import type { Cell, ClientBlock, Sample } from '../../types.ts';
import type { Hand } from '../deal.ts';
import { concurrencyOf, type Batch, type LoadItem } from '../load-here.ts';
import { taintedByOthers, type Part } from './load-parts.ts';
import type { Replies } from './load-words.ts';
import { readSample } from './report.ts';

export type DoneBody = Replies['done'];
export type SampleBody = Replies['sample'];

/** By client. */
export interface Told {
  readonly done: ReadonlyMap<string, DoneBody>;
  readonly samples: ReadonlyMap<string, readonly SampleBody[]>;
}

export interface TakeInput {
  readonly batch: Pick<Batch, 'warmup'>;
  /** The cells whose questions are asked, by key. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Of the coordinator: a client counts its starts for itself. */
  readonly leg: string;
  /** The batch was to end before its list was empty. */
  readonly isStopped: boolean;
}

export interface Taken {
  readonly blocks: readonly ClientBlock[];
  readonly samples: readonly { readonly item: LoadItem; readonly sample: Sample }[];
  /** Why it is no measurement, to be followed by the name of the client. */
  readonly faults: readonly { readonly client: string; readonly what: string }[];
}

export function takeReplies(
  told: Told,
  hands: readonly Hand<LoadItem>[],
  { batch, cells, leg, isStopped }: TakeInput,
): Taken {
  const parts: Part[] = [];
  const faults: { client: string; what: string }[] = [];
  const samples: { readonly item: LoadItem; readonly sample: Sample; readonly client: string }[] = [];
  for (const { client, requests, share } of hands) {
    const expected = new Map(requests.map((item) => [item.question.key, item]));
    let taken = 0;
    for (const { key, sample: body } of told.samples.get(client) ?? []) {
      const item = expected.get(key);
      const sample = item === undefined ? null : readFor(item, body, cells);
      if (item === undefined || sample === null) {
        faults.push({ client, what: 'a record is not in order that came from' });
        continue;
      }
      expected.delete(key);
      taken += 1;
      samples.push({ item, client, sample: placed(sample, item, { client, leg, warmup: batch.warmup }) });
    }
    const done = told.done.get(client);
    if (done === undefined) continue;
    // Who leaves still says what it saw; that is no part of a load that all of them hold.
    if (done.isCut && !isStopped) faults.push({ client, what: 'the load was left by' });
    if (taken !== done.samples) faults.push({ client, what: 'records did not come from' });
    parts.push({ block: blockOf(client, share, done.block), disturbed: done.disturbed });
  }
  return {
    blocks: parts.map(({ block }) => block),
    faults,
    samples: samples.map(({ item, client, sample }) => {
      const own = parts.find(({ block }) => block.client === client);
      const isTainted =
        own !== undefined && sample.outcome.kind === 'answered' && taintedByOthers(sample, own, parts);
      return { item, sample: isTainted ? withFlag(sample, 'tainted') : sample };
    }),
  };
}

function readFor(
  { request, question }: LoadItem,
  body: string,
  cells: ReadonlyMap<string, Cell>,
): Sample | null {
  const base = cells.get(request.cell);
  if (base === undefined) return null;
  const sample = readSample(body, { ...base, key: question.key, repeat: question.repeat }, 'speed');
  return typeof sample === 'string' ? null : sample;
}

interface Place {
  readonly client: string;
  readonly leg: string;
  readonly warmup: boolean;
}

function placed(sample: Sample, { request }: LoadItem, { client, leg, warmup }: Place): Sample {
  const { block, turn } = request;
  return {
    ...sample,
    attempt: 1,
    leg,
    block,
    turn,
    warmup,
    concurrency: concurrencyOf(request),
    client,
  };
}

/** What is known of it and no more: what else came along is in no record. */
function blockOf(
  client: string,
  share: number | null,
  { startMs, fullMs, emptyMs, endMs, maxInFlight, load, offsetMs, errorMs }: DoneBody['block'],
): ClientBlock {
  const { utilization, delayP50Ms, delayP99Ms, lagP99Ms } = load;
  return {
    client,
    share,
    startMs,
    fullMs,
    emptyMs,
    endMs,
    maxInFlight,
    load: { utilization, delayP50Ms, delayP99Ms, lagP99Ms },
    offsetMs,
    errorMs,
  };
}

function withFlag(sample: Sample, flag: string): Sample {
  return { ...sample, flags: [...new Set([...sample.flags, flag])].toSorted() };
}
