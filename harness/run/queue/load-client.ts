/**
 * A worker's side of a load that several clients hold: it is there, does what its coordinator orders, one thing after
 * another, and tells what it saw when its streams are closed. Its times are its own clock's.
 */
import type {
  Cell,
  FloorReading,
  MachineState,
  RoundTrip,
  Sample,
  SpeedRequest,
  Target,
} from '../../types.ts';
import { watchClient } from '../client-watch.ts';
import { toRecord, type Clock } from '../clock.ts';
import { sendHere, silenceEnds, type LoadItem, type LoadTarget } from '../load-here.ts';
import { sleep } from '../sleep.ts';
import { warmUpQuestion } from '../warm-up.ts';
import type { SpanWatch } from '../watch.ts';
import type { Broker } from './broker.ts';
import { align, between, type Alignment } from './common-clock.ts';
import { listen } from './load-stream.ts';
import { readOrder, wordsOf, type LoadOrder, type Opened, type Order, type Replies } from './load-words.ts';
import {
  beatKey,
  beatsMissed,
  clientKey,
  clientsKey,
  ordersKey,
  repliesKey,
  type QueueTimes,
} from './names.ts';
import type { LoadEntry } from './registry.ts';
import { bodyOf } from './report.ts';

/** A timer may be so late, ms. */
const readyMs = 5;

export interface LoadTargets {
  readonly targets: ReadonlyMap<string, LoadTarget>;
  /** What its look found of each, JSON. */
  readonly facts: ReadonlyMap<string, string>;
}

/** What a worker brings to a load. */
export interface LoadMeans {
  /** The plan of a load that is drawn with this seed for so many clients, with its hash. */
  readonly planOf: (entry: LoadEntry) => {
    readonly hash: string;
    readonly requests: readonly SpeedRequest[];
  };
  /** Looks, and makes connections. A text says why this worker cannot ask there. */
  readonly open: (sockets: number) => Promise<LoadTargets | string>;
  readonly roundTrips: () => Promise<readonly RoundTrip[]>;
  readonly floors: (levels: readonly number[]) => Promise<readonly FloorReading[]>;
  readonly machine: () => Promise<MachineState>;
  readonly host: string;
  readonly pid: number;
  readonly watch: SpanWatch;
}

export interface LoadClientInput {
  readonly broker: Broker;
  readonly run: string;
  /** No other worker's start has this name. */
  readonly name: string;
  readonly means: LoadMeans;
  readonly requests: ReadonlyMap<string, SpeedRequest>;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly targets: readonly Target[];
  readonly clock: Clock;
  readonly times: QueueTimes;
  readonly record: (sample: Sample) => Sample | Promise<Sample>;
  /** It leaves: nothing more is begun, and what is under way is given up. */
  readonly stop: AbortSignal;
}

/** Takes part until it is stopped; how many attempts it made. Rejects when an attempt could not be written down. */
export async function holdLoad(input: LoadClientInput): Promise<number> {
  return new LoadClient(input).run();
}

/** What goes on in a batch can be ended in two steps. */
interface Turn {
  readonly turn: number;
  readonly stop: AbortController;
  readonly cut: AbortController;
  readonly go: Later<number>;
}

/** Node 20 has no `Promise.withResolvers`. */
interface Later<T> {
  readonly promise: Promise<T | null>;
  readonly resolve: (value: T | null) => void;
}

function later<T>(): Later<T> {
  let resolve: (value: T | null) => void = () => {};
  const promise = new Promise<T | null>((settle) => (resolve = settle));
  return { promise, resolve };
}

class LoadClient {
  private readonly input: LoadClientInput;
  private readonly ended = new AbortController();
  private opened: LoadTargets = { targets: new Map(), facts: new Map() };
  private current: Turn | null = null;
  /** The last turn that was ended by an order: it may be heard before the turn has begun here. */
  private halted: { readonly turn: number; readonly cut: boolean } | null = null;
  private working: Promise<void> = Promise.resolve();
  private thrown: { readonly error: unknown } | null = null;
  private aliveAt: number;
  private sent = 0;

  constructor(input: LoadClientInput) {
    this.input = input;
    this.aliveAt = input.clock();
  }

  async run(): Promise<number> {
    const { broker, run, times, stop } = this.input;
    const leave = (): void => this.end();
    stop.addEventListener('abort', leave, { once: true });
    if (stop.aborted) leave();
    void this.beat();
    const beating = setInterval(() => void this.beat(), times.beatMs);
    try {
      await listen(broker.another(), ordersKey(run), (words) => this.take(words), this.ended.signal);
      await this.working;
    } finally {
      clearInterval(beating);
      stop.removeEventListener('abort', leave);
      // Who looks for it sees at once that it has gone.
      void broker.client.del(clientKey(run, this.input.name)).catch(() => {});
    }
    if (this.thrown !== null) throw this.thrown.error;
    return this.sent;
  }

  private end(): void {
    this.ended.abort();
    this.halt(true);
  }

  /** Shows that it is there, and looks whether its coordinator is: a load that nobody measures ends. */
  private async beat(): Promise<void> {
    const { broker, run, name, times, clock } = this.input;
    const isLate = (): boolean => clock() - this.aliveAt > beatsMissed * times.beatMs;
    // Where the queue is gone the commands below wait for it.
    if (isLate()) this.halt(true);
    try {
      const [, , , there] =
        (await broker.client
          .multi()
          .sadd(clientsKey(run), name)
          .pexpire(clientsKey(run), times.outageMs * 2)
          .set(clientKey(run, name), '1', 'PX', times.beatMs * beatsMissed)
          .exists(beatKey(run))
          .exec()) ?? [];
      if (there?.[1] === 1) this.aliveAt = clock();
    } catch {
      // The next one may come through.
    }
  }

  private halt(cut: boolean): void {
    this.current?.stop.abort();
    this.current?.go.resolve(null);
    if (cut) this.current?.cut.abort();
  }

  /** Orders that go to what is under way are heard at once; the others one after another. */
  private take(words: readonly string[]): void {
    const order = readOrder(words);
    if (order === null || order.client !== this.input.name) return;
    const isOfCurrent = this.current?.turn === order.turn;
    if (order.kind === 'go') {
      if (isOfCurrent) this.current?.go.resolve(order.body.atMs);
      return;
    }
    if (order.kind === 'halt') {
      this.halted = { turn: order.turn, cut: order.body.cut };
      if (isOfCurrent) this.halt(order.body.cut);
      return;
    }
    if (order.kind === 'load') this.aliveAt = this.input.clock();
    this.working = this.working.then(async () => {
      if (this.ended.signal.aborted) return;
      try {
        await this.do(order);
      } catch (error) {
        this.thrown ??= { error };
        this.end();
      }
    });
  }

  private async do(order: Exclude<Order, { kind: 'go' | 'halt' }>): Promise<void> {
    const { means } = this.input;
    switch (order.kind) {
      case 'open': {
        const opened = await this.open(order.body.sockets);
        if (typeof opened === 'string') await this.tell(order, 'failed', { why: opened });
        else await this.tell(order, 'open', opened);
        return;
      }
      case 'floor':
        await this.tell(order, 'floor', { floors: await means.floors(order.body.levels) });
        return;
      case 'close':
        await this.tell(order, 'close', { machine: await means.machine() });
        return;
      case 'load':
        await this.load(order, order.body);
    }
  }

  private async open(sockets: number): Promise<Opened | string> {
    const { means } = this.input;
    const machine = await means.machine();
    const opened = await means.open(sockets);
    if (typeof opened === 'string') return opened;
    this.opened = opened;
    return {
      host: means.host,
      pid: means.pid,
      machine,
      roundTrips: await means.roundTrips(),
      targets: [...opened.targets].map(([id, { dialect, ignoreEos }]) => ({
        id,
        dialect: dialect.name,
        ignoreEos,
        facts: opened.facts.get(id) ?? null,
      })),
    };
  }

  private async load(order: Order, body: LoadOrder): Promise<void> {
    const { broker, clock, record, means } = this.input;
    const items = body.items.map((item) => this.itemOf(item));
    if (!this.opened.targets.has(body.target) || items.includes(null)) {
      await this.tell(order, 'failed', { why: 'it was told to ask what is not in its plan' });
      return;
    }
    const turn: Turn = {
      turn: order.turn,
      stop: new AbortController(),
      cut: new AbortController(),
      go: later<number>(),
    };
    this.current = turn;
    if (this.ended.signal.aborted) this.halt(true);
    else if (this.halted?.turn === order.turn) this.halt(this.halted.cut);
    const before = await align(broker.client, clock, body.epochMs);
    let startMs = clock();
    if (body.waits) {
      await this.tell(order, 'ready', { errorMs: before.errorMs });
      const atMs = await turn.go.promise;
      if (atMs !== null) startMs = atMs - before.offsetMs;
      // Waiting is no work: it would make a busy loop look idle.
      await sleep(startMs - clock() - readyMs, turn.stop.signal);
    }
    const kept: Promise<Sample>[] = [];
    let silent = 0;
    const client = watchClient();
    const from = clock();
    const end = await sendHere(
      {
        cells: this.input.cells,
        targets: this.opened.targets,
        leg: this.input.name,
        clock,
        stop: turn.stop.signal,
        cut: turn.cut.signal,
        watch: means.watch,
        client,
      },
      {
        target: body.target,
        items: items.filter((item) => item !== null),
        load: body.load,
        spreadMs: body.spreadMs,
        warmup: body.items.some(([, nonce]) => nonce !== null),
        withoutEos: body.withoutEos,
        isOver: () => silent >= silenceEnds,
      },
      (_, sample) => {
        this.sent += 1;
        silent = sample.http === null && sample.outcome.kind === 'failed' ? silent + 1 : 0;
        kept.push(Promise.resolve(record(sample)));
      },
      { place: body.place, startMs, dialect: body.dialect, ignoreEos: body.ignoreEos },
    ).finally(() => client.stop());
    const disturbed = means.watch.disturbances(from, clock());
    const clocks = between(before, await align(broker.client, clock, body.epochMs));
    this.current = null;
    // Only now: while streams are open there is better to do.
    const samples = await Promise.all(kept);
    for (const sample of samples)
      await this.tell(order, 'sample', { key: sample.cell, sample: bodyOf(sample) });
    await this.tell(order, 'done', {
      block: { ...rounded(end.events), load: end.client, ...roundedClocks(clocks) },
      disturbed,
      samples: samples.length,
      isCut: turn.stop.signal.aborted,
    });
  }

  private itemOf([key, nonce]: LoadOrder['items'][number]): LoadItem | null {
    const request = this.input.requests.get(key);
    if (request === undefined) return null;
    return { request, question: nonce === null ? request : warmUpQuestion(request, nonce) };
  }

  private async tell<Kind extends keyof Replies>(
    { session, client, turn }: Order,
    kind: Kind,
    body: Replies[Kind],
  ): Promise<void> {
    const { broker, run } = this.input;
    const words = wordsOf({ session, client, turn, kind, body } as Parameters<typeof wordsOf>[0]);
    await broker.client.xadd(repliesKey(run), '*', ...words);
  }
}

interface Events {
  readonly startMs: number;
  readonly fullMs: number | null;
  readonly emptyMs: number;
  readonly endMs: number;
  readonly maxInFlight: number;
}

function rounded({ startMs, fullMs, emptyMs, endMs, maxInFlight }: Events): Events {
  return {
    startMs: toRecord(startMs) ?? 0,
    fullMs: toRecord(fullMs),
    emptyMs: toRecord(emptyMs) ?? 0,
    endMs: toRecord(endMs) ?? 0,
    maxInFlight,
  };
}

function roundedClocks({ offsetMs, errorMs }: Alignment): Alignment {
  return { offsetMs: toRecord(offsetMs) ?? 0, errorMs: toRecord(errorMs) ?? 0 };
}
