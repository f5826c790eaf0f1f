/**
 * The servers that a run starts itself. One that ends while it is asked is started once more; when it ends again, its
 * target stops with the server's last words, and the run can be resumed.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Asker } from '../run/ask.ts';
import type { Clock } from '../run/clock.ts';
import { launchServer, type LaunchedServer } from '../run/launch.ts';
import type { Sample, Target } from '../types.ts';
import { withoutFlagged } from './endpoints.ts';
import { fitToSay, holdsAny, isHeld } from './secrets.ts';

export interface Servers {
  /** Starts the server of a target where one is to be started and none runs; true when it is a new process. */
  readonly up: (target: Target) => Promise<boolean>;
  readonly down: (target: Target) => Promise<void>;
  readonly downAll: () => Promise<void>;
  /** The same asker, for a server that may end: it is started once more, then given up. */
  readonly guard: (target: Target, ask: Asker['ask']) => Asker['ask'];
}

export interface ServersOptions {
  /** Logs lie in `logs/` of it. */
  readonly runFolder: string;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
  /** Variables that hold the keys of targets. */
  readonly secretNames: readonly string[];
  /** A server has a process: at its start, and at each start again. */
  readonly onStart: (target: string, pid: number) => Promise<void>;
}

interface State {
  server: LaunchedServer | null;
  restarts: number;
  /** How it ended, once it is not started again. */
  ended: string | null;
  reviving: Promise<void> | null;
}

const mostRestarts = 1;

export function openServers(options: ServersOptions): Servers {
  const states = new Map<string, State>();
  const stateOf = (id: string): State => {
    const known = states.get(id) ?? { server: null, restarts: 0, ended: null, reviving: null };
    states.set(id, known);
    return known;
  };

  const start = async (target: Target): Promise<boolean> => {
    const state = stateOf(target.id);
    if (target.launch === null || state.server !== null) return false;
    const folder = path.join(options.runFolder, 'logs');
    mkdirSync(folder, { recursive: true });
    options.say(`${target.id}: starting its server: ${withoutFlagged(target.launch.command).join(' ')}`);
    const server = await launchServer({
      target: target.id,
      launch: target.launch,
      logFile: path.join(folder, `${target.id}.log`),
      env: process.env,
      isSecret: (name, value) => options.secretNames.includes(name) || isHeld(value),
      clean: holdsAny() ? fitToSay : null,
      stop: options.stop,
      clock: options.clock,
      say: options.say,
    });
    options.say(`${target.id}: ready after ${(server.readyMs / 1000).toFixed(1)} s`);
    state.server = server;
    await options.onStart(target.id, server.pid);
    return true;
  };

  const down = async (target: Target): Promise<void> => {
    const state = stateOf(target.id);
    const { server } = state;
    state.server = null;
    await server?.stop();
  };

  /** Starts it again where it has ended and may; says how it ended where it may not. */
  const revive = async (target: Target): Promise<void> => {
    const state = stateOf(target.id);
    const end = state.server?.exited() ?? null;
    if (end === null || state.ended !== null || options.stop.aborted) return;
    state.reviving ??= (async () => {
      if (state.restarts >= mostRestarts) {
        state.ended = end;
        return;
      }
      state.restarts += 1;
      options.say(`${target.id}: ${end}; starting it once more`);
      try {
        await down(target);
        await start(target);
      } catch (error) {
        state.ended = error instanceof Error ? error.message : String(error);
      }
    })().finally(() => {
      state.reviving = null;
    });
    await state.reviving;
  };

  return {
    up: start,
    down,
    downAll: async () => {
      await Promise.all([...states.values()].map(async (state) => state.server?.stop()));
      for (const state of states.values()) state.server = null;
    },
    guard: (target, ask) => {
      if (target.launch === null) return ask;
      return async (cell, context) => {
        await revive(target);
        const sample = await ask(cell, context);
        if (sample.outcome.kind === 'answered') return sample;
        await revive(target);
        const { ended } = stateOf(target.id);
        return ended === null ? sample : withEnd(sample, ended);
      };
    },
  };
}

/** The server is gone for good: no other attempt can help. */
function withEnd(sample: Sample, ended: string): Sample {
  if (sample.outcome.kind === 'answered') return sample;
  const { failure, partial } = sample.outcome;
  const message = `the server that was started has ended: ${ended}`.slice(0, 500);
  return {
    ...sample,
    outcome: {
      kind: 'failed',
      failure: { ...failure, code: 'server-exited', message, remedy: 'abort' },
      partial,
    },
  };
}
