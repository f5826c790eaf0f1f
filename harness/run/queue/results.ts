/**
 * The stream of results, as the coordinator reads it: from its first entry, so that what an earlier coordinator did not
 * acknowledge comes again. An entry is taken out when what it says is on the disk, never before.
 */
import { sleep } from '../sleep.ts';
import type { Redis } from './broker.ts';
import { resultsKey } from './names.ts';
import { readEntry, type Received } from './report.ts';

const perRead = 100;
const blockMs = 200;
/** As the journal flushes: after so many records, or so long. */
const acknowledgeAfter = 64;
const acknowledgeMs = 500;

export interface ResultsOptions {
  readonly run: string;
  readonly client: Redis;
  /** A connection of its own: it waits in every command. */
  readonly waiting: Redis;
  readonly take: (report: Received) => void;
  /** Resolves when all that was recorded is on the disk. */
  readonly flush: () => Promise<void>;
}

export class Results {
  /** Times that the stream was read to its end. */
  turns = 0;
  private readonly options: ResultsOptions;
  private readonly key: string;
  private readonly ended = new AbortController();
  /** Entries that were handed on and are in the stream yet. */
  private readonly held = new Set<string>();
  private toTakeOut: string[] = [];
  private last = '0-0';
  private rewinding = false;
  private reading: Promise<void> | null = null;
  private takingOut: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;

  constructor(options: ResultsOptions) {
    this.options = options;
    this.key = resultsKey(options.run);
  }

  /** Resolves when what lies there already was handed on; goes on reading. */
  async open(): Promise<void> {
    while (this.turns === 0 && !this.ended.signal.aborted) await this.readOnce();
    this.reading = this.readOn();
  }

  /** Reads from the first entry again: a server that was restarted may count anew. */
  rewind(): void {
    this.rewinding = true;
  }

  /** What this entry says is recorded. */
  acknowledge(id: string): void {
    this.toTakeOut.push(id);
    if (this.toTakeOut.length >= acknowledgeAfter) this.takeOut();
    else this.timer ??= setTimeout(() => this.takeOut(), acknowledgeMs).unref();
  }

  /** Takes out what was acknowledged and stops reading. */
  async close(): Promise<void> {
    this.ended.abort();
    this.takeOut();
    await this.takingOut;
    this.options.waiting.disconnect();
    await this.reading;
  }

  private async readOn(): Promise<void> {
    while (!this.ended.signal.aborted) await this.readOnce();
  }

  private async readOnce(): Promise<void> {
    if (this.rewinding) this.last = '0-0';
    this.rewinding = false;
    let entries: readonly (readonly [string, readonly string[]])[];
    try {
      const { waiting } = this.options;
      const reply = await waiting.xread('COUNT', perRead, 'BLOCK', blockMs, 'STREAMS', this.key, this.last);
      entries = reply?.[0]?.[1] ?? [];
    } catch {
      // The connection ended under it; the client is making another.
      await sleep(blockMs, this.ended.signal);
      return;
    }
    for (const [id, words] of entries) {
      this.last = id;
      if (this.held.has(id)) continue;
      this.held.add(id);
      const report = readEntry(id, words);
      if (report === null) this.acknowledge(id);
      else this.options.take(report);
    }
    if (entries.length < perRead) this.turns += 1;
  }

  private takeOut(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const ids = this.toTakeOut;
    this.toTakeOut = [];
    if (ids.length === 0) return;
    this.takingOut = this.takingOut.then(async () => {
      try {
        await this.options.flush();
        await this.options.client.xdel(this.key, ...ids);
        for (const id of ids) this.held.delete(id);
      } catch {
        // It stays in the stream: who comes next reads it again, and knows it.
      }
    });
  }
}
