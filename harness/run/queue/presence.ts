/**
 * The coordinator's standing at the queue: the run is written down there, with the start of the server for which calls may
 * go out, and a sign of life. When the server is started anew, what it knows is old or gone, and calls may be in flight of
 * which it knows nothing: nothing goes out until they must have ended.
 */
import type { Target } from '../../types.ts';
import { sleep } from '../sleep.ts';
import type { Broker, Jobs } from './broker.ts';
import type { QueueTimes } from './names.ts';
import { announceRun, beat, closeRun, leaveRun, lookUpRun, type LoadEntry } from './registry.ts';

/** Who leaves does not wait longer for a server that has gone. */
export const goodbyeMs = 3000;

export interface PresenceOptions {
  readonly broker: Broker;
  readonly run: string;
  readonly tool: string;
  readonly planHash: string;
  readonly targets: readonly Target[];
  /** The load that clients are to hold; null or absent: none. */
  readonly load?: LoadEntry | null;
  /** A start before this one ended in the middle: its calls may be in flight where the queue knows nothing of it. */
  readonly afterCrash: boolean;
  readonly times: QueueTimes;
  readonly say: (text: string) => void;
}

/** `done`: the workers may leave. `back-later`: they wait for the next start. `goes-on`: what comes next begins at once. */
export type Leaving = 'done' | 'back-later' | 'goes-on';

export class Presence {
  /** Resolves when jobs may be put. */
  gate: Promise<void> = Promise.resolve();
  private readonly options: PresenceOptions;
  private readonly jobs: ReadonlyMap<string, Jobs>;
  private readonly ended = new AbortController();
  private readonly outage = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private server = '';

  /** `jobs`: by target id. */
  constructor(options: PresenceOptions, jobs: ReadonlyMap<string, Jobs>) {
    this.options = options;
    this.jobs = jobs;
    const { outageMs } = options.times;
    this.timers.push(setInterval(() => this.judge(), Math.min(1000, outageMs)));
  }

  /** Aborted when the queue has been gone for too long. */
  get gone(): AbortSignal {
    return this.outage.signal;
  }

  /** Writes the run down, and goes on doing so. */
  async begin(): Promise<void> {
    const { broker, run, afterCrash, times } = this.options;
    const before = await lookUpRun(broker.client, run);
    this.server = await broker.serverId();
    if (afterCrash && before?.server !== this.server) await this.waitForLeases();
    await this.announce();
    const alive = (): void => void beat(broker.client, run, times.beatMs).catch(() => {});
    alive();
    this.timers.push(setInterval(alive, times.beatMs));
  }

  /** Whether the server was found to be another than it was: then the run is written down again, once it may be. */
  async renew(): Promise<boolean> {
    const { broker, run } = this.options;
    const server = await broker.serverId();
    if (server === this.server && (await lookUpRun(broker.client, run)) !== null) return false;
    let go = (): void => {};
    this.gate = new Promise((resolve) => (go = resolve));
    try {
      await this.waitForLeases();
      if (this.ended.signal.aborted) return false;
      this.server = server;
      await this.announce();
    } finally {
      go();
    }
    return true;
  }

  /** No wait of it goes on. */
  stop(): void {
    this.ended.abort();
    for (const timer of this.timers) clearInterval(timer);
  }

  async end(how: Leaving): Promise<void> {
    const { broker, run } = this.options;
    if (how === 'done') await closeRun(broker.client, run);
    else if (how === 'back-later') await leaveRun(broker.client, run);
  }

  /** Looks whether the queue has been gone for too long. */
  judge(): void {
    const { broker, times, say } = this.options;
    if (broker.goneMs() < times.outageMs || this.outage.signal.aborted) return;
    say('the queue is gone');
    this.outage.abort();
  }

  private async announce(): Promise<void> {
    const { broker, run, tool, planHash, targets, load = null } = this.options;
    for (const target of targets) {
      const jobs = this.jobs.get(target.id);
      await jobs?.limit(target.concurrency);
      await jobs?.resume();
    }
    const entry = { run, tool, planHash, state: 'open' as const, server: this.server, load };
    await announceRun(broker.client, entry, Date.now());
  }

  /** A worker ends a call whose lock it cannot renew. */
  private async waitForLeases(): Promise<void> {
    const { times, say } = this.options;
    say(
      `the queue is not the one that was left: going on in ${Math.ceil(times.lockMs / 1000)} s, when all calls of before have ended`,
    );
    await sleep(times.lockMs, this.ended.signal);
  }
}
