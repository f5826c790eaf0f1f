/** The probes of a run, each opened once for all targets that ask for it: measured at named moments and polled between. */
import type { Moment, Phase, Probe, Reading, Sight } from '../types.ts';
import { placeOf, probes, type ProbeName, type WatchedTarget } from './index.ts';
import { createLocator } from './locate.ts';
import { poll } from './poll.ts';

/** Of whom, and in which phase of the run. */
export interface Scope {
  readonly phase: Phase;
  /** Target ids; all when absent. */
  readonly targets?: readonly string[];
}

export interface ProbeSet {
  /** From here on the target's server is this process and what descends from it: a server that we started. */
  readonly attach: (target: string, pid: number) => Promise<void>;
  /**
   * One look of every probe. `before-start` notes what the devices hold without the server, which makes `gpu-delta`
   * known; `idle` and `after` are thorough and want a quiet server.
   */
  readonly measure: (moment: Exclude<Moment, 'loaded'>, scope: Scope) => Promise<void>;
  /** Cheap looks from here on, until `endLoad`. */
  readonly startLoad: (scope: Scope) => Promise<void>;
  readonly endLoad: () => Promise<void>;
  /** Ends what is still open. */
  readonly close: () => Promise<void>;
}

export interface ProbeSetOptions {
  readonly targets: readonly WatchedTarget[];
  /** The start or resume of the run. */
  readonly leg: string;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  readonly take: (reading: Reading) => void;
}

interface Opened {
  readonly probe: Probe;
  readonly targets: readonly string[];
}

export function openProbes({ targets, leg, now, take }: ProbeSetOptions): ProbeSet {
  const locator = createLocator(new Map(targets.map((target) => [target.id, placeOf(target)])));
  const names = [...new Set(targets.flatMap((target) => target.probes.map(({ probe }) => probe)))];
  const opened = names.map((name): Opened => ({
    probe: probes[name]({ targets, locator }),
    targets: targets.filter((target) => hasProbe(target, name)).map(({ id }) => id),
  }));
  const within = (each: Opened, { targets: wanted }: Scope): readonly string[] =>
    wanted === undefined ? each.targets : each.targets.filter((id) => wanted.includes(id));
  const write = (probe: string, target: string, moment: Moment, phase: Phase, sight: Sight): void =>
    take({ v: 2, kind: 'reading', target, probe, moment, phase, leg, at: now(), ...sight });
  let stops: (() => void)[] = [];

  const endLoad = async (): Promise<void> => {
    const running = stops;
    stops = [];
    for (const stop of running) stop();
    await Promise.all(opened.map(async ({ probe }) => probe.endLoad?.()));
  };

  return {
    attach: async (target, pid) => locator.attach(target, pid),
    measure: async (moment, scope) => {
      await Promise.all(
        opened.flatMap((each) =>
          within(each, scope).map(async (target) => {
            const sight = await each.probe.read(target, moment);
            if (sight !== null) write(each.probe.name, target, moment, scope.phase, sight);
          }),
        ),
      );
    },
    startLoad: async (scope) => {
      await endLoad();
      await Promise.all(opened.map(async (each) => each.probe.startLoad?.(within(each, scope))));
      stops = opened.map((each) => {
        const isNews = newsFilter();
        return poll(each.probe, within(each, scope), (target, sight) => {
          if (isNews(target, sight)) write(each.probe.name, target, 'loaded', scope.phase, sight);
        });
      });
    },
    endLoad,
    close: async () => {
      await endLoad();
      await Promise.all(opened.map(async ({ probe }) => probe.close?.()));
    },
  };
}

const hasProbe = (target: WatchedTarget, name: ProbeName): boolean =>
  target.probes.some(({ probe }) => probe === name);

/** A server that is gone for an hour is said once, not seven thousand times. */
function newsFilter(): (target: string, sight: Sight) => boolean {
  const said = new Map<string, string>();
  return (target, sight) => {
    if (sight.status === 'read') {
      said.delete(target);
      return true;
    }
    if (said.get(target) === sight.why) return false;
    said.set(target, sight.why);
    return true;
  };
}
