/** The lines in which SGLang says what it loaded and how large its cache is. */
import { gibibyte, plainNumber, sinceLast, total, type LogReader } from './lines.ts';

const begins = [/server_args=ServerArgs\(/u];

export const readSglangLog: LogReader = (all) => {
  const lines = sinceLast(all, begins);
  const weights: number[] = [];
  const kvBytes: number[] = [];
  let tokens: number | null = null;
  for (const line of lines) {
    // Once per rank and per model: a small one that drafts for a large one is loaded too. What it frees is no weight.
    const [, loaded] = /Load weight end\..*mem usage=(-?[\d.]+) GB/u.exec(line) ?? [];
    if (loaded !== undefined && Number(loaded) > 0) weights.push(Number(loaded) * gibibyte);
    if (!line.includes('KV Cache is allocated')) continue;
    const [, count] = /#tokens: ([\d,]+)/u.exec(line) ?? [];
    if (count !== undefined) tokens = Math.max(tokens ?? 0, plainNumber(count));
    for (const [, size] of line.matchAll(/(?:K|V|KV) size: ([\d.]+) GB/gu))
      kvBytes.push(Number(size) * gibibyte);
  }
  if (weights.length === 0 && tokens === null) return null;
  return {
    basis: 'log',
    bytes: total(weights),
    kvCapacityTokens: tokens,
    kvBytes: total(kvBytes),
    computeBytes: null,
    server: 'sglang',
  };
};
