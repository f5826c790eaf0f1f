/** The probes there are. To add one: its file, a row here, its entry in `ProbeSpec`. */
import type { Probe, ProbeSpec } from '../types.ts';
import { amdProbe } from './amd-smi.ts';
import type { Locator, ServerPlace } from './locate.ts';
import { logProbe } from './log.ts';
import { nvidiaProbe } from './nvidia-smi.ts';
import { ollamaProbe } from './ollama.ts';
import { processProbe } from './process.ts';
import { prometheusProbe } from './prometheus.ts';
import type { PageAccess } from './server/get-page.ts';

export type ProbeName = ProbeSpec['probe'];

/** A target as the probes need it: plain data, since it goes to another thread. */
export interface WatchedTarget {
  readonly id: string;
  readonly model: string;
  /** null for an embedded endpoint. */
  readonly baseUrl: string | null;
  /** The host's name where the server is on another machine, else null. */
  readonly remote: string | null;
  readonly probes: readonly ProbeSpec[];
  /** How its pages may be reached. */
  readonly access: PageAccess;
}

export interface ProbeContext {
  readonly targets: readonly WatchedTarget[];
  readonly locator: Locator;
}

export const probes = {
  process: ({ locator }) => processProbe(locator),
  'nvidia-smi': ({ locator, targets }) => nvidiaProbe(locator, remoteHosts(targets)),
  'amd-smi': ({ locator, targets }) => amdProbe(locator, remoteHosts(targets)),
  ollama: ({ targets }) =>
    ollamaProbe(
      specsOf(targets, 'ollama', (spec, { baseUrl, model, access }) => ({
        access,
        url: spec.url ?? originOf(baseUrl),
        model,
      })),
    ),
  prometheus: ({ targets }) =>
    prometheusProbe(
      specsOf(targets, 'prometheus', (spec, { baseUrl, access }) => ({
        access,
        url: spec.url ?? `${originOf(baseUrl)}/metrics`,
        named: spec.metrics,
      })),
    ),
  log: ({ targets }) => logProbe(specsOf(targets, 'log', (spec) => spec.file)),
} satisfies Record<ProbeName, (context: ProbeContext) => Probe>;

/** Which process a target's server is, as far as its probes say. */
export function placeOf({ baseUrl, remote, probes: specs }: WatchedTarget): ServerPlace {
  const spec = specs.find(({ probe }) => probe === 'process');
  const named = spec?.probe === 'process' ? spec : { port: null, pid: null, container: null };
  const isNamed = named.port !== null || named.pid !== null || named.container !== null;
  return {
    remote,
    port: isNamed || baseUrl === null ? named.port : portOf(new URL(baseUrl)),
    pid: named.pid,
    container: named.container,
  };
}

function specsOf<N extends ProbeName, T>(
  targets: readonly WatchedTarget[],
  name: N,
  take: (spec: Extract<ProbeSpec, { probe: N }>, target: WatchedTarget) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const target of targets) {
    for (const spec of target.probes)
      if (spec.probe === name) found.set(target.id, take(spec as Extract<ProbeSpec, { probe: N }>, target));
  }
  return found;
}

const remoteHosts = (targets: readonly WatchedTarget[]): ReadonlyMap<string, string> =>
  new Map(targets.flatMap(({ id, remote }) => (remote === null ? [] : [[id, remote] as const])));

const originOf = (baseUrl: string | null): string => (baseUrl === null ? '' : new URL(baseUrl).origin);

const portOf = (url: URL): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
