/** Whose server it is: from a port to the process that listens on it. */
import { tryLink, tryList, tryText, type SystemFiles } from './files.ts';
import { parseListeners, parsePids, parseStat } from './proc-text.ts';
import { processOf, type ProcessId } from './tree.ts';

export type Found<T> = { readonly found: T } | { readonly why: string };

/** They hold a port for a server elsewhere: their memory is not the server's. */
const forwarders = new Set([
  'docker-proxy',
  'rootlessport',
  'ssh',
  'sshd',
  'kubectl',
  'socat',
  'slirp4netns',
]);

/** They start the process that listens, and other parts of the server beside it. */
const launchers = new Set(['text-generation-launcher']);

/** The process to whose tree a server on this port belongs. */
export function listenerOf(files: SystemFiles, port: number): Found<ProcessId> {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => parseListeners(tryText(files, file) ?? '', port)),
  );
  if (inodes.size === 0) return { why: `nothing listens on port ${port} of this machine` };
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const holders = parsePids(tryList(files, '/proc').join(' ')).filter((pid) => {
    const folder = `/proc/${pid}/fd`;
    return tryList(files, folder).some((fd) => sockets.has(tryLink(files, `${folder}/${fd}`) ?? ''));
  });
  const top = topmost(files, holders);
  if (top === null)
    return { why: `port ${port} is open, and the process behind it is hidden from this user` };
  const name = nameOf(files, top);
  if (forwarders.has(name))
    return {
      why: `port ${port} is held by ${name}, which passes it on: name the container or the process of the server`,
    };
  const process = processOf(files, launcherAbove(files, top) ?? top);
  return process === null ? { why: `the process on port ${port} has ended` } : { found: process };
}

/** A socket is inherited by children: of those who hold it, the one whose parent does not. */
function topmost(files: SystemFiles, holders: readonly number[]): number | null {
  const all = new Set(holders);
  return holders.find((pid) => !all.has(parentOf(files, pid) ?? 0)) ?? null;
}

function launcherAbove(files: SystemFiles, pid: number): number | null {
  const parent = parentOf(files, pid);
  return parent !== null && launchers.has(nameOf(files, parent)) ? parent : null;
}

function parentOf(files: SystemFiles, pid: number): number | null {
  return parseStat(tryText(files, `/proc/${pid}/stat`) ?? '')?.parent ?? null;
}

/** The file name of the program: `comm` is cut at 15 letters. */
function nameOf(files: SystemFiles, pid: number): string {
  const [program = ''] = (tryText(files, `/proc/${pid}/cmdline`) ?? '').split('\0');
  // Long-running daemons write a sentence in place of their arguments: `sshd: user [priv]`.
  return program.split(/[\s:]/u)[0]?.split('/').at(-1) ?? '';
}
