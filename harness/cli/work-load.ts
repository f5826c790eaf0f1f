/** What a worker brings to a load: the plan of it, connections, and what it can say of itself. */
import { hostname } from 'node:os';
import { hashLines } from '../record/plan-file.ts';
import { planSpeed } from '../plan/speed.ts';
import type { LoadMeans, LoadTargets } from '../run/queue/load-client.ts';
import type { LoadTarget } from '../run/load-here.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { SpanWatch } from '../run/watch.ts';
import type { Target } from '../types.ts';
import { openEndpoints, type Endpoints } from './endpoints.ts';
import { lookAt } from './look.ts';
import { lookAtMachine } from './machine.ts';
import { speedPlanLines } from './open-run.ts';
import { imagesIn, type Prepared } from './prepare.ts';
import { measureRoundTrips } from './round-trips.ts';
import type { Keys } from './secrets.ts';
import type { Signals } from './signals.ts';
import { floorsBeside, loadTarget, withSockets } from './speed.ts';
import type { Streams } from './streams.ts';

/** What was seen of each target, by its id: one look is enough. */
export type Looks = Map<string, ReadonlyMap<string, ServerFacts>>;

interface LookInput {
  readonly prepared: Prepared;
  readonly keys: Keys;
  readonly signals: Pick<Signals, 'cut'>;
  readonly streams: Streams;
  readonly preflight: boolean;
}

/** The look at a target, unless there was one. A text says why it cannot be asked from here. */
export async function lookOnce(
  target: Target,
  looks: Looks,
  { prepared, keys, signals, streams, preflight }: LookInput,
): Promise<ReadonlyMap<string, ServerFacts> | string> {
  const known = looks.get(target.id);
  if (known !== undefined) return known;
  const look = preflight ? await lookAt([target], keys, prepared.plan.cells, streams, signals.cut) : null;
  if (look !== null && look.errors > 0) return `its look at ${target.id} found a fault`;
  const facts = look?.facts ?? new Map<string, ServerFacts>();
  looks.set(target.id, facts);
  return facts;
}

export interface LoadMeansInput extends Omit<LookInput, 'signals'> {
  readonly signals: Pick<Signals, 'stop' | 'cut'>;
  readonly program: string;
  readonly clock: () => number;
  readonly watch: SpanWatch;
  /** Closed by who holds it. */
  readonly opened: Endpoints[];
  readonly looks: Looks;
}

export function loadMeans(input: LoadMeansInput): LoadMeans {
  const { prepared, clock, program, signals, watch } = input;
  const { targets, speed } = prepared.targets;
  return {
    planOf: ({ seed, clients }) => {
      const { requests } = planSpeed(prepared.plan, prepared.suites, speed, { seed, clients });
      return { hash: hashLines(speedPlanLines({ requests })), requests };
    },
    open: (sockets) => openAll(input, sockets),
    roundTrips: () => measureRoundTrips(targets, clock, signals.stop),
    floors: async (levels) => {
      const wanted = [...new Set(levels)].toSorted((a, b) => a - b);
      const found = await floorsBeside({ levels: wanted, program, clock, stop: signals.stop });
      return levels.flatMap((level) => found.find(({ floor }) => floor.concurrency === level)?.floor ?? []);
    },
    machine: () => lookAtMachine(targets),
    host: hostname(),
    pid: process.pid,
    watch,
  };
}

async function openAll(input: LoadMeansInput, sockets: number): Promise<LoadTargets | string> {
  const { prepared, keys, program, clock, opened, looks } = input;
  const { targets } = prepared.targets;
  const facts = new Map<string, ServerFacts>();
  for (const target of targets) {
    const look = await lookOnce(target, looks, input);
    if (typeof look === 'string') return look;
    for (const [id, seen] of look) facts.set(id, seen);
  }
  const endpoints = await openEndpoints(
    withSockets(targets, sockets),
    keys,
    program,
    clock,
    imagesIn(prepared),
    facts,
  );
  opened.push(endpoints);
  return {
    targets: new Map(
      [...endpoints.askers].map(([id, asker]): [string, LoadTarget] => [
        id,
        loadTarget(asker, facts.get(id)),
      ]),
    ),
    facts: new Map([...facts].map(([id, seen]) => [id, JSON.stringify(seen)])),
  };
}
