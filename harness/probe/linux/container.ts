/** Where the control group of a container lies: by its id, or by its name, which only the container's own tool knows. */
import { runTool } from '../tool.ts';
import { tryList, tryText, type SystemFiles } from './files.ts';
import type { Found } from './listener.ts';
import { parseGroups } from './proc-text.ts';

const root = '/sys/fs/cgroup';
const tools = ['docker', 'podman', 'nerdctl'];

/** Folders are named after ids: `docker-<id>.scope`, `libpod-<id>.scope`, `cri-containerd-<id>.scope`, `<id>`. */
const maxDepth = 8;

/** The folder of the memory group. */
export async function containerGroup(files: SystemFiles, name: string): Promise<Found<string>> {
  const byId = /^[0-9a-f]{12,64}$/u.test(name) ? searchGroup(files, name) : null;
  if (byId !== null) return { found: byId };
  for (const tool of tools) {
    const answer = await runTool(tool, ['inspect', '--format', '{{.State.Pid}}', name]);
    const pid = Number(answer.out.trim());
    if (!answer.ok || !Number.isInteger(pid)) continue;
    if (pid === 0) return { why: `container ${name} is not running` };
    const folder = groupOf(files, pid);
    return folder === null
      ? { why: `the control group of container ${name} cannot be found` }
      : { found: folder };
  }
  return { why: `no container ${name} is known to ${tools.join(', ')}` };
}

/** The folder of the memory group of a process. */
export function groupOf(files: SystemFiles, pid: number): string | null {
  const { unified, memory } = parseGroups(tryText(files, `/proc/${pid}/cgroup`) ?? '');
  const candidates = [
    ...(unified === null ? [] : [`${root}${unified}`, `${root}/unified${unified}`]),
    ...(memory === null ? [] : [`${root}/memory${memory}`]),
  ];
  return candidates.find((folder) => tryText(files, `${folder}/memory.stat`) !== null) ?? null;
}

function searchGroup(files: SystemFiles, id: string): string | null {
  const search = (folder: string, depth: number): string | null => {
    for (const name of tryList(files, folder)) {
      // Between the groups lie the files of each; none of them has such an ending.
      if (name.includes('.') && !/\.(?:slice|scope|service)$/u.test(name)) continue;
      const below = `${folder}/${name}`;
      if (name.includes(id) && tryText(files, `${below}/memory.stat`) !== null) return below;
      const found = depth >= maxDepth ? null : search(below, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return search(root, 0);
}
