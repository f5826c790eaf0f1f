/** Every connection is an open file: more of them than the system allows would fail in the middle of the run. */
import { readFileSync } from 'node:fs';
import type { Target } from '../types.ts';

/** The program's own files, pipes and watchers, with room. */
const own = 64;

/** A line where the connections of all targets together may be more than the system allows; none where that is unknown. */
export function descriptorWarnings(targets: readonly Target[], limit: number | null = softLimit()): string[] {
  const wanted = targets.reduce((sum, { concurrency }) => sum + concurrency, 0);
  if (limit === null || wanted + own <= limit) return [];
  return [
    `the targets may need ${wanted} connections at once, and the system allows this process ${limit} open files: raise it with ulimit -n, or lower the concurrency`,
  ];
}

/** Linux alone tells a process its limit; Node.js raises it to the hard one at the start. */
function softLimit(): number | null {
  try {
    const found = /^Max open files\s+(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}
