/**
 * A worker's side: takes keys out of the queue, asks what they stand for, writes the attempt into its own folder and only
 * then reports it. It holds no opinion: what an attempt means for the run is the coordinator's to say.
 */
import type { Ask, Cell, Sample, Target } from '../../types.ts';
import type { Clock } from '../clock.ts';
import { knockKey, smallQuestion } from '../endpoint.ts';
import { sleep } from '../sleep.ts';
import { isTainted, type Watch } from '../watch.ts';
import type { Broker, Hands } from './broker.ts';
import { Leases } from './lease.ts';
import { holdLoad, type LoadMeans } from './load-client.ts';
import { queueName, resultsKey, type QueueTimes, type Ticket } from './names.ts';
import { goodbyeMs } from './presence.ts';
import { isAlive, lookUpRun, whyUnfit, type LoadEntry, type RunEntry } from './registry.ts';
import { bodyOf, entryOf, type Report } from './report.ts';

const gateMs = 250;
const leaseLooks = 20;

/** A target that may be asked: how, and what was seen of it, as JSON. */
export interface Opened {
  readonly ask: Ask;
  readonly facts: string | null;
}

export interface WorkInput {
  readonly broker: Broker;
  /** The run it takes part in, as the worker found it. */
  readonly run: Pick<RunEntry, 'run' | 'tool' | 'planHash' | 'load'>;
  /** Host and process, for people. */
  readonly name: string;
  readonly cells: ReadonlyMap<string, Cell>;
  readonly targets: readonly Target[];
  readonly leg: string;
  readonly clock: Clock;
  readonly watch: Watch;
  readonly times: QueueTimes;
  /** Called once per target, before the first question to it and in its slot. A text says why this worker cannot ask there. */
  readonly open: (target: Target) => Promise<Opened | string>;
  /** Writes an attempt into the worker's own folder and returns it as it was written; what it throws ends the work. */
  readonly record: (sample: Sample) => Sample | Promise<Sample>;
  /** No further jobs. */
  readonly stop: AbortSignal;
  /** Calls in flight are given up. */
  readonly cut: AbortSignal;
  /** How long to stay without a coordinator, ms. */
  readonly waitMs: number;
  readonly say: (text: string) => void;
  /** What it brings to a load that several clients hold; absent: nothing. */
  readonly load?: LoadMeans;
}

/**
 * `closed`: the run is over. `alone`: nobody coordinates it. `unfit`: it is not the run that it was. `barred`: this worker
 * cannot ask one of the targets.
 */
export interface WorkEnd {
  readonly why: 'closed' | 'alone' | 'unfit' | 'barred' | 'stopped';
  readonly because: string;
  /** Attempts made. */
  readonly sent: number;
}

/** Works until the run is over. Rejects when an attempt could not be written down. */
export async function work(input: WorkInput): Promise<WorkEnd> {
  return new WorkSession(input).run();
}

class WorkSession {
  private readonly input: WorkInput;
  /** By target id: the small question has one key for all of them. */
  private readonly leases: ReadonlyMap<string, Leases>;
  private readonly hands = new Map<string, Hands>();
  private readonly asks = new Map<string, Promise<Ask | string>>();
  private readonly attempts = new Map<string, number>();
  private readonly leaving = new AbortController();
  private end: Pick<WorkEnd, 'why' | 'because'> = { why: 'stopped', because: '' };
  private thrown: { readonly error: unknown } | null = null;
  private sent = 0;
  private loading: Promise<void> | null = null;

  constructor(input: WorkInput) {
    this.input = input;
    this.leases = new Map(input.targets.map(({ id }) => [id, new Leases(input.times.lockMs)]));
  }

  async run(): Promise<WorkEnd> {
    const { broker, run, targets, times, stop, clock } = this.input;
    const leave = (): void => this.leave('stopped', '');
    stop.addEventListener('abort', leave, { once: true });
    if (stop.aborted) leave();
    void this.tell({ kind: 'joined', target: '', key: '', body: '' }).catch(() => {});
    for (const target of targets) {
      const name = queueName(run.run, target.id);
      const options = {
        concurrency: target.concurrency,
        times,
        onRenewed: (keys: readonly string[]) => this.leases.get(target.id)?.renewAll(keys, clock()),
        onRefused: (keys: readonly string[]) => this.drop(target.id, keys),
      };
      this.hands.set(
        target.id,
        broker.hands(name, (ticket, lost) => this.do(target, ticket, lost), options),
      );
    }
    const dropOverdue = (): void => {
      for (const [id, leases] of this.leases) this.drop(id, leases.overdue(clock()));
    };
    const watching = setInterval(dropOverdue, times.lockMs / leaseLooks);
    this.takePartIn(run.load ?? null);
    try {
      await this.watchRun();
      if (broker.goneMs() > 0 || (await broker.whileThere(this.putAway(), goodbyeMs)) === null)
        broker.close();
    } finally {
      clearInterval(watching);
      stop.removeEventListener('abort', leave);
    }
    if (this.thrown !== null) throw this.thrown.error;
    return { ...this.end, sent: this.sent };
  }

  private async putAway(): Promise<true> {
    await Promise.all([this.loading, ...[...this.hands.values()].map((hands) => hands.close())]);
    // Nobody reads on when the run is over.
    if (this.end.why !== 'closed') await this.tell({ kind: 'left', target: '', key: '', body: '' });
    return true;
  }

  private leave(why: WorkEnd['why'], because: string): void {
    if (this.leaving.signal.aborted) return;
    this.end = { why, because };
    this.leaving.abort();
  }

  /** Jobs that are this worker's no longer. */
  private drop(target: string, keys: readonly string[]): void {
    for (const key of keys) {
      this.leases.get(target)?.release(key);
      this.hands.get(target)?.drop(key);
    }
  }

  /** One job. Never throws: what is thrown would be kept by the queue. */
  private async do(target: Target, ticket: Ticket, lost: AbortSignal): Promise<void> {
    const { run, clock, cells } = this.input;
    const { key } = ticket;
    this.leases.get(target.id)?.renew(key, clock());
    try {
      if (ticket.run !== run.run || ticket.planHash !== run.planHash) {
        this.leave(
          'unfit',
          `its plan is ${ticket.planHash.slice(0, 8)} now, and here it is ${run.planHash.slice(0, 8)}`,
        );
        await this.refuse(target, key, 'another plan');
        return;
      }
      const cell = key === knockKey ? smallQuestion(target) : cells.get(key);
      if (cell === undefined || cell.target !== target.id) await this.refuse(target, key, 'not in the plan');
      else await this.askFor(target, cell, lost);
    } catch (error) {
      this.thrown ??= { error };
      this.leave('stopped', '');
    } finally {
      this.leases.get(target.id)?.release(key);
    }
  }

  private async askFor(target: Target, cell: Cell, lost: AbortSignal): Promise<void> {
    const { cut, clock, leg, watch } = this.input;
    const signal = AbortSignal.any([cut, lost]);
    await this.untilAllowed(signal);
    const ask = await this.askOf(target);
    if (typeof ask === 'string') {
      this.leave('barred', ask);
      await this.refuse(target, cell.key, ask);
      return;
    }
    if (lost.aborted) return;
    if (cut.aborted || this.thrown !== null) {
      await this.refuse(target, cell.key, 'it is leaving');
      return;
    }
    const attempt = (this.attempts.get(cell.key) ?? 0) + 1;
    this.attempts.set(cell.key, attempt);
    const context = { attempt, leg, block: -1, turn: '', warmup: false, tSched: clock(), signal };
    const asked = await ask(cell, context);
    // Somebody else has the job by now, or nobody: then it is missed and put back.
    if (asked.status === 'cancelled') {
      if (!lost.aborted) await this.refuse(target, cell.key, 'it is leaving');
      return;
    }
    this.sent += 1;
    const sample = isTainted(watch, asked)
      ? { ...asked, flags: [...asked.flags, 'tainted'].toSorted() }
      : asked;
    // The small question is in no plan: its answer says only that somebody is there.
    const written = cell.key === knockKey ? sample : await this.input.record(sample);
    await this.tell({ kind: 'sample', target: target.id, key: cell.key, body: bodyOf(written) });
  }

  private askOf(target: Target): Promise<Ask | string> {
    const known = this.asks.get(target.id);
    if (known !== undefined) return known;
    const opening = this.openTarget(target);
    this.asks.set(target.id, opening);
    return opening;
  }

  private async openTarget(target: Target): Promise<Ask | string> {
    const opened = await this.input.open(target);
    if (typeof opened === 'string') return opened;
    if (opened.facts !== null)
      await this.tell({ kind: 'facts', target: target.id, key: '', body: opened.facts });
    return opened.ask;
  }

  private async refuse(target: Target, key: string, why: string): Promise<void> {
    await this.tell({ kind: 'refused', target: target.id, key, body: why });
  }

  /** Waits while the queue is full. */
  private async tell(report: Report): Promise<void> {
    const { broker, run, name, say } = this.input;
    for (let said = false; ; said = true) {
      try {
        await broker.client.xadd(resultsKey(run.run), '*', ...entryOf(name, report));
        return;
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('OOM'))) throw error;
        if (!said) say('the queue is full: waiting');
        await sleep(1000, this.input.cut);
        if (this.input.cut.aborted) return;
      }
    }
  }

  /** After a restart of the queue nothing is asked until the coordinator says that nothing of before is in flight. */
  private async untilAllowed(signal: AbortSignal): Promise<void> {
    const { broker, run } = this.input;
    while (!signal.aborted) {
      const [server, entry] = await Promise.all([broker.serverId(), lookUpRun(broker.client, run.run)]);
      if (entry?.server === server) return;
      await sleep(gateMs, signal);
    }
  }

  /** In the load of the run, once it has one. */
  private takePartIn(entry: LoadEntry | null): void {
    const { load, leg, run } = this.input;
    if (entry === null || load === undefined || this.loading !== null) return;
    const { hash, requests } = load.planOf(entry);
    if (hash !== entry.hash) {
      this.leave('unfit', `its load is ${entry.hash.slice(0, 8)}, and here it is ${hash.slice(0, 8)}`);
      return;
    }
    const wanted = new Map(requests.map((request) => [request.key, request]));
    const input = { ...this.input, run: run.run, name: leg, means: load, requests: wanted };
    this.loading = holdLoad({ ...input, stop: this.leaving.signal }).then(
      (sent) => {
        this.sent += sent;
      },
      (error: unknown) => {
        this.thrown ??= { error };
        this.leave('stopped', '');
      },
    );
  }

  /** Until the run is over, is not the one it was, or has been alone for too long. */
  private async watchRun(): Promise<void> {
    const { broker, run, times, waitMs, clock, say } = this.input;
    const { signal } = this.leaving;
    let aliveAt = clock();
    let isAlone = false;
    while (!signal.aborted) {
      await sleep(times.beatMs, signal);
      if (signal.aborted) return;
      // Where the queue is gone there is nothing to look at, and commands wait for it.
      const look = Promise.all([lookUpRun(broker.client, run.run), isAlive(broker.client, run.run)]);
      const seen = await Promise.race([
        look.catch(() => null),
        sleep(times.beatMs * 2, signal).then(() => null),
      ]);
      const [entry, alive] = seen ?? [null, false];
      const unfit = entry === null ? null : whyUnfit(entry, run);
      if (entry?.state === 'closed') this.leave('closed', '');
      else if (unfit !== null) this.leave('unfit', unfit);
      else this.takePartIn(entry?.load ?? null);
      if (signal.aborted) return;
      if (alive) aliveAt = clock();
      else if (!isAlone) say('nobody coordinates the run now: waiting');
      isAlone = !alive;
      if (isAlone && clock() - aliveAt >= waitMs) this.leave('alone', 'nobody came back to coordinate it');
    }
  }
}
