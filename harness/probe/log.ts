/** What a server wrote into its log while it loaded, read at quiet points. One reader per server; the first to know its lines. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Probe, Sight } from '../types.ts';
import { codeOf } from './linux/files.ts';
import type { LogReader } from './log/lines.ts';
import { readLlamaCppLog } from './log/llama-cpp.ts';
import { readSglangLog } from './log/sglang.ts';
import { readVllmLog } from './log/vllm.ts';

const readers: readonly LogReader[] = [readVllmLog, readSglangLog, readLlamaCppLog];

/** Loading stands at the beginning, a restart anywhere, the last words at the end: so much is read of each. */
const edgeBytes = 8 * 1024 * 1024;

export function logProbe(logs: ReadonlyMap<string, string>): Probe {
  return {
    name: 'log',
    // Never under load.
    everyMs: Number.POSITIVE_INFINITY,
    read: async (target, moment): Promise<Sight | null> => {
      const file = logs.get(target);
      if (file === undefined || (moment !== 'idle' && moment !== 'after')) return null;
      try {
        return logSight(readEdges(file));
      } catch (error) {
        return { status: 'unavailable', why: `cannot read the log: ${codeOf(error)}` };
      }
    },
  };
}

export function logSight(text: string): Sight {
  const lines = text.split(/\r?\n/u);
  for (const reader of readers) {
    const figures = reader(lines);
    if (figures !== null) return { status: 'read', flags: [], ...figures };
  }
  return { status: 'unavailable', why: 'the log tells nothing of memory' };
}

function readEdges(file: string): string {
  // A pipe would be waited for.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(fd);
    const part = (from: number, length: number): string => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, from)).toString('utf8');
    };
    if (size <= 2 * edgeBytes) return part(0, size);
    return `${part(0, edgeBytes)}\n${part(size - edgeBytes, edgeBytes)}`;
  } finally {
    closeSync(fd);
  }
}
