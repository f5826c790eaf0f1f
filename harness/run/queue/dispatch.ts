/**
 * The coordinator's side: puts the key of a cell into the queue and waits until a worker reports what became of it. The
 * queue holds what is in flight and no more; a job that is gone without a report is put back.
 */
import type { Ask, AttemptContext, Cell, Sample, Target } from '../../types.ts';
import { sleep } from '../sleep.ts';
import type { Jobs } from './broker.ts';
import { jobKey, mostRounds, queueName, resultsKey } from './names.ts';
import { notAsked } from './not-asked.ts';
import { goodbyeMs, Presence, type Leaving, type PresenceOptions } from './presence.ts';
import { readSample, type Received } from './report.ts';
import { Results } from './results.ts';

/** A job that was reported is gone a moment later. */
const goneLooks = 25;
const goneLookMs = 20;
export interface DispatchOptions extends PresenceOptions {
  /** Keys of the cells that may be asked; a report of any other is of an attempt that is recorded already. */
  readonly open: ReadonlySet<string>;
  readonly flush: () => Promise<void>;
  /** What a worker saw of a target, JSON. */
  readonly onFacts: (target: string, json: string) => void;
}

interface Waiting {
  readonly cell: Cell;
  readonly settle: (sample: Sample | null) => void;
  rounds: number;
  isPut: boolean;
  /** The turn of the results at which its job was found to be gone; null: it is there. */
  absentAt: number | null;
}

export class Dispatcher {
  /** Keys that were put back too often. */
  readonly lost: string[] = [];
  /** Answers that came although there was one. */
  surplus = 0;
  private readonly options: DispatchOptions;
  private readonly queues: ReadonlyMap<string, Jobs>;
  private readonly presence: Presence;
  private readonly results: Results;
  private readonly waiting = new Map<string, Waiting>();
  /** Reports of cells that nobody waits for yet. */
  private readonly early = new Map<string, Received[]>();
  /** Entries of the stream whose sample is being recorded, by cell key. */
  private readonly delivered = new Map<string, string>();
  private readonly answered = new Set<string>();
  private readonly ended = new AbortController();
  private readonly coolings = new Map<string, NodeJS.Timeout>();
  private looking: Promise<void> = Promise.resolve();
  private saidRefusal = false;

  constructor(options: DispatchOptions) {
    this.options = options;
    const { broker, run } = options;
    this.queues = new Map(options.targets.map(({ id }) => [id, broker.jobs(queueName(run, id))]));
    this.presence = new Presence(options, this.queues);
    this.presence.gone.addEventListener('abort', () => this.letGo(), { once: true });
    this.results = new Results({
      run,
      client: broker.client,
      waiting: broker.another(),
      take: (report) => this.take(report),
      flush: options.flush,
    });
  }

  /** Aborted when the queue has been gone for too long. */
  get gone(): AbortSignal {
    return this.presence.gone;
  }

  /** Writes the run down and reads what earlier starts left. After it, cells may be asked, unless the queue is gone. */
  async open(): Promise<void> {
    const { broker, times } = this.options;
    if ((await broker.whileThere(this.begin(), times.outageMs)) === null) this.presence.judge();
  }

  private async begin(): Promise<true> {
    await this.presence.begin();
    // What waits there is put again when its turn comes.
    for (const queue of this.queues.values()) await queue.drain();
    await this.results.open();
    this.looking = this.lookOn();
    return true;
  }

  /** Asks through the queue. Resolves as an asker does; a cell that cannot be asked comes back as cancelled. */
  ask(target: Target): Ask {
    return async (cell, context) => {
      const sample = await this.reported(target, cell, context.signal);
      return sample === null ? notAsked(target, cell, context) : placed(sample, target, context);
    };
  }

  /** The sample of this cell that was handed out last is recorded. */
  acknowledge(key: string): void {
    const id = this.delivered.get(key);
    if (id === undefined) return;
    this.delivered.delete(key);
    this.results.acknowledge(id);
  }

  /** The target asked for patience: what waits in the queue is not taken meanwhile. */
  cool(target: string, ms: number): void {
    const queue = this.queues.get(target);
    if (queue === undefined || this.ended.signal.aborted) return;
    clearTimeout(this.coolings.get(target));
    void queue.pause().catch(() => {});
    const wake = (): void => void queue.resume().catch(() => {});
    this.coolings.set(target, setTimeout(wake, Math.max(0, ms)));
  }

  async close(how: Leaving): Promise<void> {
    const { broker } = this.options;
    this.ended.abort();
    this.presence.stop();
    for (const timer of this.coolings.values()) clearTimeout(timer);
    this.letGo();
    const kept = [...this.early.values()].flat();
    this.surplus += kept.filter(({ key }) => this.answered.has(key)).length;
    // A queue that is gone cannot be told anything; what it was not told, the next start finds out.
    if (broker.goneMs() > 0 || (await broker.whileThere(this.putAway(how), goodbyeMs)) === null)
      broker.close();
  }

  private async putAway(how: Leaving): Promise<true> {
    const { broker, run } = this.options;
    await this.results.close();
    await this.looking;
    await this.presence.end(how);
    for (const queue of this.queues.values()) {
      if (how === 'done') await queue.wipe();
      else await queue.drain();
      await queue.close();
    }
    if (how === 'done') await broker.client.del(resultsKey(run));
    return true;
  }

  /** Nobody waits for a report any more. */
  private letGo(): void {
    for (const one of this.waiting.values()) one.settle(null);
    this.waiting.clear();
  }

  private reported(target: Target, cell: Cell, cut: AbortSignal): Promise<Sample | null> {
    const kept = this.early.get(cell.key)?.shift();
    const sample = kept === undefined ? null : this.accept(kept, cell);
    if (sample !== null) return Promise.resolve(sample);
    if (cut.aborted || this.ended.signal.aborted || this.gone.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const id = `${target.id} ${cell.key}`;
      const onCut = (): void => {
        this.waiting.delete(id);
        // One that is being asked cannot be taken back; its report waits for the next start.
        void this.queues
          .get(target.id)
          ?.remove(cell.key)
          .catch(() => {});
        resolve(null);
      };
      const settle = (found: Sample | null): void => {
        cut.removeEventListener('abort', onCut);
        resolve(found);
      };
      const one: Waiting = { cell, settle, rounds: 0, isPut: false, absentAt: null };
      cut.addEventListener('abort', onCut, { once: true });
      this.waiting.set(id, one);
      void this.put(id, one);
    });
  }

  /** Puts the job, as often as the server refuses it: it may be full. */
  private async put(id: string, one: Waiting): Promise<void> {
    const { run, planHash, say } = this.options;
    const { cell } = one;
    const queue = this.queues.get(cell.target);
    while (this.waiting.get(id) === one && queue !== undefined) {
      await this.presence.gate;
      try {
        // The job of the attempt before may not have ended yet; if it stays, it is asked again and will be reported.
        const isThere = await this.isThere(cell, goneLooks);
        if (this.waiting.get(id) !== one) return;
        if (!isThere) await queue.put({ run, planHash, key: cell.key });
        one.isPut = true;
        return;
      } catch (error) {
        if (!this.saidRefusal) say(`the queue takes nothing: ${error instanceof Error ? error.message : ''}`);
        this.saidRefusal = true;
        await sleep(1000, this.ended.signal);
      }
    }
  }

  private async isThere({ target, key }: Cell, looks: number): Promise<boolean> {
    const { broker, run } = this.options;
    for (let left = looks; left > 0; left -= 1) {
      if ((await broker.client.exists(jobKey(run, target, key))) === 0) return false;
      if (left > 1) await sleep(goneLookMs, this.ended.signal);
    }
    return true;
  }

  private take(report: Received): void {
    const { say, onFacts } = this.options;
    const id = `${report.target} ${report.key}`;
    switch (report.kind) {
      case 'sample':
        this.takeSample(id, report);
        return;
      case 'refused': {
        say(`worker ${report.from} gave a question back: ${report.body}`);
        const one = this.waiting.get(id);
        if (one !== undefined) {
          one.isPut = false;
          void this.put(id, one);
        }
        break;
      }
      case 'facts':
        onFacts(report.target, report.body);
        break;
      case 'joined':
      case 'left':
        say(`worker ${report.from} has ${report.kind}`);
    }
    this.results.acknowledge(report.id);
  }

  private takeSample(id: string, report: Received): void {
    const one = this.waiting.get(id);
    if (one !== undefined) {
      const sample = this.accept(report, one.cell);
      if (sample === null) return;
      this.waiting.delete(id);
      one.settle(sample);
      return;
    }
    if (this.options.open.has(report.key) && !this.answered.has(report.key)) {
      this.early.set(report.key, [...(this.early.get(report.key) ?? []), report]);
      return;
    }
    if (this.answered.has(report.key)) this.surplus += 1;
    this.results.acknowledge(report.id);
  }

  /** The sample of a report that is in order; another is said and forgotten, and its job will be missed. */
  private accept(report: Received, cell: Cell): Sample | null {
    const sample = readSample(report.body, cell);
    if (typeof sample === 'string') {
      this.options.say(`a report of worker ${report.from} is ${sample}: it does not count`);
      this.results.acknowledge(report.id);
      return null;
    }
    // The small question belongs to no plan, and nothing of it is recorded.
    if (!this.options.open.has(cell.key)) {
      this.results.acknowledge(report.id);
      return sample;
    }
    if (sample.outcome.kind === 'answered') this.answered.add(cell.key);
    this.delivered.set(cell.key, report.id);
    return sample;
  }

  private async lookOn(): Promise<void> {
    while (!this.ended.signal.aborted) {
      await sleep(this.options.times.lookMs, this.ended.signal);
      try {
        if (!this.ended.signal.aborted) await this.look();
      } catch {
        // The connection is being made again; the next look will tell.
      }
    }
  }

  /** Finds jobs that are gone without a report, and a server that is not the one it was. */
  private async look(): Promise<void> {
    if (await this.presence.renew()) this.results.rewind();
    const put = [...this.waiting].filter(([, one]) => one.isPut);
    await Promise.all(
      put.map(async ([id, one]) => {
        if (await this.isThere(one.cell, 1)) one.absentAt = null;
        else if (one.absentAt === null) one.absentAt = this.results.turns;
        // Its report, if there is one, was in the stream before the job was gone; the stream was read since.
        else if (this.results.turns > one.absentAt + 1 && this.waiting.get(id) === one) this.again(id, one);
      }),
    );
  }

  private again(id: string, one: Waiting): void {
    one.isPut = false;
    one.absentAt = null;
    one.rounds += 1;
    if (one.rounds <= mostRounds) {
      void this.put(id, one);
      return;
    }
    this.lost.push(one.cell.key);
    this.waiting.delete(id);
    one.settle(null);
  }
}

/** The sample as it stands in this run: a worker counts its attempts for itself. */
function placed(sample: Sample, target: Target, context: AttemptContext): Sample {
  const { attempt, leg, block, turn, warmup } = context;
  return { ...sample, attempt, leg, block, turn, warmup, concurrency: target.concurrency };
}
