/** The noise floor of this client at one concurrency, from answers of a server that says when it sent what. */
import type { Ask, Cell, FloorReading, Sample } from '../types.ts';
import { watchClient } from './client-watch.ts';
import { toRecord, type Clock } from './clock.ts';
import { closedLoop } from './load-loops.ts';
import { nearestRank } from './rank.ts';

export interface FloorInput {
  readonly ask: Ask;
  readonly concurrency: number;
  /** Output tokens of an answer. */
  readonly tokens: number;
  /** The server's own offsets in the text of an answer, ms since it had the request, in sending order. */
  readonly offsetsIn: (text: string) => readonly number[];
  /** Answers to measure, at least; above a few streams, three rounds of the concurrency. */
  readonly answers: number;
  /** First starts are spread over one answer's time. */
  readonly answerMs: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly now: () => number;
}

/** What was seen of one level, beside the floor: for comparing with the known truth. */
export interface FloorResult {
  readonly floor: FloorReading;
  /** Observed median, ms. */
  readonly tpotP50Ms: number;
}

/** Rounds of answers behind a floor, after one that warms up. */
const rounds = 3;

/** Throws when the server does not answer: it is ours, so that is a bug and no finding. */
export async function measureFloor(input: FloorInput): Promise<FloorResult> {
  const { concurrency, clock, stop } = input;
  const samples: Sample[] = [];
  const run = async (n: number, keep: boolean): Promise<number> => {
    const events = await closedLoop(
      Array.from({ length: n }, (_, at) => at),
      { concurrency, spreadMs: Math.min(2000, input.answerMs) },
      async (at, tSched) => {
        const sample = await input.ask(question(at, input.tokens), {
          attempt: 1,
          leg: 'floor',
          block: -1,
          turn: '',
          warmup: !keep,
          tSched,
          signal: stop,
          phase: 'speed',
          concurrency,
        });
        if (keep) samples.push(sample);
      },
      { clock, stop },
    );
    return events.maxInFlight;
  };
  await run(Math.max(2, concurrency), false);
  const watch = watchClient();
  const maxInFlight = await run(Math.max(input.answers, rounds * concurrency), true);
  const client = { ...watch.read(), lagP99Ms: null };
  watch.stop();
  return summarise(samples, input, { client, maxInFlight });
}

function summarise(
  samples: readonly Sample[],
  input: FloorInput,
  seen: Pick<FloorReading, 'client' | 'maxInFlight'>,
): FloorResult {
  const added: number[] = [];
  const gapErrors: number[] = [];
  const connects: number[] = [];
  const ttfts: number[] = [];
  const tpots: number[] = [];
  for (const { outcome, timing, iclMs, reads, chunks } of samples) {
    const { t0, tOut1, tLast, tCall } = timing;
    if (outcome.kind !== 'answered' || t0 === null || tOut1 === null || tLast === null) continue;
    const offsets = input.offsetsIn(outcome.text);
    const [first] = offsets;
    if (first === undefined) continue;
    ttfts.push(tOut1 - t0);
    added.push(tOut1 - t0 - first);
    tpots.push((tLast - tOut1) / Math.max(1, input.tokens - 1));
    if (tCall !== null) connects.push(t0 - tCall);
    // Only where each event had a read of its own can a gap be told from the server's.
    if (reads !== chunks) continue;
    for (const [at, gap] of iclMs.entries()) {
      const [from, to] = [offsets[at], offsets[at + 1]];
      if (from !== undefined && to !== undefined) gapErrors.push(Math.abs(gap - (to - from)));
    }
  }
  if (added.length < samples.length * 0.9) throw new Error('the paced server did not answer');
  return {
    tpotP50Ms: at(tpots, 0.5),
    floor: {
      v: 1,
      kind: 'floor',
      concurrency: input.concurrency,
      n: added.length,
      ttftP50Ms: at(ttfts, 0.5),
      addedTtftP50Ms: at(added, 0.5),
      addedTtftP99Ms: at(added, 0.99),
      gapErrorP99Ms: at(gapErrors, 0.99),
      connectP50Ms: at(connects, 0.5),
      ...seen,
      at: input.now(),
    },
  };
}

/** ms as fine as the record goes; 0 for nothing. */
function at(values: readonly number[], share: number): number {
  return toRecord(nearestRank(values, share)) ?? 0;
}

function question(number: number, tokens: number): Cell {
  return {
    key: `floor ${number}`,
    suite: '',
    test: '',
    cluster: '',
    language: 'en',
    variant: null,
    target: 'paced',
    model: 'paced',
    repeat: 1,
    messages: [{ role: 'user', content: `${number}` }],
    request: { max_tokens: tokens, temperature: 0 },
    checks: [],
    metadata: {},
    observe: true,
  };
}
