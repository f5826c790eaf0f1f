/**
 * The coordinator's side of a load that several clients hold: it gathers them, lets them begin together, and puts together
 * what they saw. A batch that one of them did not see to its end was not sent, and nothing is sent after it.
 */
import { randomUUID } from 'node:crypto';
import { exitCode, personError } from '../../errors.ts';
import type { Cell, FloorReading, MachineState } from '../../types.ts';
import { deal, type Hand } from '../deal.ts';
import type { Ability } from '../dialects.ts';
import type { Batch, BatchEnd, Drive, LoadItem } from '../load-here.ts';
import type { Loader } from '../speed-phase.ts';
import { sleep } from '../sleep.ts';
import type { Broker } from './broker.ts';
import { queueNow } from './common-clock.ts';
import { together } from './load-parts.ts';
import { listen } from './load-stream.ts';
import { takeReplies, type DoneBody, type SampleBody, type Told } from './load-take.ts';
import { readReply, wordsOf, type Opened, type Orders, type Reply } from './load-words.ts';
import { clientKey, clientsKey, ordersKey, repliesKey, type QueueTimes } from './names.ts';
import { forgetAfterMs } from './registry.ts';

/** From "go" to the first request: an order is with everybody sooner. On top comes how wrong the clocks may be. */
const leadMs = 100;
/** As starts of workers are named. */
const isName = /^[\w.-]{1,200}$/u;

export interface CrewOptions {
  readonly broker: Broker;
  readonly run: string;
  readonly leg: string;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly times: QueueTimes;
  /** How many hold the load. */
  readonly clients: number;
  /** Nothing is sent from here on; calls in flight are given up. */
  readonly stop: AbortSignal;
  readonly cut: AbortSignal;
  readonly say: (text: string) => void;
  /** What to type so that a missing client comes, and to go on. */
  readonly hint: string;
}

/** A client that holds a part of the load. */
export interface Member extends Opened {
  readonly client: string;
}

export interface Crew {
  readonly members: readonly Member[];
  readonly loader: Loader;
  /** Per level (streams in all), what each client adds by itself while it holds its share of it. Empty once one is lost. */
  readonly floors: (levels: readonly number[]) => Promise<FloorReading[]>;
  /** Why the phase ended early, in words; null: it did not. */
  readonly lost: () => string | null;
  /** The clients' machines as they are now, by client. Afterwards nothing is ordered any more. */
  readonly close: () => Promise<ReadonlyMap<string, MachineState>>;
}

/**
 * Waits until enough clients are there, and lets each look at the targets, one after another. Throws (exit 2) where they
 * do not come, or one of them cannot ask. null: it was stopped meanwhile.
 */
export async function openCrew(options: CrewOptions, sockets: number): Promise<Crew | null> {
  const crew = new LoadCrew(options);
  try {
    const names = await crew.gather();
    if (names === null || !(await crew.open(names, sockets))) {
      await crew.close();
      return null;
    }
  } catch (error) {
    await crew.close();
    throw error;
  }
  return crew;
}

interface Turn extends Told {
  readonly turn: number;
  readonly ready: Map<string, number>;
  readonly done: Map<string, DoneBody>;
  readonly samples: Map<string, SampleBody[]>;
  readonly others: Map<string, Reply>;
}

const newTurn = (turn: number): Turn => ({
  turn,
  ready: new Map(),
  done: new Map(),
  samples: new Map(),
  others: new Map(),
});

class LoadCrew implements Crew {
  members: Member[] = [];
  readonly loader: Loader;
  private readonly options: CrewOptions;
  private readonly session = randomUUID().slice(0, 8);
  private readonly ended = new AbortController();
  private listening: Promise<void> = Promise.resolve();
  private looking: NodeJS.Timeout | null = null;
  private names: readonly string[] = [];
  private server = '';
  private epochMs = 0;
  private turn = newTurn(0);
  private why: string | null = null;
  private wake: () => void = () => {};
  private readonly missed = new Map<string, number>();

  constructor(options: CrewOptions) {
    this.options = options;
    this.loader = {
      drive: this.drive,
      ignoreEosOf: (target) => this.seen(target)?.ignoreEos ?? 'unknown',
    };
  }

  lost(): string | null {
    return this.why;
  }

  /** The names of those that hold the load; the first by name, so that nobody is chosen by how fast it came. */
  async gather(): Promise<readonly string[] | null> {
    const { broker, run, clients, times, stop, say, hint } = this.options;
    const { client } = broker;
    this.server = await broker.serverId();
    this.epochMs = Math.floor(await queueNow(client));
    // What was said in an earlier start is nobody's concern now.
    await client.del(ordersKey(run), repliesKey(run));
    this.listening = listen(
      broker.another(),
      repliesKey(run),
      (words) => this.take(words),
      this.ended.signal,
    );
    const until = performance.now() + times.gatherMs;
    for (let said = false; !stop.aborted; said = true) {
      const there = await this.there();
      if (there.length >= clients) return there.slice(0, clients);
      if (performance.now() >= until)
        throw personError(
          `the load is to come from ${clients} clients, and after ${Math.round(times.gatherMs / 1000)} s ${there.length === 1 ? '1 is' : `${there.length} are`} there`,
          { hint, exit: exitCode.aborted },
        );
      if (!said)
        say(
          `waiting up to ${Math.round(times.gatherMs / 1000)} s for ${clients} clients: ${there.length} there`,
        );
      await sleep(Math.min(500, times.beatMs), stop);
    }
    return null;
  }

  /** In turn: a look is never in flight beside another's. False: it was stopped. */
  async open(names: readonly string[], sockets: number): Promise<boolean> {
    const { broker, times, say, hint } = this.options;
    this.names = names;
    this.looking = setInterval(() => void this.look(), times.lookMs);
    for (const name of names) {
      await this.order(name, 'open', { sockets }, this.next());
      if (!(await this.heard([name], 'open'))) {
        if (this.why === null) return false;
        throw personError(`the load cannot begin: ${this.why}`, { hint, exit: exitCode.aborted });
      }
      const reply = this.turn.others.get(name);
      if (reply?.kind === 'open') this.members.push({ client: name, ...reply.body });
    }
    say(`load from ${names.length} clients: ${names.map((name) => this.label(name)).join(', ')}`);
    await broker.client.xtrim(repliesKey(this.options.run), 'MAXLEN', 0);
    return true;
  }

  async floors(levels: readonly number[]): Promise<FloorReading[]> {
    const { clients } = this.options;
    const turn = this.next();
    // The streams that the first one holds: the most of any.
    const shares = levels.map((level) => Math.ceil(level / Math.min(clients, level)));
    for (const name of this.names) await this.order(name, 'floor', { levels: shares }, turn);
    if (!(await this.heard(this.names, 'floor'))) return [];
    const all = this.names.flatMap((name) => {
      const reply = this.turn.others.get(name);
      return reply?.kind === 'floor' ? [reply.body.floors] : [];
    });
    return levels.flatMap((level, at): FloorReading[] => {
      const own = all.flatMap((floors) => floors[at] ?? []);
      const worst = own.toSorted((a, b) => b.addedTtftP50Ms - a.addedTtftP50Ms)[0];
      return worst === undefined ? [] : [{ ...worst, concurrency: level, clients: Math.min(clients, level) }];
    });
  }

  /** Commands wait for a queue that is gone; the load does not wait for ever. */
  readonly drive: Drive = (batch, take) => {
    const { broker, times } = this.options;
    return broker.whileThere(this.send(batch, take), times.outageMs);
  };

  private async send(batch: Batch, take: Parameters<Drive>[1]): Promise<BatchEnd | null> {
    const { stop, cut, broker, run } = this.options;
    if (this.why !== null || stop.aborted) return null;
    const hands = deal(batch.items, batch.load, this.names);
    const turn = this.next();
    const onStop = (): void => this.halt(hands, turn, false);
    const onCut = (): void => this.halt(hands, turn, true);
    stop.addEventListener('abort', onStop, { once: true });
    cut.addEventListener('abort', onCut, { once: true });
    try {
      await this.begin(batch, hands, turn);
      const isWhole = await this.until(() => hands.every(({ client }) => this.turn.done.has(client)));
      if (!isWhole) this.halt(hands, turn, true);
      return this.putTogether(batch, hands, { take, isWhole });
    } finally {
      stop.removeEventListener('abort', onStop);
      cut.removeEventListener('abort', onCut);
      // All of it is taken, and a queue is no place to keep answers.
      if (this.why === null) await broker.client.xtrim(repliesKey(run), 'MAXLEN', 0);
    }
  }

  async close(): Promise<ReadonlyMap<string, MachineState>> {
    const { broker, run } = this.options;
    const machines = new Map<string, MachineState>();
    const names = this.members.map(({ client }) => client);
    if (this.why === null && !this.options.stop.aborted && names.length > 0) {
      const turn = this.next();
      for (const name of names) await this.order(name, 'close', {}, turn);
      await this.heard(names, 'close');
      for (const name of names) {
        const reply = this.turn.others.get(name);
        if (reply?.kind === 'close') machines.set(name, reply.body.machine);
      }
    }
    if (this.looking !== null) clearInterval(this.looking);
    this.ended.abort();
    this.wake();
    await this.listening;
    if (broker.goneMs() === 0) await broker.client.del(ordersKey(run), repliesKey(run));
    return machines;
  }

  /** Tells each client its part; where there are several, lets them begin at one moment of the clock in common. */
  private async begin(batch: Batch, hands: readonly Hand<LoadItem>[], turn: number): Promise<void> {
    const waits = hands.length > 1;
    const seen = this.seen(batch.target);
    for (const { client, requests, share, place } of hands)
      await this.order(
        client,
        'load',
        {
          target: batch.target,
          items: requests.map(({ request, question }) => [
            request.key,
            question.nonce === request.nonce ? null : question.nonce,
          ]),
          load: share === null ? batch.load : { kind: 'closed', concurrency: share },
          place,
          spreadMs: batch.spreadMs,
          withoutEos: batch.withoutEos,
          dialect: seen?.dialect ?? 'generic',
          ignoreEos: seen?.ignoreEos ?? 'unknown',
          epochMs: this.epochMs,
          waits,
        },
        turn,
      );
    // Who was told first may have heard of the end; the others have it now.
    const { stop, cut } = this.options;
    if (stop.aborted) this.halt(hands, turn, cut.aborted);
    if (!waits) return;
    if (!(await this.until(() => hands.every(({ client }) => this.turn.ready.has(client))))) return;
    const errorMs = Math.max(...this.turn.ready.values());
    const now = (await queueNow(this.options.broker.client)) - this.epochMs;
    for (const { client } of hands)
      await this.order(client, 'go', { atMs: now + leadMs + 2 * errorMs }, turn);
  }

  private putTogether(
    batch: Batch,
    hands: readonly Hand<LoadItem>[],
    { take, isWhole }: { readonly take: Parameters<Drive>[1]; readonly isWhole: boolean },
  ): BatchEnd | null {
    const { cells, leg, stop } = this.options;
    const told = takeReplies(this.turn, hands, { batch, cells, leg, isStopped: stop.aborted });
    for (const { client, what } of told.faults) this.lose(`${what} client ${this.label(client)}`);
    for (const { item, sample } of told.samples) take(item, sample);
    return isWhole && this.why === null ? together(told.blocks) : null;
  }

  /** As the first client saw it: all of them ask alike. */
  private seen(
    target: string,
  ): { readonly dialect: Opened['targets'][number]['dialect']; readonly ignoreEos: Ability } | undefined {
    return this.members[0]?.targets.find(({ id }) => id === target);
  }

  private next(): number {
    this.turn = newTurn(this.turn.turn + 1);
    return this.turn.turn;
  }

  private async order<Kind extends keyof Orders>(
    client: string,
    kind: Kind,
    body: Orders[Kind],
    turn: number,
  ): Promise<void> {
    const { broker, run } = this.options;
    const words = wordsOf({ session: this.session, client, turn, kind, body } as Parameters<
      typeof wordsOf
    >[0]);
    await broker.client.xadd(ordersKey(run), 'MAXLEN', '~', 1000, '*', ...words);
  }

  private halt(hands: readonly Hand<LoadItem>[], turn: number, cut: boolean): void {
    for (const { client } of hands) void this.order(client, 'halt', { cut }, turn).catch(() => {});
  }

  private take(words: readonly string[]): void {
    const reply = readReply(words);
    if (reply === null || reply.session !== this.session || reply.turn !== this.turn.turn) return;
    const { client } = reply;
    if (!this.names.includes(client)) return;
    switch (reply.kind) {
      case 'failed':
        this.lose(`client ${this.label(client)} cannot: ${reply.body.why}`);
        return;
      case 'ready':
        this.turn.ready.set(client, reply.body.errorMs);
        break;
      case 'sample':
        this.keep(client, reply.body);
        return;
      case 'done':
        this.turn.done.set(client, reply.body);
        break;
      case 'open':
      case 'floor':
      case 'close':
        this.turn.others.set(client, reply);
    }
    this.wake();
  }

  private keep(client: string, sample: SampleBody): void {
    const known = this.turn.samples.get(client);
    if (known === undefined) this.turn.samples.set(client, [sample]);
    else known.push(sample);
  }

  private heard(names: readonly string[], kind: Reply['kind']): Promise<boolean> {
    const isSo = (): boolean => names.every((name) => this.turn.others.get(name)?.kind === kind);
    return this.until(isSo, this.options.stop);
  }

  /** False: a client was lost before it was so, or this is over. */
  private async until(isSo: () => boolean, stop: AbortSignal | null = null): Promise<boolean> {
    const wake = (): void => this.wake();
    stop?.addEventListener('abort', wake, { once: true });
    try {
      while (!isSo()) {
        if (this.why !== null || this.ended.signal.aborted || stop?.aborted === true) return false;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      return true;
    } finally {
      stop?.removeEventListener('abort', wake);
    }
  }

  /** Host and process, for people. */
  private label(client: string): string {
    const member = this.members.find((one) => one.client === client);
    return member === undefined ? client : `${member.host}-${member.pid}`;
  }

  private lose(why: string): void {
    if (this.why === null) this.options.say(`${why}: what is not measured yet stays open`);
    this.why ??= why;
    this.wake();
  }

  /** Who of all that have been there is there now, by name. */
  private async there(): Promise<string[]> {
    const { broker, run } = this.options;
    const names = (await broker.client.smembers(clientsKey(run)))
      .filter((name) => isName.test(name))
      .toSorted();
    const found = await Promise.all(names.map((name) => broker.client.exists(clientKey(run, name))));
    return names.filter((_, at) => found[at] === 1);
  }

  /** Twice in a row: after an outage of the queue nobody is there for a moment. */
  private async look(): Promise<void> {
    const { broker, run, times } = this.options;
    if (broker.goneMs() > 0) {
      if (broker.goneMs() >= times.outageMs) this.lose('the queue is gone');
      return;
    }
    try {
      // What nobody takes up again is forgotten.
      for (const key of [ordersKey(run), repliesKey(run)]) await broker.client.pexpire(key, forgetAfterMs);
      if ((await broker.serverId()) !== this.server) {
        this.lose('the queue was started anew');
        return;
      }
      for (const name of this.names) {
        const isThere = (await broker.client.exists(clientKey(run, name))) === 1;
        const missed = isThere ? 0 : (this.missed.get(name) ?? 0) + 1;
        this.missed.set(name, missed);
        if (missed > 1) this.lose(`client ${this.label(name)} is gone`);
      }
    } catch {
      // The connection is being made again.
    }
  }
}
