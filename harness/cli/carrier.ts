/** How the open questions of a run get to those who are asked: from this process, unless it is told otherwise. */
import { executeHere, type Executor } from '../run/execute.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { Target } from '../types.ts';
import type { Beside } from './beside.ts';
import { openEndpoints } from './endpoints.ts';
import type { OpenRun } from './open-run.ts';
import { imagesIn, type Prepared } from './prepare.ts';
import type { Keys } from './secrets.ts';
import type { Streams } from './streams.ts';

/** What was learned of the servers while they were asked. */
export interface Learned {
  readonly facts: ReadonlyMap<string, ServerFacts>;
  readonly warnings: readonly string[];
}

export interface Carrier {
  readonly execute: Executor;
  /** Process ids of the endpoints that are ours. */
  readonly pids: ReadonlyMap<string, number>;
  readonly learned: () => Learned;
  readonly stop: () => Promise<void>;
}

export interface CarryInput {
  readonly run: OpenRun;
  readonly prepared: Prepared;
  readonly targets: readonly Target[];
  readonly keys: Keys;
  readonly program: string;
  readonly open: Beside;
  /** What the look before the run found. */
  readonly facts: ReadonlyMap<string, ServerFacts>;
  readonly streams: Streams;
}

export type Carry = (input: CarryInput) => Promise<Carrier>;

export const carryHere: Carry = async ({ prepared, targets, keys, program, open, facts }) => {
  const { clock, servers } = open;
  const endpoints = await openEndpoints(targets, keys, program, clock, imagesIn(prepared), facts, servers);
  return {
    execute: executeHere(endpoints.askers),
    pids: endpoints.pids,
    learned: () => ({ facts: new Map(), warnings: [] }),
    stop: endpoints.stop,
  };
};
