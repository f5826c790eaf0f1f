/** Which runs are spread over a queue, and what a worker must be to take part: the same tool with the same plan. */
import { fields } from '../json-fields.ts';
import type { Redis } from './broker.ts';
import { beatKey, beatsMissed, resultsKey, runKey, runsKey } from './names.ts';

export interface RunEntry {
  /** Its id: the name of its folder. */
  readonly run: string;
  readonly tool: string;
  readonly planHash: string;
  readonly state: 'open' | 'closed';
  /** The start of the server for which calls may go out: after another start, what was in flight must end first. */
  readonly server: string;
  /** The load that clients are to hold; null or absent: none. */
  readonly load?: LoadEntry | null;
}

/** What a worker needs to know of a load beside the suites and targets that it has. */
export interface LoadEntry {
  readonly clients: number;
  readonly seed: number;
  /** SHA-256 of the plan of the load: a worker takes part only with the same. */
  readonly hash: string;
}

/** A run that nobody took up again is forgotten after a week. */
export const forgetAfterMs = 7 * 24 * 3600 * 1000;
const closedForMs = 3600 * 1000;

/** Writes the run down, or over what it was. `now` is wall time in ms, for the order of runs only. */
export async function announceRun(client: Redis, entry: RunEntry, now: number): Promise<void> {
  const { run, load, ...own } = entry;
  const words = { ...own, load: load == null ? '' : JSON.stringify(load) };
  await client
    .multi()
    .zadd(runsKey, now, run)
    .hset(runKey(run), words)
    .pexpire(runKey(run), forgetAfterMs)
    .exec();
}

export async function beat(client: Redis, run: string, everyMs: number): Promise<void> {
  await client
    .multi()
    .set(beatKey(run), '1', 'PX', everyMs * beatsMissed)
    .pexpire(runKey(run), forgetAfterMs)
    .pexpire(resultsKey(run), forgetAfterMs)
    .exec();
}

export async function closeRun(client: Redis, run: string): Promise<void> {
  await client
    .multi()
    .zrem(runsKey, run)
    .del(beatKey(run))
    .hset(runKey(run), { state: 'closed' })
    .pexpire(runKey(run), closedForMs)
    .exec();
}

/** The coordinator leaves, and will be back. */
export async function leaveRun(client: Redis, run: string): Promise<void> {
  await client.del(beatKey(run));
}

export async function lookUpRun(client: Redis, run: string): Promise<RunEntry | null> {
  const { tool, planHash, state, server, load } = await client.hgetall(runKey(run));
  if (tool === undefined || planHash === undefined || server === undefined) return null;
  return {
    run,
    tool,
    planHash,
    state: state === 'closed' ? 'closed' : 'open',
    server,
    load: readLoad(load ?? ''),
  };
}

function readLoad(text: string): LoadEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { clients, seed, hash } = fields(value) ?? {};
  return Number.isInteger(clients) && Number.isInteger(seed) && typeof hash === 'string'
    ? { clients: Number(clients), seed: Number(seed), hash }
    : null;
}

export async function isAlive(client: Redis, run: string): Promise<boolean> {
  return (await client.exists(beatKey(run))) === 1;
}

export interface Found {
  /** The newest run that the worker fits, one with its coordinator at work before others. */
  readonly fitting: RunEntry | null;
  /** Runs whose coordinator is at work, and which the worker does not fit. */
  readonly others: readonly RunEntry[];
}

/** The runs there are, seen by a worker with this tool and plan. `only`: the one run it may take part in. */
export async function findRuns(
  client: Redis,
  worker: Pick<RunEntry, 'tool' | 'planHash'>,
  only: string | null,
): Promise<Found> {
  const names = only === null ? await client.zrevrange(runsKey, 0, -1) : [only];
  const entries = await Promise.all(names.map((run) => lookUpRun(client, run)));
  const open = entries.filter((entry) => entry !== null).filter((entry) => entry.state === 'open');
  const alive = await Promise.all(open.map((entry) => isAlive(client, entry.run)));
  const fits = (entry: RunEntry): boolean => whyUnfit(entry, worker) === null;
  const fitting = [...open.filter((_, at) => alive[at] === true), ...open].find(fits) ?? null;
  return { fitting, others: open.filter((entry, at) => alive[at] === true && !fits(entry)) };
}

/** Why a worker may not take part in a run, in words; null: it may. */
export function whyUnfit(
  run: Pick<RunEntry, 'tool' | 'planHash'>,
  worker: Pick<RunEntry, 'tool' | 'planHash'>,
): string | null {
  if (run.tool !== worker.tool) return `it is made with visavis ${run.tool}, and this is ${worker.tool}`;
  if (run.planHash !== worker.planHash)
    return `its plan is ${run.planHash.slice(0, 8)}, and here it is ${worker.planHash.slice(0, 8)}`;
  return null;
}
