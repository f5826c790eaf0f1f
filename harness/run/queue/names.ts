/** What a run over a queue is called in Redis, and how long its parts wait for each other. Pure. */

/** Before every key: an access rule needs `~visavis:*` and nothing else. */
export const prefix = 'visavis';

/** Run ids by the time of their start. */
export const runsKey = `${prefix}:runs`;

/** A hash: tool, planHash, state, server. */
export const runKey = (run: string): string => `${prefix}:run:${run}`;

/** There while its coordinator is at work. */
export const beatKey = (run: string): string => `${prefix}:beat:${run}`;

/** The stream of results. */
export const resultsKey = (run: string): string => `${prefix}:results:${run}`;

/** Names of workers that would hold a part of a load. */
export const clientsKey = (run: string): string => `${prefix}:clients:${run}`;

/** There while this client is. */
export const clientKey = (run: string, client: string): string => `${prefix}:client:${run}:${client}`;

/** The stream of orders to clients, and that of their replies. */
export const ordersKey = (run: string): string => `${prefix}:load:${run}`;
export const repliesKey = (run: string): string => `${prefix}:loaded:${run}`;

/** One queue per target, so that each has its own limit. A colon would end the name. */
export const queueName = (run: string, target: string): string => `${run}.${encodeURIComponent(target)}`;

/** Of one job, by its id: the key of its cell. */
export const jobKey = (run: string, target: string, key: string): string =>
  `${prefix}:${queueName(run, target)}:${key}`;

/** All that a job says, at most 300 bytes: who asks has the question. */
export interface Ticket {
  readonly run: string;
  readonly planHash: string;
  readonly key: string;
}

/** A larger result does not travel. */
export const mostReportBytes = 1024 * 1024;

/** Signs of life come four times as often as they are missed. */
export const beatsMissed = 4;

/** Milliseconds. */
export interface QueueTimes {
  /** A worker that does not renew its hold on a job for so long has lost it, and ends the call. */
  readonly lockMs: number;
  /** Between two searches for jobs whose worker is gone. */
  readonly stalledMs: number;
  /** Between two looks of the coordinator at the jobs it waits for. */
  readonly lookMs: number;
  /** Between two signs of life of the coordinator, and two looks of a worker at the run. */
  readonly beatMs: number;
  /** A queue that is gone for longer ends the run; it can be resumed. */
  readonly outageMs: number;
  /** How long a load waits for its clients to be there. */
  readonly gatherMs: number;
}

export const defaultTimes: QueueTimes = {
  lockMs: 60_000,
  stalledMs: 30_000,
  lookMs: 1000,
  beatMs: 2000,
  outageMs: 600_000,
  gatherMs: 60_000,
};

/** A job may lose its worker so often before the queue drops it. */
export const mostStalls = 10;

/** What was dropped or lost is put back so often; then its cell stays open. */
export const mostRounds = 3;
