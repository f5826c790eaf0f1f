/**
 * The only writer of an append-only file of truth. A line counts only after its bytes were handed to the system by a
 * synchronous write, so a killed process loses nothing that was acknowledged. A flush to the disk follows after 64 lines
 * or one second, off the thread that stamps times, one at a time; until then the lines are kept in memory, since a flush
 * that failed may have dropped pages that look clean.
 *
 * Once the disk refuses, finished lines are held in memory and tried once more at the end: they are paid for.
 */
import { closeSync, fdatasync, fstatSync, openSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { sealLine } from './line.ts';
import { onDisk, storageError } from './storage-error.ts';
import { syncFolder } from './sync-folder.ts';
import { writeWhole } from './write-whole.ts';

/** `strict`: a line is acknowledged when it is on the disk, not when the system has it. */
export type Durability = 'balanced' | 'strict';

/** Lines that a crash of the machine may take, and how long a line waits at most to be flushed. ms */
export const mostUnflushed = 64;
const flushAfterMs = 1000;
/** Bytes of finished lines that are held while the disk refuses them. */
export const mostHeldBytes = 32 * 1024 * 1024;

export interface JournalOptions {
  readonly durability?: Durability;
  /** Rejects when the folder is another process's by now; asked before each flush. */
  readonly guard?: () => Promise<void>;
  /** Nothing can be written any more: stop asking. Heard once. */
  readonly onTrouble?: (error: Error) => void;
  /** No more can be held either: give up what is in flight. Heard once. */
  readonly onFull?: () => void;
}

export interface Journal {
  /** The line is the system's when this returns; after trouble it is held. Throws only for a bug. */
  readonly append: (record: object) => void;
  /** What has to be waited for before the last line may be counted, if anything. Never rejects. */
  readonly settled: () => Promise<void> | undefined;
  /** Flushes all there is; after trouble, tries once more to write what is held. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Lines handed to it. */
  readonly lines: () => number;
  /** Lines that could not be written. */
  readonly unsaved: () => number;
  /** Flushes and closes. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a journal for appending. The caller holds the run folder's lock. Throws a storage `PersonError` when the file
 * cannot be opened.
 */
export function openJournal(file: string, options: JournalOptions = {}): Journal {
  return new Writer(file, options);
}

/** `sound`: lines are written. `refused`: they are held. `over`: they are lost, and counted. */
type State = 'sound' | 'refused' | 'over';

class Writer implements Journal {
  private readonly file: string;
  private readonly options: JournalOptions;
  private state: State = 'sound';
  private fd: number;
  /** Bytes of the file up to the last whole line. */
  private goodBytes: number;
  /** Lines written, and those of them that are known to be on the disk. */
  private written = 0;
  private flushed = 0;
  /** Written and not known to be on the disk, oldest first. */
  private unflushed: Buffer[] = [];
  private flushing: Promise<void> | null = null;
  /** The flush before this one failed: another failure is the end. */
  private isSecondTry = false;
  private timer: NodeJS.Timeout | null = null;
  private waiting: { readonly until: number; readonly wake: () => void }[] = [];
  private held: Buffer[] = [];
  private heldBytes = 0;
  private lost = 0;
  private taken = 0;

  constructor(file: string, options: JournalOptions) {
    this.file = file;
    this.options = options;
    this.fd = -1;
    this.goodBytes = 0;
    onDisk(file, () => this.open());
    if (this.goodBytes === 0) onDisk(file, () => syncFolder(path.dirname(file)));
  }

  private open(): void {
    this.fd = openSync(this.file, 'a');
    this.goodBytes = fstatSync(this.fd).size;
  }

  readonly append = (record: object): void => {
    const bytes = sealLine(record);
    this.taken += 1;
    if (this.state !== 'sound') {
      this.hold(bytes);
      return;
    }
    try {
      this.write(bytes);
    } catch (error) {
      this.refuse(error as NodeJS.ErrnoException);
      this.hold(bytes);
      return;
    }
    if (this.isDue()) this.startFlush();
    else this.timer ??= setTimeout(() => this.startFlush(), flushAfterMs).unref();
  };

  readonly settled = (): Promise<void> | undefined => this.waitFor(this.written - this.allowance());

  readonly flush = async (): Promise<void> => {
    while (this.state === 'sound' && this.unflushed.length > 0) {
      this.startFlush();
      await this.flushing;
    }
    if (this.state === 'refused' && this.held.length > 0) await this.tryOnceMore();
  };

  readonly lines = (): number => this.taken;

  readonly unsaved = (): number => this.lost + this.held.length;

  readonly close = async (): Promise<void> => {
    await this.flush();
    await this.flushing;
    this.state = 'over';
    this.closeFile();
  };

  /** Lines that may be counted though they are not on the disk yet. */
  private allowance(): number {
    return this.options.durability === 'strict' ? 0 : mostUnflushed;
  }

  private isDue(): boolean {
    return this.unflushed.length >= Math.max(1, this.allowance());
  }

  private waitFor(until: number): Promise<void> | undefined {
    if (this.flushed >= until || this.state !== 'sound') return undefined;
    return new Promise((wake) => this.waiting.push({ until, wake }));
  }

  private wake(): void {
    const ready = this.waiting.filter(({ until }) => this.flushed >= until || this.state !== 'sound');
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { wake } of ready) wake();
  }

  private write(bytes: Buffer): void {
    try {
      writeWhole(this.fd, bytes);
    } catch (error) {
      this.cutTail();
      throw error;
    }
    this.goodBytes += bytes.length;
    this.written += 1;
    this.unflushed.push(bytes);
  }

  /** By path: a handle that appends cannot on Windows. What cannot be cut off now is told from a line by its checksum. */
  private cutTail(): void {
    try {
      truncateSync(this.file, this.goodBytes);
    } catch {
      // The disk that refused the line refuses this too.
    }
  }

  private startFlush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.flushing !== null || this.unflushed.length === 0 || this.state !== 'sound') return;
    this.flushing = this.flushOnce()
      .catch((error: unknown) => this.mend(error as NodeJS.ErrnoException))
      .then(() => {
        this.flushing = null;
        this.wake();
        // Lines that came meanwhile: at once when someone waits or their second is over, else with the next.
        if (this.waiting.length > 0 || this.isDue() || this.timer === null) this.startFlush();
      });
  }

  private async flushOnce(): Promise<void> {
    try {
      await this.options.guard?.();
    } catch (error) {
      // Whoever has the folder now asks these cells again: not a byte more of ours.
      this.giveUp(error as Error);
      return;
    }
    const count = this.unflushed.length;
    const upTo = this.written;
    await syncData(this.fd);
    this.unflushed = this.unflushed.slice(count);
    this.flushed = upTo;
    this.isSecondTry = false;
  }

  /** A failed flush: nothing written through this handle can be trusted, so the lines are written again by another. */
  private mend(error: NodeJS.ErrnoException): void {
    if (this.isSecondTry) {
      this.isSecondTry = false;
      this.holdUnflushed();
      this.refuse(error);
      return;
    }
    this.isSecondTry = true;
    try {
      this.writeAgain(this.unflushed);
    } catch (second) {
      this.holdUnflushed();
      this.refuse(second as NodeJS.ErrnoException);
    }
  }

  /** Readers take equal lines once. Longer than we left it: somebody else writes here. */
  private writeAgain(lines: readonly Buffer[]): void {
    const expected = this.goodBytes;
    this.closeFile();
    this.open();
    if (this.goodBytes > expected)
      throw new Error(`it grew to ${this.goodBytes} bytes where ${expected} were written`);
    const { written } = this;
    this.unflushed = [];
    for (const line of lines) this.write(line);
    // The same lines as before.
    this.written = written;
  }

  private holdUnflushed(): void {
    for (const line of this.unflushed) this.hold(line);
    this.unflushed = [];
  }

  private refuse(error: NodeJS.ErrnoException): void {
    const isFirst = this.state === 'sound';
    if (isFirst) this.state = 'refused';
    if (isFirst) this.options.onTrouble?.(storageError(this.file, error));
    this.wake();
  }

  private giveUp(error: Error): void {
    this.state = 'over';
    this.options.onTrouble?.(error);
    this.wake();
  }

  private hold(bytes: Buffer): void {
    if (this.state === 'over') {
      this.lost += 1;
    } else if (this.heldBytes + bytes.length > mostHeldBytes) {
      this.lost += 1;
      if (this.lost === 1) this.options.onFull?.();
    } else {
      this.held.push(bytes);
      this.heldBytes += bytes.length;
    }
  }

  /** What the disk refused was said when it began; how many lines it cost, `unsaved` knows. */
  private async tryOnceMore(): Promise<void> {
    await this.flushing;
    const all = this.held;
    try {
      this.cutTail();
      await this.options.guard?.();
      this.writeAgain([]);
      for (const line of all) {
        this.write(line);
        this.held = this.held.slice(1);
      }
    } catch {
      return;
    }
    await syncData(this.fd).catch(() => {
      this.held = all;
    });
  }

  private closeFile(): void {
    if (this.fd === -1) return;
    const { fd } = this;
    this.fd = -1;
    try {
      closeSync(fd);
    } catch {
      // Every line that counts was flushed before.
    }
  }
}

function syncData(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
  });
}
