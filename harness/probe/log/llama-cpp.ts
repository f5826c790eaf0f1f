/**
 * The lines in which llama.cpp says what its buffers take, and the table it prints at its end. Their first words name
 * functions and change with every rewrite: only the words that say what a figure is are looked for.
 */
import type { LogFigures } from '../../types.ts';
import { mebibyte, sinceLast, total, type LogReader } from './lines.ts';

/** Loading is said once per model, and a server may load a small one beside the large. */
const begins = [/\bbuild(?:_info)?: (?:b?\d+[ -])/u, /loading model '/u];

const bufferPattern = /(\S+) +(model|KV|RS|compute) buffer size (?:=|of) +([\d.]+) MiB/u;
/** RS: what models without attention keep of a sequence. */
const kinds = { model: 'model', KV: 'kv', RS: 'kv', compute: 'compute' } as const;

export const readLlamaCppLog: LogReader = (all) => {
  const lines = sinceLast(all, begins);
  const table = lines.findLastIndex((line) => /memory breakdown \[MiB\]/u.test(line));
  const rest = lines.slice(table);
  // Before it loads, it may print such a table of what it expects.
  const isFinal =
    table !== -1 && !rest.some((line) => bufferPattern.test(line) && !/does not match/u.test(line));
  return (isFinal ? readTable(rest) : null) ?? readBuffers(lines);
};

function readBuffers(lines: readonly string[]): LogFigures | null {
  const found = { model: [] as number[], kv: [] as number[], compute: new Map<string, number>() };
  for (const line of lines) {
    const [, device = '', kind, size] = bufferPattern.exec(line) ?? [];
    if (kind === undefined || size === undefined) continue;
    const bytes = Number(size) * mebibyte;
    const name = kinds[kind as keyof typeof kinds];
    // Scratch space is reserved again when a larger batch comes: the last word counts.
    if (name === 'compute') found.compute.set(device, bytes);
    else found[name].push(bytes);
  }
  if (found.model.length === 0 && found.kv.length === 0) return null;
  return {
    basis: 'log',
    bytes: total(found.model),
    kvCapacityTokens: null,
    kvBytes: total(found.kv),
    computeBytes: total([...found.compute.values()]),
    server: 'llama.cpp',
  };
}

/** `| - CUDA0 (RTX) | 24080 = 9436 + (14193 = 13169 + 38 + 985) + 451 |`: of devices the bracket, of the host all of it. */
function readTable(lines: readonly string[]): LogFigures | null {
  const model: number[] = [];
  const context: number[] = [];
  const compute: number[] = [];
  for (const line of lines.slice(1)) {
    const [, , cells] = /\|\s+- ([^|]+?)\s*\|([^|]+)\|/u.exec(line) ?? [];
    if (cells === undefined) break;
    const [, ...parts] =
      /(?:\(|^)\s*\d+ =\s+(\d+) \+\s+(\d+) \+\s+(\d+)\s*(?:\)|$)/u.exec(cells.trim()) ?? [];
    const [weights, cache, scratch] = parts.map((word) => Number(word) * mebibyte);
    if (weights === undefined || cache === undefined || scratch === undefined) continue;
    model.push(weights);
    context.push(cache);
    compute.push(scratch);
  }
  if (model.length === 0) return null;
  return {
    basis: 'log',
    bytes: total(model),
    kvCapacityTokens: null,
    kvBytes: total(context),
    computeBytes: total(compute),
    server: 'llama.cpp',
  };
}
