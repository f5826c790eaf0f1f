/** One judge and who watches over it: a job ends with all its results, or with why the judge had to be ended. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Job, Report } from './job.ts';
import { doing, now, stepClock, type JudgeLimits } from './limits.ts';
import { readPosition, setPosition, sharedPosition } from './watch.ts';

/** A judge that is no more. */
export interface Death {
  /** The step it was at. */
  readonly step: number;
  /** In words, with the limit that was passed. */
  readonly because: string;
  /** Ended for taking too long; otherwise it fell by itself, and what it had done before may have been the cause. */
  readonly late: boolean;
}

export interface JudgeThread {
  /** Hands over a job; `take` gets results as they come. null: all of them came. One job at a time. */
  readonly run: (job: Job, count: number, take: (report: Report) => number) => Promise<Death | null>;
  readonly end: () => Promise<void>;
}

const lookEveryMs = 10;
const startMs = 60_000;

/** The judge's program. Built files run as they are; sources through the loader that the tests have. */
function program(): URL {
  const own = import.meta.url;
  if (!own.endsWith('.ts')) return new URL('./worker.js', own);
  const loader = new URL('index.mjs', pathToFileURL(createRequire(own).resolve('tsx/esm/api'))).href;
  const source = new URL('./worker.ts', own).href;
  const start = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(source)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}

export function startJudge(limits: JudgeLimits): JudgeThread {
  const shared = sharedPosition();
  const worker = new Worker(program(), {
    workerData: shared,
    // A judge needs nothing of the environment, least of all the keys in it.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
  let ready = false;
  let fault: Error | null = null;
  let ended = false;
  let listener: ((report: Report) => void) | null = null;
  let fallen: (() => void) | null = null;
  worker.on('message', (report: Report) => {
    if (report.kind === 'ready') ready = true;
    else listener?.(report);
  });
  worker.on('error', (error: Error) => (fault = error));
  worker.once('exit', () => {
    ended = true;
    fallen?.();
  });

  const run: JudgeThread['run'] = (job, count, take) =>
    new Promise((resolve, reject) => {
      let left = count;
      let late: string | null = null;
      const startedMs = performance.now();
      let clock: ReturnType<typeof stepClock> | null = null;
      const timer = setInterval(() => {
        if (late !== null) return;
        if (!ready) late = performance.now() - startedMs > startMs ? 'it did not start' : null;
        else {
          clock ??= stepClock(limits, now());
          late = clock(readPosition(shared), now());
        }
        if (late !== null) void worker.terminate();
      }, lookEveryMs);
      const settle = (): void => {
        clearInterval(timer);
        listener = null;
        fallen = null;
      };
      listener = (report) => {
        left -= take(report);
        if (left > 0) return;
        settle();
        resolve(null);
      };
      fallen = () => {
        settle();
        const at = readPosition(shared);
        const because = late ?? `${doing(at)} ${causeOf(fault, limits)}`;
        if (ready) resolve({ step: at.step ?? 0, because, late: late !== null });
        else reject(fault ?? new Error(`a thread for checks ended before it began: ${because}`));
      };
      setPosition(shared, null, 'preparing');
      if (ended) fallen();
      else worker.postMessage(job);
    });
  return { run, end: async () => void (await worker.terminate()) };
}

function causeOf(fault: (Error & { code?: string }) | null, limits: JudgeLimits): string {
  if (fault?.code === 'ERR_WORKER_OUT_OF_MEMORY') return `needed more than ${limits.heapMb} MB of memory`;
  return `brought down its thread: ${fault?.message ?? 'it ended without a word'}`;
}
