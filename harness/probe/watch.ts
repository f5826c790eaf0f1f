/**
 * Watches memory beside a run, from a thread of its own: reading a large server's maps, starting a vendor's tool and
 * parsing a long page take milliseconds to seconds, and the thread that stamps times may wait for none of them.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Reading } from '../types.ts';
import type { WatchedTarget } from './index.ts';
import { openProbes, type ProbeSet } from './probe-set.ts';
import { publicEnvironment, showTools } from './tool.ts';
import type { Call, Order, Report, Start } from './wire.ts';

export interface WatchOptions {
  readonly targets: readonly WatchedTarget[];
  readonly leg: string;
  /** Writes a reading down. What it throws ends the watch, and is thrown by the next call. */
  readonly take: (reading: Reading) => void;
  /** A word for people when the watch itself breaks: the run goes on without it. */
  readonly say: (text: string) => void;
  /** Names of variables whose values the thread, and the tools it starts, must not see. */
  readonly secrets: readonly string[];
}

/** Source and build differ in their ending only. */
const workerFile = new URL(`./worker${path.extname(import.meta.filename)}`, import.meta.url);

/** Nothing to watch takes no thread. */
const nothing: ProbeSet = {
  attach: async () => {},
  measure: async () => {},
  startLoad: async () => {},
  endLoad: async () => {},
  close: async () => {},
};

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** `file`: the thread's program. */
export function openWatch(options: WatchOptions, file: URL = workerFile): ProbeSet {
  if (options.targets.every((target) => target.probes.length === 0)) return nothing;
  // Node 20 loads no TypeScript into a thread. Runs from source are for developing: what is measured, the build measures.
  if (file.pathname.endsWith('.ts')) {
    showTools(publicEnvironment(options.secrets));
    return openProbes({ ...options, now: Date.now });
  }
  const start: Start = { targets: options.targets, leg: options.leg };
  const worker = new Worker(file, { workerData: start, env: publicEnvironment(options.secrets) });
  const waiting = new Map<number, Waiting>();
  const children = new Set<number>();
  let thrown: unknown = null;
  let isGone = false;
  let count = 0;

  const endChildren = (): void => {
    for (const pid of children) {
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  process.once('exit', endChildren);

  const giveUp = (why: string): void => {
    if (isGone) return;
    isGone = true;
    process.off('exit', endChildren);
    endChildren();
    options.say(`memory is not watched any more: ${why}`);
    for (const one of waiting.values()) one.resolve();
    waiting.clear();
  };

  worker.on('message', (report: Report) => {
    if (report.say === 'child') {
      if (report.isAlive) children.add(report.pid);
      else children.delete(report.pid);
    } else if (report.say === 'done') {
      const one = waiting.get(report.id);
      waiting.delete(report.id);
      if (report.error === null) one?.resolve();
      else one?.reject(new Error(report.error));
    } else if (thrown === null) {
      try {
        options.take(report.reading);
      } catch (error) {
        thrown = error;
      }
    }
  });
  worker.once('error', (error) => giveUp(error.message));
  worker.once('exit', (code) => giveUp(`its thread ended with ${code}`));

  const call = async (what: Call): Promise<void> => {
    if (!isGone) {
      count += 1;
      const id = count;
      await new Promise<void>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        const order: Order = { ...what, id };
        worker.postMessage(order);
      });
    }
    if (thrown !== null) throw thrown;
  };

  return {
    attach: (target, pid) => call({ call: 'attach', target, pid }),
    measure: (moment, scope) => call({ call: 'measure', moment, scope }),
    startLoad: (scope) => call({ call: 'startLoad', scope }),
    endLoad: () => call({ call: 'endLoad' }),
    close: async () => {
      if (isGone) return;
      try {
        await call({ call: 'close' });
      } finally {
        isGone = true;
        process.off('exit', endChildren);
        await worker.terminate();
      }
    },
  };
}
