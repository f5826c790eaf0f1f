/**
 * Sends the plan of the speed phase: level by level, block by block, one target at a time. Each request is tried once and
 * never adapted to: a failure under load is a result of that load. Nothing of it is scored.
 */
import type { Ask, BlockReading, Cell, SpeedRequest, Sample } from '../types.ts';
import { toRecord, type Clock } from './clock.ts';
import { watchClient, type ClientWatch } from './client-watch.ts';
import type { Ability, Dialect } from './dialects.ts';
import { loadCell, type LoadQuestion } from './fixed-work.ts';
import { closedLoop, openLoop, type LoopEvents } from './load-loops.ts';
import { middle, nearestRank } from './rank.ts';
import { isCalm, totalTimes, warmUpLimit, warmUpNonce } from './warm-up.ts';
import { isTainted, type Watch } from './watch.ts';

export interface LoadTarget {
  readonly ask: Ask;
  readonly dialect: Dialect;
  /** What is known of `ignore_eos` there, from the dialect or a probe. */
  readonly ignoreEos: Ability;
}

export interface SpeedPhaseInput {
  /** In sending order; blocks that have been measured already are not among them. */
  readonly requests: readonly SpeedRequest[];
  /** The cells whose questions are asked, by key. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly targets: ReadonlyMap<string, LoadTarget>;
  readonly leg: string;
  readonly clock: Clock;
  /** Writes the sample down; what it throws ends the phase. */
  readonly record: (sample: Sample) => void;
  /** A block is measured once this is on record: a promise is waited for before the next block begins. */
  readonly note: (reading: BlockReading) => unknown;
  /** Nothing is sent from here on. */
  readonly stop: AbortSignal;
  /** Calls in flight are given up. */
  readonly cut: AbortSignal;
  readonly say?: (text: string) => void;
  /**
   * Before a block, where one server runs at a time: brings the target's up. Each block then has a warm-up of its own.
   * False: it cannot be had.
   */
  readonly bringUp?: (target: string) => Promise<boolean>;
  /** A planned request has ended. */
  readonly onEnd?: (request: SpeedRequest, sample: Sample) => void;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Tells which answers came while this process could not keep the time. */
  readonly watch?: Pick<Watch, 'disturbed'>;
}

export interface SpeedPhaseResult {
  /** Targets that were given up: nobody answered there any more. */
  readonly gone: readonly string[];
}

/** First starts of a block are spread over one answer's time, but no longer than this. */
const longestSpreadMs = 2000;
/** So many requests in a row that nobody answered are no result of a load: the server is gone. */
const silenceEnds = 20;

/** Runs what is open of the phase. Rejects only when something could not be recorded, or for a bug. */
export async function runSpeedPhase(input: SpeedPhaseInput): Promise<SpeedPhaseResult> {
  const phase = new SpeedPhase(input);
  try {
    for (const level of grouped(input.requests, levelOf)) {
      if (input.stop.aborted) break;
      await phase.runLevel(level);
    }
    await phase.settle();
  } finally {
    phase.watch.stop();
  }
  return { gone: [...phase.gone] };
}

/** Requests that share a name, in the order in which the names come first. */
function grouped(
  requests: readonly SpeedRequest[],
  nameOf: (request: SpeedRequest) => string,
): SpeedRequest[][] {
  const groups = new Map<string, SpeedRequest[]>();
  for (const request of requests) {
    const name = nameOf(request);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [request]);
    else group.push(request);
  }
  return [...groups.values()];
}

const levelOf = ({ series, level }: SpeedRequest): string => `${series}\u0000${level}`;

/** Requests in flight during a warm-up, and at most in a closed loop. */
function concurrencyOf({ load }: SpeedRequest): number {
  return load.kind === 'closed' ? load.concurrency : Math.max(1, Math.ceil(load.rate));
}

class SpeedPhase {
  readonly gone = new Set<string>();
  readonly watch: ClientWatch = watchClient();
  private readonly input: SpeedPhaseInput;
  /** Requests in a row that nobody answered, by target. */
  private readonly silence = new Map<string, number>();
  private readonly held = new Map<string, BlockReading[]>();
  /** Targets that refused `ignore_eos` though nobody knew that they would. */
  private readonly refusesEos = new Set<string>();
  private warmedUp = 0;

  constructor(input: SpeedPhaseInput) {
    this.input = input;
  }

  async runLevel(requests: readonly SpeedRequest[]): Promise<void> {
    const { say, stop } = this.input;
    const [first] = requests;
    if (first === undefined) return;
    say?.(`speed: ${describeLevel(first)}, ${requests.length} requests`);
    const spreads = new Map<string, number>();
    const warm = async (target: string): Promise<void> => {
      const own = requests.filter((request) => request.target === target);
      spreads.set(target, await this.warmUp(target, own));
    };
    const { bringUp } = this.input;
    if (bringUp === undefined)
      for (const target of new Set(requests.map(({ target: id }) => id))) await warm(target);
    for (const block of grouped(requests, ({ block: number }) => String(number))) {
      const [head] = block;
      if (head === undefined || stop.aborted) return;
      if (this.gone.has(head.target)) continue;
      if (bringUp !== undefined) {
        if (await bringUp(head.target)) await warm(head.target);
        else this.gone.add(head.target);
        if (this.gone.has(head.target)) continue;
      }
      await this.runBlock(block, head, spreads.get(head.target) ?? 0);
    }
  }

  /** Rounds of the level's concurrency until they are steady; the median time of an answer, ms. */
  private async warmUp(target: string, requests: readonly SpeedRequest[]): Promise<number> {
    const { clock, stop } = this.input;
    const [first] = requests;
    if (first === undefined) return 0;
    const concurrency = concurrencyOf(first);
    const limit = warmUpLimit(concurrency);
    const medians: number[] = [];
    for (let sent = 0; sent < limit && !isCalm(medians) && !stop.aborted && !this.gone.has(target);) {
      const round = Array.from({ length: Math.min(concurrency, limit - sent) }, (_, at) => {
        const source = requests[(sent + at) % requests.length] ?? first;
        this.warmedUp += 1;
        const nonce = warmUpNonce(first.level, target, this.input.leg, this.warmedUp);
        return { request: source, question: { ...source, key: `warm-up ${nonce}`, nonce } };
      });
      sent += round.length;
      const samples: Sample[] = [];
      await closedLoop(
        round,
        { concurrency, spreadMs: 0 },
        async ({ request, question }, tSched) => {
          const sample = await this.send(request, question, { tSched, warmup: true });
          if (sample !== null) samples.push(sample);
        },
        { clock, stop },
      );
      this.learn(target, samples);
      medians.push(middle(totalTimes(samples)) ?? Number.POSITIVE_INFINITY);
    }
    const settled = medians.at(-1) ?? 0;
    return Number.isFinite(settled) ? settled : 0;
  }

  /** A server that nobody has probed says by its refusals that it does not take the field. */
  private learn(target: string, samples: readonly Sample[]): void {
    const unknown = this.input.targets.get(target)?.ignoreEos === 'unknown';
    const refused = samples.length > 0 && samples.every(({ http }) => http === 400 || http === 422);
    if (!unknown || !refused || this.refusesEos.has(target)) return;
    this.refusesEos.add(target);
    this.input.say?.(`${target} does not take ignore_eos: its answers have their natural length`);
  }

  private async runBlock(
    block: readonly SpeedRequest[],
    head: SpeedRequest,
    answerMs: number,
  ): Promise<void> {
    const { clock, stop, onEnd } = this.input;
    const send = async (request: SpeedRequest, tSched: number): Promise<void> => {
      if (this.gone.has(request.target)) return;
      const sample = await this.send(request, request, { tSched, warmup: false });
      if (sample !== null) onEnd?.(request, sample);
    };
    this.watch.read();
    const { load } = head;
    const events =
      load.kind === 'open'
        ? await openLoop(block, send, { clock, stop })
        : await closedLoop(
            block,
            { concurrency: load.concurrency, spreadMs: Math.min(longestSpreadMs, answerMs) },
            send,
            { clock, stop },
          );
    const seen = this.watch.read();
    // A block that was cut short is no block: its samples stay, and it is measured again by a resume.
    if (stop.aborted || this.gone.has(head.target)) return;
    const reading = this.reading(head, events, seen);
    const held = this.held.get(head.target) ?? [];
    this.held.set(head.target, [...held, reading]);
    // Nothing but silence may be a load that is too high, or a server that is gone: what comes next tells.
    if ((this.silence.get(head.target) ?? 0) < block.length) await this.release(head.target);
  }

  /** What is still held at the end of the phase was a load that was too high. */
  async settle(): Promise<void> {
    for (const target of this.held.keys()) if (!this.gone.has(target)) await this.release(target);
  }

  private async release(target: string): Promise<void> {
    const held = this.held.get(target) ?? [];
    this.held.delete(target);
    for (const reading of held) await this.input.note(reading);
  }

  private reading(
    head: SpeedRequest,
    events: LoopEvents,
    seen: ReturnType<ClientWatch['read']>,
  ): BlockReading {
    return {
      v: 1,
      kind: 'block',
      leg: this.input.leg,
      series: head.series,
      level: head.level,
      target: head.target,
      block: head.block,
      startMs: toRecord(events.startMs) ?? 0,
      fullMs: toRecord(events.fullMs),
      emptyMs: toRecord(events.emptyMs) ?? 0,
      endMs: toRecord(events.endMs) ?? 0,
      maxInFlight: events.maxInFlight,
      client: { ...seen, lagP99Ms: toRecord(nearestRank(events.lagsMs, 0.99)) },
      at: this.input.now(),
    };
  }

  /** One attempt, recorded; null when it was cut by us. */
  private async send(
    request: SpeedRequest,
    question: LoadQuestion,
    { tSched, warmup }: { readonly tSched: number; readonly warmup: boolean },
  ): Promise<Sample | null> {
    const target = this.input.targets.get(request.target);
    const base = this.input.cells.get(request.cell);
    if (target === undefined || base === undefined) throw new Error(`nothing known of ${request.target}`);
    const ignoreEos = this.refusesEos.has(request.target) ? 'no' : target.ignoreEos;
    const asked = await target.ask(loadCell(base, question, target.dialect, ignoreEos), {
      attempt: 1,
      leg: this.input.leg,
      block: request.block,
      turn: request.turn,
      warmup,
      tSched,
      signal: this.input.cut,
      phase: 'speed',
      concurrency: concurrencyOf(request),
    });
    if (asked.status === 'cancelled') return null;
    const sample = flagLoad(asked, question.maxTokens, isTainted(this.input.watch, asked));
    this.input.record(sample);
    this.listen(request.target, sample);
    return sample;
  }

  private listen(target: string, sample: Sample): void {
    const silent = sample.http === null && sample.outcome.kind === 'failed';
    const inARow = silent ? (this.silence.get(target) ?? 0) + 1 : 0;
    this.silence.set(target, inARow);
    if (inARow < silenceEnds || this.gone.has(target)) return;
    this.gone.add(target);
    this.input.say?.(`${target} does not answer any more: the rest of its speed phase stays open`);
  }
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

function describeLevel({ series, load }: SpeedRequest): string {
  const what =
    load.kind === 'closed'
      ? `${load.concurrency} in flight`
      : `${load.rate} arrivals a second (${load.arrivals})`;
  return series === 'all' ? what : `${series}, ${what}`;
}
