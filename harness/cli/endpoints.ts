/** Brings up who is asked: starts embedded endpoints, fetches keys by their names, makes a client for each target. */
import { hostOf } from '../plan/order.ts';
import { readCassetteHeader } from '../replay/cassette.ts';
import { startReplay, type ReplayProcess } from '../replay/spawn.ts';
import { createAsker, type Asker } from '../run/ask.ts';
import type { Clock } from '../run/clock.ts';
import { dialectNamed, dialectOfHost, requestFor, streamOptionsFor, type Dialect } from '../run/dialects.ts';
import type { ServerFacts } from '../run/server-probe.ts';
import type { Target, TargetRecord } from '../types.ts';
import { readAuthority } from './credentials.ts';
import type { Keys } from './secrets.ts';
import type { Servers } from './servers.ts';
import { version } from './version.ts';

export interface Endpoints {
  readonly askers: ReadonlyMap<
    string,
    { readonly target: Target; readonly ask: Asker['ask']; readonly dialect: Dialect }
  >;
  /** Process ids of the endpoints that are ours. */
  readonly pids: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

export async function openEndpoints(
  targets: readonly Target[],
  keys: Keys,
  program: string,
  clock: Clock,
  images: Readonly<Record<string, string>>,
  facts: ReadonlyMap<string, ServerFacts>,
  servers: Servers | null = null,
): Promise<Endpoints> {
  const replays = new Map<string, ReplayProcess>();
  const clients: Asker[] = [];
  const askers = new Map<string, { target: Target; ask: Asker['ask']; dialect: Dialect }>();
  const stop = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([...replays.values()].map((replay) => replay.stop()));
  };
  try {
    await Promise.all(
      targets.map(async (target) => {
        if (target.replay !== null) replays.set(target.id, await startReplay(program, target.replay));
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  for (const target of targets) {
    const baseUrl = replays.get(target.id)?.baseUrl ?? target.baseUrl;
    if (baseUrl === null) throw new Error(`target ${target.id} has no address`);
    const known = facts.get(target.id) ?? null;
    const dialect = dialectOf(target, known);
    const client = createAsker({
      target,
      baseUrl,
      apiKey: keys.get(target.id)?.reveal() ?? null,
      ca: readAuthority(target),
      images,
      streamOptions: known?.streamOptions === false ? null : streamOptionsFor(dialect),
      clock,
      now: Date.now,
      userAgent: `visavis/${version}`,
      direct: hostOf(target) === 'loopback',
    });
    clients.push(client);
    const ask: Asker['ask'] = (cell, context) =>
      client.ask({ ...cell, request: requestFor(dialect, cell.request, known ?? {}) }, context);
    askers.set(target.id, { target, ask: servers?.guard(target, ask) ?? ask, dialect });
  }
  return { askers, pids: new Map([...replays].map(([id, replay]) => [id, replay.pid])), stop };
}

/**
 * How the target's server speaks, so that a question is sent as it takes it (one limit field, nothing it is known to
 * refuse): as the targets file says, else as its own pages or its host showed. The plan stays as it was written.
 */
export function dialectOf(target: Target, facts: ServerFacts | null): Dialect {
  if (target.dialect !== 'auto') return dialectNamed(target.dialect);
  if (facts !== null) return dialectNamed(facts.dialect);
  const ofHost = target.baseUrl === null ? null : dialectOfHost(new URL(target.baseUrl).hostname);
  return ofHost ?? dialectNamed('generic');
}

/** A target as the manifest keeps it: no path of this machine, no key. */
export function recordOf(target: Target): TargetRecord {
  const header = target.replay === null ? null : readCassetteHeader(target.replay);
  return {
    id: target.id,
    model: target.model,
    endpoint: target.baseUrl ?? 'replay',
    authored: header?.origin === 'authored' ? header.note : null,
    concurrency: target.concurrency,
    ...(target.concurrencyOfAll === undefined ? {} : { concurrencyOfAll: target.concurrencyOfAll }),
    params: target.params,
    languages: target.languages,
    license: target.license,
    dialect: target.dialect,
    apiKeyEnv: target.apiKeyEnv,
    facts: null,
    kvBytesPerToken: target.kvBytesPerToken,
    launch: target.launch === null ? null : withoutFlagged(target.launch.command),
  };
}

/** Words after a flag that names a secret, and values joined to one, are not written down. */
export function withoutFlagged(command: readonly string[]): string[] {
  const flag = /^--?[\w-]*(?:key|token|secret|password)[\w-]*$/iu;
  const joined = /^(--?[\w-]*(?:key|token|secret|password)[\w-]*=).+$/isu;
  return command.map((word, at) =>
    flag.test(command[at - 1] ?? '') ? '[secret]' : word.replace(joined, '$1[secret]'),
  );
}
