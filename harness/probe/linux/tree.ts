/** A process and all that descend from it, as they are now. */
import { tryList, tryText, type SystemFiles } from './files.ts';
import { parsePids, parseStat } from './proc-text.ts';

/** One process for good: a pid is given again, a pid with its start is not. */
export interface ProcessId {
  readonly pid: number;
  readonly startTime: number;
}

/** More than any server starts; a tree that grows while it is read ends here. */
const maxProcesses = 4096;

/** The process behind a pid, or null when there is none that we may see. */
export function processOf(files: SystemFiles, pid: number): ProcessId | null {
  const stat = parseStat(tryText(files, `/proc/${pid}/stat`) ?? '');
  return stat === null ? null : { pid, startTime: stat.startTime };
}

/** Whether this very process is still there, and not another under its number. */
export function isAlive(files: SystemFiles, process: ProcessId): boolean {
  return processOf(files, process.pid)?.startTime === process.startTime;
}

/** The root first. Empty when the root has ended. */
export function treeOf(files: SystemFiles, root: ProcessId): ProcessId[] {
  if (!isAlive(files, root)) return [];
  const found = new Map<number, ProcessId>([[root.pid, root]]);
  const childrenOf = childReader(files);
  for (const { pid } of found.values()) {
    for (const child of childrenOf(pid)) {
      if (found.has(child) || found.size >= maxProcesses) continue;
      const process = processOf(files, child);
      if (process !== null) found.set(child, process);
    }
  }
  return [...found.values()];
}

/** Kernels without the list of children leave the parents of all processes to be read, once for the whole tree. */
function childReader(files: SystemFiles): (pid: number) => readonly number[] {
  let byParent: Map<number, number[]> | null = null;
  return (pid) => {
    const lists = tryList(files, `/proc/${pid}/task`).map((task) =>
      tryText(files, `/proc/${pid}/task/${task}/children`),
    );
    if (lists.some((list) => list !== null)) return lists.flatMap((list) => parsePids(list ?? ''));
    byParent ??= allByParent(files);
    return byParent.get(pid) ?? [];
  };
}

function allByParent(files: SystemFiles): Map<number, number[]> {
  const byParent = new Map<number, number[]>();
  for (const pid of parsePids(tryList(files, '/proc').join(' '))) {
    const stat = parseStat(tryText(files, `/proc/${pid}/stat`) ?? '');
    if (stat === null) continue;
    const siblings = byParent.get(stat.parent);
    if (siblings === undefined) byParent.set(stat.parent, [pid]);
    else siblings.push(pid);
  }
  return byParent;
}
