/** The lines in which vLLM says what it loaded and what is left for its cache. */
import { gibibyte, plainNumber, sinceLast, total, type LogReader } from './lines.ts';

/** The engine says so too, but each of several engines for itself. */
const begins = [/vLLM API server version/u, /Initializing (?:a V\d |an? )?LLM engine/u];
/** Each writes its own: `(EngineCore_DP0 pid=12)`, `(Worker_TP0 pid=12)`, `(VllmWorker rank=1 pid=12)`. */
const writerPattern = /\((?:EngineCore|VllmWorker|Worker)[^)]*\)/gu;

export const readVllmLog: LogReader = (all) => {
  const lines = sinceLast(all, begins);
  const weights = new Map<string, number>();
  const kvBytes = new Map<string, number>();
  const tokens = new Map<string, number>();
  for (const line of lines) {
    const worker = (line.match(writerPattern) ?? []).join('');
    const [, loaded] = /(?:Model loading|Loading model weights) took ([\d.]+) Gi?B/u.exec(line) ?? [];
    if (loaded !== undefined) weights.set(worker, Number(loaded) * gibibyte);
    const [, cache] = /Available KV cache memory: ([\d.]+) GiB/u.exec(line) ?? [];
    if (cache !== undefined) kvBytes.set(worker, Number(cache) * gibibyte);
    const [, size] = /GPU KV cache size: ([\d,]+) tokens/u.exec(line) ?? [];
    if (size === undefined) continue;
    // Workers of one engine hold the same tokens, each a part of every one; engines hold their own.
    const engine = /DP\d+/u.exec(worker)?.[0] ?? '';
    tokens.set(engine, Math.min(tokens.get(engine) ?? Number.POSITIVE_INFINITY, plainNumber(size)));
  }
  if (weights.size === 0 && tokens.size === 0) return null;
  return {
    basis: 'log',
    bytes: total([...weights.values()]),
    kvCapacityTokens: total([...tokens.values()]),
    kvBytes: total([...kvBytes.values()]),
    computeBytes: null,
    server: 'vllm',
  };
};
