/**
 * Sends the plan of the speed phase: level by level, block by block, one target at a time. Each request is tried once and
 * never adapted to: a failure under load is a result of that load. Nothing of it is scored.
 */
import type { BlockReading, SpeedRequest, Sample } from '../types.ts';
import { toRecord } from './clock.ts';
import { watchClient } from './client-watch.ts';
import type { Ability } from './dialects.ts';
import {
  concurrencyOf,
  sendHere,
  silenceEnds,
  type BatchEnd,
  type Drive,
  type HereInput,
} from './load-here.ts';
import { middle } from './rank.ts';
import { isCalm, totalTimes, warmUpLimit, warmUpNonce, warmUpQuestion } from './warm-up.ts';

export interface PhaseInput {
  /** In sending order; blocks that have been measured already are not among them. */
  readonly requests: readonly SpeedRequest[];
  readonly leg: string;
  /** Writes the sample down; what it throws ends the phase. */
  readonly record: (sample: Sample) => void;
  /** A block is measured once this is on record: a promise is waited for before the next block begins. */
  readonly note: (reading: BlockReading) => unknown;
  /** Nothing is sent from here on. */
  readonly stop: AbortSignal;
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
}

/** From this process, which keeps the times. */
export type SpeedPhaseInput = PhaseInput & Omit<HereInput, 'client'>;

/** Who sends the requests, and what is known of `ignore_eos` at a target. */
export interface Loader {
  readonly drive: Drive;
  readonly ignoreEosOf: (target: string) => Ability;
}

export interface SpeedPhaseResult {
  /** Targets that were given up: nobody answered there any more. */
  readonly gone: readonly string[];
}

/** First starts of a block are spread over one answer's time, but no longer than this. */
const longestSpreadMs = 2000;

/** Runs what is open of the phase. Rejects only when something could not be recorded, or for a bug. */
export async function runSpeedPhase(input: SpeedPhaseInput): Promise<SpeedPhaseResult> {
  const client = watchClient();
  try {
    return await loadBy(input, {
      drive: (batch, take) => sendHere({ ...input, client }, batch, take),
      ignoreEosOf: (target) => input.targets.get(target)?.ignoreEos ?? 'unknown',
    });
  } finally {
    client.stop();
  }
}

/** The same, whoever sends the requests. Ends early where they were not sent as they should be: what is open stays open. */
export async function loadBy(input: PhaseInput, loader: Loader): Promise<SpeedPhaseResult> {
  const phase = new SpeedPhase(input, loader);
  for (const level of grouped(input.requests, levelOf)) {
    if (phase.isOver) break;
    await phase.runLevel(level);
  }
  await phase.settle();
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

class SpeedPhase {
  readonly gone = new Set<string>();
  private readonly input: PhaseInput;
  private readonly loader: Loader;
  /** Requests in a row that nobody answered, by target. */
  private readonly silence = new Map<string, number>();
  private readonly held = new Map<string, BlockReading[]>();
  /** Targets that refused `ignore_eos` though nobody knew that they would. */
  private readonly refusesEos = new Set<string>();
  private warmedUp = 0;
  private isBroken = false;

  constructor(input: PhaseInput, loader: Loader) {
    this.input = input;
    this.loader = loader;
  }

  /** Nothing more is to be sent. */
  get isOver(): boolean {
    return this.isBroken || this.input.stop.aborted;
  }

  async runLevel(requests: readonly SpeedRequest[]): Promise<void> {
    const { say } = this.input;
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
      if (head === undefined || this.isOver) return;
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
    const [first] = requests;
    if (first === undefined) return 0;
    const concurrency = concurrencyOf(first);
    const limit = warmUpLimit(concurrency);
    const medians: number[] = [];
    for (let sent = 0; sent < limit && !isCalm(medians) && !this.isOver && !this.gone.has(target);) {
      const round = Array.from({ length: Math.min(concurrency, limit - sent) }, (_, at) => {
        const request = requests[(sent + at) % requests.length] ?? first;
        this.warmedUp += 1;
        const nonce = warmUpNonce(first.level, target, this.input.leg, this.warmedUp);
        return { request, question: warmUpQuestion(request, nonce) };
      });
      sent += round.length;
      const samples: Sample[] = [];
      const end = await this.loader.drive(
        {
          target,
          items: round,
          load: { kind: 'closed', concurrency },
          spreadMs: 0,
          warmup: true,
          withoutEos: this.refusesEos.has(target),
          isOver: () => false,
        },
        (_, sample) => {
          this.keep(target, sample);
          samples.push(sample);
        },
      );
      this.isBroken ||= end === null;
      this.learn(target, samples);
      medians.push(middle(totalTimes(samples)) ?? Number.POSITIVE_INFINITY);
    }
    const settled = medians.at(-1) ?? 0;
    return Number.isFinite(settled) ? settled : 0;
  }

  /** A server that nobody has probed says by its refusals that it does not take the field. */
  private learn(target: string, samples: readonly Sample[]): void {
    const unknown = this.loader.ignoreEosOf(target) === 'unknown';
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
    const { target } = head;
    const end = await this.loader.drive(
      {
        target,
        items: block.map((request) => ({ request, question: request })),
        load: head.load,
        spreadMs: Math.min(longestSpreadMs, answerMs),
        warmup: false,
        withoutEos: this.refusesEos.has(target),
        isOver: () => this.gone.has(target),
      },
      ({ request }, sample) => {
        this.keep(target, sample);
        this.input.onEnd?.(request, sample);
      },
    );
    this.isBroken ||= end === null;
    // A block that was cut short is no block: its samples stay, and it is measured again by a resume.
    if (end === null || this.isOver || this.gone.has(target)) return;
    const reading = this.reading(head, end);
    const held = this.held.get(target) ?? [];
    this.held.set(target, [...held, reading]);
    // Nothing but silence may be a load that is too high, or a server that is gone: what comes next tells.
    if ((this.silence.get(target) ?? 0) < block.length) await this.release(target);
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

  private reading(head: SpeedRequest, { events, client, clients }: BatchEnd): BlockReading {
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
      client,
      ...(clients === undefined ? {} : { clients }),
      at: this.input.now(),
    };
  }

  private keep(target: string, sample: Sample): void {
    this.input.record(sample);
    this.listen(target, sample);
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

function describeLevel({ series, load }: SpeedRequest): string {
  const what =
    load.kind === 'closed'
      ? `${load.concurrency} in flight`
      : `${load.rate} arrivals a second (${load.arrivals})`;
  return series === 'all' ? what : `${series}, ${what}`;
}
