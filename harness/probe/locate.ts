/** Which processes a target's server is, asked anew at each look: servers start workers, end them, and are restarted. */
import { systemFiles, type SystemFiles } from './linux/files.ts';
import { containerGroup } from './linux/container.ts';
import { groupPids } from './linux/group.ts';
import { listenerOf, type Found } from './linux/listener.ts';
import { isAlive, processOf, treeOf, type ProcessId } from './linux/tree.ts';

/** What is known of a server before anybody looks. */
export interface ServerPlace {
  /** The host's name where it is another machine; null: this one. */
  readonly remote: string | null;
  readonly port: number | null;
  readonly pid: number | null;
  readonly container: string | null;
}

export interface Located {
  readonly processes: readonly ProcessId[];
  /** Folder of the container's memory group, or null. */
  readonly group: string | null;
  /** The server is another process than at the look before. */
  readonly isRestarted: boolean;
}

export interface Locator {
  readonly locate: (target: string) => Promise<Found<Located>>;
  /** From here on the target's server is this process and what descends from it. */
  readonly attach: (target: string, pid: number) => void;
}

export function createLocator(
  places: ReadonlyMap<string, ServerPlace>,
  files: SystemFiles = systemFiles,
): Locator {
  const attached = new Map<string, number>();
  const roots = new Map<string, ProcessId>();
  const groups = new Map<string, string>();
  return {
    attach: (target, pid) => {
      attached.set(target, pid);
      roots.delete(target);
    },
    locate: async (target) => {
      if (process.platform !== 'linux') return { why: `platform: no /proc on ${process.platform}` };
      const pid = attached.get(target) ?? null;
      const place = places.get(target);
      if (pid === null && place !== undefined && place.remote !== null)
        return { why: `remote: the server is on another machine, ${place.remote}` };
      if (pid === null && place !== undefined && place.container !== null)
        return inContainer(files, groups, place.container);
      const before = roots.get(target) ?? null;
      const root = before !== null && isAlive(files, before) ? { found: before } : rootOf(pid, place, before);
      if ('why' in root) return root;
      roots.set(target, root.found);
      const processes = treeOf(files, root.found);
      if (processes.length === 0) return { why: `process ${root.found.pid} has ended` };
      return { found: { processes, group: null, isRestarted: before !== null && before !== root.found } };
    },
  };

  function rootOf(
    attachedPid: number | null,
    place: ServerPlace | undefined,
    before: ProcessId | null,
  ): Found<ProcessId> {
    const pid = attachedPid ?? place?.pid ?? null;
    if (pid !== null) {
      const found = processOf(files, pid);
      // Another process under the number that was named is not the server.
      return found === null || before !== null ? { why: `process ${pid} has ended` } : { found };
    }
    if (place === undefined || place.port === null)
      return { why: 'the server is not a process that visavis knows' };
    return listenerOf(files, place.port);
  }
}

async function inContainer(
  files: SystemFiles,
  groups: Map<string, string>,
  name: string,
): Promise<Found<Located>> {
  const known = groups.get(name) ?? null;
  const seen = (group: string): Found<Located> => {
    const processes = groupPids(files, group).flatMap((pid) => processOf(files, pid) ?? []);
    return { found: { processes, group, isRestarted: known !== null && known !== group } };
  };
  if (known !== null && groupPids(files, known).length > 0) return seen(known);
  const group = await containerGroup(files, name);
  if ('why' in group) return group;
  groups.set(name, group.found);
  return seen(group.found);
}
