/**
 * The only door to the packages of the queue. They are loaded when a queue is asked for and at no other time, so who asks
 * for none needs none of them.
 */
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { personError } from '../../errors.ts';
import { field, judge, refusal, type BrokerAddress } from './greeting.ts';
import { mostStalls, prefix, type QueueTimes, type Ticket } from './names.ts';

export type { Redis } from 'ioredis';

/** The versions this was tested with; the package file names the same. */
export const packages = { bullmq: '6.7.0', ioredis: '6.0.0' } as const;

/** Does one job; the signal says that it is the worker's no longer. */
export type Doing = (ticket: Ticket, lost: AbortSignal) => Promise<void>;

export interface Hands {
  /** Ends the call of a job that is the worker's no longer. */
  readonly drop: (key: string) => void;
  /** Takes no further job and waits for those in its hands. */
  readonly close: () => Promise<void>;
}

export interface HandsOptions {
  readonly concurrency: number;
  readonly times: Pick<QueueTimes, 'lockMs' | 'stalledMs'>;
  readonly onRenewed: (keys: readonly string[]) => void;
  readonly onRefused: (keys: readonly string[]) => void;
}

/** The jobs of one target. */
export interface Jobs {
  /** A job with this key, unless there is one. */
  readonly put: (ticket: Ticket) => Promise<void>;
  /** Takes a job back that nobody has begun. */
  readonly remove: (key: string) => Promise<void>;
  /** Jobs in hand at most, over all workers. */
  readonly limit: (most: number) => Promise<void>;
  /** No worker takes a job until `resume`. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  /** Takes back all that nobody has begun. */
  readonly drain: () => Promise<void>;
  /** Takes out the queue and all that is known of it. */
  readonly wipe: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Broker {
  readonly address: BrokerAddress;
  /** What a person should know of this server. */
  readonly warnings: readonly string[];
  /** Waits while the server is gone; commands are sent when it is back. */
  readonly client: Redis;
  /** Another connection, for commands that wait. */
  readonly another: () => Redis;
  /** Changes when the server is started anew. */
  readonly serverId: () => Promise<string>;
  /** For how long the server has been gone, ms; 0 = it is there. */
  readonly goneMs: () => number;
  /** The work's end; null once the server has been gone for `patienceMs`: commands wait for it, and so would the work. */
  readonly whileThere: <T>(work: Promise<T>, patienceMs: number) => Promise<T | null>;
  readonly jobs: (name: string) => Jobs;
  readonly hands: (name: string, doing: Doing, options: HandsOptions) => Hands;
  /** Ends every connection that is open yet, whatever waits in it. */
  readonly close: () => void;
}

interface Packages {
  readonly bullmq: Pick<typeof import('bullmq'), 'Queue' | 'Worker'>;
  readonly ioredis: Pick<typeof import('ioredis'), 'Redis'>;
}

/** How a connection is made; both packages take it. */
interface Connection {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly servername: string };
  readonly connectionName: string;
  readonly connectTimeout: number;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (times: number) => number;
}

async function load(): Promise<Packages> {
  // What packs BullMQ's arguments would load a native module where there is one; it does as well without.
  process.env['MSGPACKR_NATIVE_ACCELERATION_DISABLED'] ??= 'true';
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    // Its connections as ours: one that nobody listens to writes its errors to the console.
    bullmq.RedisConnection.clientFactory = (options) =>
      bullmq.createIORedisClient(quiet(ioredis.Redis, options as unknown as Connection));
    return { bullmq, ioredis };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw personError('a queue needs the packages bullmq and ioredis, and they are not installed', {
      hint: `npm install bullmq@${packages.bullmq} ioredis@${packages.ioredis}`,
    });
  }
}

/** It tries again by itself; who waits too long looks at `goneMs`. */
function quiet(RedisOf: Packages['ioredis']['Redis'], options: Connection): Redis {
  const redis = new RedisOf(options);
  redis.on('error', () => {});
  return redis;
}

/** Connects, or says in one line why not: no package, nobody there, no entry, too old. */
export async function openBroker(address: BrokerAddress): Promise<Broker> {
  const { bullmq, ioredis } = await load();
  const options: Connection = {
    host: address.host,
    port: address.port,
    db: address.db,
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.tls ? { tls: { servername: address.host } } : {}),
    connectionName: prefix,
    connectTimeout: 10_000,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(1000, 50 * times),
  };
  const warnings = judge(await firstWords(ioredis.Redis, options, address), address);
  const open = new Set<Part>();
  const connect = (): Redis => {
    const redis = quiet(ioredis.Redis, options);
    open.add(redis);
    return redis;
  };
  const client = connect();
  let goneSince: number | null = null;
  client.on('close', () => (goneSince ??= performance.now()));
  client.on('ready', () => (goneSince = null));
  // The first words said what BullMQ would look for, and it would say it to the console.
  const shared = { connection: { ...options }, prefix, skipVersionCheck: true };
  const goneMs = (): number => (goneSince === null ? 0 : performance.now() - goneSince);
  return {
    address,
    warnings,
    client,
    another: connect,
    serverId: async () => field(await client.info('server'), 'run_id') ?? '',
    goneMs,
    whileThere: async (work, patienceMs) => {
      let timer: NodeJS.Timeout | undefined;
      const gone = new Promise<null>((resolve) => {
        const look = (): void => {
          if (goneMs() >= patienceMs && goneMs() > 0) resolve(null);
        };
        timer = setInterval(look, 100);
      });
      try {
        return await Promise.race([work, gone]);
      } finally {
        clearInterval(timer);
      }
    },
    jobs: (name) => openJobs(bullmq.Queue, { name, shared, open }),
    hands: (name, doing, handsOptions) =>
      openHands(bullmq.Worker, { name, doing, shared, handsOptions, open }),
    close: () => {
      for (const part of open) void Promise.resolve(part.disconnect()).catch(() => {});
      open.clear();
    },
  };
}

/** What holds connections. */
interface Part {
  readonly disconnect: () => unknown;
}

interface Shared {
  readonly connection: Connection;
  readonly prefix: string;
  readonly skipVersionCheck: boolean;
}

interface PartInput {
  readonly name: string;
  readonly shared: Shared;
  readonly open: Set<Part>;
}

function openJobs(QueueOf: Packages['bullmq']['Queue'], { name, shared, open }: PartInput): Jobs {
  const queue: Queue<Ticket, void, 'ask'> = new QueueOf(name, {
    ...shared,
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', () => {});
  open.add(queue);
  return {
    put: async (ticket) => void (await queue.add('ask', ticket, { jobId: ticket.key })),
    remove: async (key) => void (await queue.remove(key)),
    limit: async (most) => void (await queue.setGlobalConcurrency(most)),
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    drain: () => queue.drain(),
    wipe: () => queue.obliterate({ force: true }),
    close: async () => {
      await queue.close();
      open.delete(queue);
    },
  };
}

interface HandsInput extends PartInput {
  readonly doing: Doing;
  readonly handsOptions: HandsOptions;
}

function openHands(
  WorkerOf: Packages['bullmq']['Worker'],
  { name, doing, shared, handsOptions, open }: HandsInput,
): Hands {
  const { concurrency, times, onRenewed, onRefused } = handsOptions;
  const none = new AbortController().signal;
  const worker: Worker<Ticket> = new WorkerOf<Ticket>(
    name,
    // All three have to be named: BullMQ makes a signal for those who take one.
    async (job: Job<Ticket>, _token?: string, signal?: AbortSignal) => doing(job.data, signal ?? none),
    {
      ...shared,
      concurrency,
      lockDuration: times.lockMs,
      stalledInterval: times.stalledMs,
      maxStalledCount: mostStalls,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      // The usual 15 s are long beside a server that is back after one.
      runRetryDelay: 1000,
    },
  );
  worker.on('error', () => {});
  worker.on('locksRenewed', ({ jobIds }) => onRenewed(jobIds));
  worker.on('lockRenewalFailed', (jobIds) => onRefused(jobIds));
  const part = { disconnect: () => worker.close(true) };
  open.add(part);
  return {
    drop: (key) => void worker.cancelJob(key),
    close: async () => {
      open.delete(part);
      open.add(worker);
      await worker.close();
      open.delete(worker);
    },
  };
}

/** What the server says of itself; throws with one line where it says nothing. */
async function firstWords(
  RedisOf: Packages['ioredis']['Redis'],
  options: Connection,
  { shown }: BrokerAddress,
): Promise<string> {
  const redis = new RedisOf({
    ...options,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let first: Error | null = null;
  redis.on('error', (error: Error) => (first ??= error));
  try {
    await redis.connect();
    const info = await redis.info();
    // A database that is not there is an error that leaves the client in another one.
    if (first !== null) throw first;
    return info;
  } catch (error) {
    throw refusal(first ?? (error as Error), shown);
  } finally {
    redis.disconnect();
  }
}
