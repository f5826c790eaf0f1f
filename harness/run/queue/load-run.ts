/** A run at the queue while clients hold its load: written down, alive, and put away in the end. */
import type { Broker } from './broker.ts';
import { clientsKey, queueName, resultsKey } from './names.ts';
import { goodbyeMs, Presence, type Leaving, type PresenceOptions } from './presence.ts';

export interface LoadRun {
  readonly broker: Broker;
  /** Aborted when the queue has been gone for too long. */
  readonly gone: AbortSignal;
  readonly close: (how: Leaving) => Promise<void>;
}

/** Resolves when clients may be told to load, or the queue has been gone for too long. */
export async function openLoadRun(options: PresenceOptions): Promise<LoadRun> {
  const { broker, run, targets, times } = options;
  // No jobs: what is loaded is no cell, and each client has its own list.
  const presence = new Presence(options, new Map());
  if ((await broker.whileThere(presence.begin(), times.outageMs)) === null) presence.judge();
  const putAway = async (how: Leaving): Promise<true> => {
    await presence.end(how);
    if (how !== 'done') return true;
    await broker.client.del(clientsKey(run), resultsKey(run));
    for (const { id } of targets) {
      const jobs = broker.jobs(queueName(run, id));
      await jobs.wipe();
      await jobs.close();
    }
    return true;
  };
  return {
    broker,
    gone: presence.gone,
    close: async (how) => {
      presence.stop();
      if (broker.goneMs() > 0 || (await broker.whileThere(putAway(how), goodbyeMs)) === null) broker.close();
    },
  };
}
