/**
 * Figures of a metrics page under names of our own. One row per server and figure; the first name that is on the page
 * wins, so names that changed stand one after another.
 */
import type { Histogram, MetricFigures, MetricValues } from '../../types.ts';
import type { Exposition, MetricSample } from './exposition.ts';

type Field = keyof MetricValues;

/** `sum`: amounts of several engines add up. `mean`: shares do not. */
type Join = 'sum' | 'mean';

interface Server {
  readonly name: string;
  readonly prefix: string;
  readonly values: Readonly<Partial<Record<Field, readonly string[]>>>;
  readonly ttft: readonly string[];
  readonly tpot: readonly string[];
}

const servers: readonly Server[] = [
  {
    name: 'vllm',
    prefix: 'vllm:',
    values: {
      kvUsedRatio: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
      running: ['vllm:num_requests_running'],
      waiting: ['vllm:num_requests_waiting'],
      preemptions: ['vllm:num_preemptions'],
      promptTokens: ['vllm:prompt_tokens'],
      cachedTokens: ['vllm:prompt_tokens_cached', 'vllm:prefix_cache_hits'],
      generationTokens: ['vllm:generation_tokens'],
    },
    ttft: ['vllm:time_to_first_token_seconds'],
    // The first counts a request once, the others every token: means agree, percentiles need not.
    tpot: [
      'vllm:request_time_per_output_token_seconds',
      'vllm:inter_token_latency_seconds',
      'vllm:time_per_output_token_seconds',
    ],
  },
  {
    name: 'sglang',
    prefix: 'sglang:',
    values: {
      kvUsedRatio: ['sglang:token_usage'],
      kvUsedTokens: ['sglang:num_used_tokens'],
      kvCapacityTokens: ['sglang:max_total_num_tokens'],
      running: ['sglang:num_running_reqs'],
      waiting: ['sglang:num_queue_reqs'],
      promptTokens: ['sglang:prompt_tokens'],
      cachedTokens: ['sglang:cached_tokens'],
      generationTokens: ['sglang:generation_tokens'],
    },
    ttft: ['sglang:time_to_first_token_seconds'],
    tpot: ['sglang:time_per_output_token_seconds', 'sglang:inter_token_latency_seconds'],
  },
  {
    name: 'llama.cpp',
    prefix: 'llamacpp:',
    values: {
      kvUsedRatio: ['llamacpp:kv_cache_usage_ratio'],
      kvUsedTokens: ['llamacpp:kv_cache_tokens'],
      kvPeakTokens: ['llamacpp:n_tokens_max'],
      running: ['llamacpp:requests_processing'],
      waiting: ['llamacpp:requests_deferred'],
      promptTokens: ['llamacpp:prompt_tokens'],
      generationTokens: ['llamacpp:tokens_predicted'],
      generationSeconds: ['llamacpp:tokens_predicted_seconds'],
    },
    ttft: [],
    tpot: [],
  },
  {
    name: 'tgi',
    prefix: 'tgi_',
    values: {
      running: ['tgi_batch_current_size'],
      waiting: ['tgi_queue_size'],
      // Sums of what it keeps as histograms.
      promptTokens: ['tgi_request_input_length_sum'],
      generationTokens: ['tgi_request_generated_tokens_sum'],
    },
    ttft: [],
    tpot: ['tgi_request_mean_time_per_token_duration'],
  },
];

const joins: Readonly<Record<Field, Join>> = {
  kvCapacityTokens: 'sum',
  kvUsedRatio: 'mean',
  kvUsedTokens: 'sum',
  kvPeakTokens: 'sum',
  running: 'sum',
  waiting: 'sum',
  preemptions: 'sum',
  promptTokens: 'sum',
  cachedTokens: 'sum',
  generationTokens: 'sum',
  generationSeconds: 'sum',
};
const fields = Object.keys(joins) as readonly Field[];

/** Parts of one engine that all report the same: of them one counts. */
const replicas = new Set(['tp_rank', 'pp_rank', 'moe_ep_rank', 'ep_rank', 'pid']);

/** The page as figures. `isQuiet`: with histograms, which are long. */
export function metricFigures(page: Exposition, named: readonly string[], isQuiet: boolean): MetricFigures {
  const byName = groupByName(page.samples);
  const server = servers.find(({ prefix }) => page.samples.some(({ name }) => name.startsWith(prefix)));
  const values = fields.map((field) => {
    const names = server?.values[field] ?? [];
    const found = names.map((name) => samplesOf(byName, name)).find((list) => list.length > 0);
    return [field, found === undefined ? null : join(found, joins[field])] as const;
  });
  const known = Object.fromEntries(values) as Record<Field, number | null>;
  const pick = (names: readonly string[]): Histogram | null =>
    names.map((name) => histogramOf(byName, name)).find((one) => one !== null) ?? null;
  return {
    basis: 'metrics',
    bytes: null,
    server: server?.name ?? null,
    values: { ...known, kvCapacityTokens: known.kvCapacityTokens ?? blockCapacity(byName) },
    histograms: {
      ttft: isQuiet && server !== undefined ? pick(server.ttft) : null,
      tpot: isQuiet && server !== undefined ? pick(server.tpot) : null,
    },
    named: Object.fromEntries(
      named.flatMap((name) => {
        const found = samplesOf(byName, name);
        const value = found.length === 0 ? null : join(found, 'sum');
        return value === null ? [] : [[name, value] as const];
      }),
    ),
  };
}

type ByName = ReadonlyMap<string, readonly MetricSample[]>;

function groupByName(samples: readonly MetricSample[]): ByName {
  const groups = new Map<string, MetricSample[]>();
  for (const sample of samples) {
    // Moments at which counters began: no figures.
    if (sample.name.endsWith('_created')) continue;
    const group = groups.get(sample.name);
    if (group === undefined) groups.set(sample.name, [sample]);
    else group.push(sample);
  }
  return groups;
}

/** With `_total` or without: client libraries add it, some servers do not. */
function samplesOf(byName: ByName, name: string): readonly MetricSample[] {
  const other = name.endsWith('_total') ? name.slice(0, -'_total'.length) : `${name}_total`;
  return byName.get(name) ?? byName.get(other) ?? [];
}

/** One number from several engines; null when none of them is finite. */
function join(samples: readonly MetricSample[], how: Join): number | null {
  const engines = new Map<string, number>();
  for (const { labels, value } of samples) {
    if (!Number.isFinite(value)) continue;
    const engine = engineOf(labels);
    engines.set(engine, Math.max(engines.get(engine) ?? Number.NEGATIVE_INFINITY, value));
  }
  if (engines.size === 0) return null;
  const total = [...engines.values()].reduce((a, b) => a + b, 0);
  return how === 'sum' ? total : total / engines.size;
}

/** The labels that tell series apart, without those of replicas. */
function engineOf(labels: ReadonlyMap<string, string>): string {
  return JSON.stringify(
    [...labels].filter(([name]) => !replicas.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** vLLM writes its cache into labels: blocks of so many tokens, per engine. */
function blockCapacity(byName: ByName): number | null {
  const engines = new Map<string, number>();
  for (const { labels } of byName.get('vllm:cache_config_info') ?? []) {
    const blocks = Number(labels.get('num_gpu_blocks')) * Number(labels.get('block_size'));
    // Newer ones say it outright; models of several kinds of layers have other tokens than blocks times their size.
    const said = Number(labels.get('kv_cache_size_tokens'));
    const tokens = said > 0 ? said : blocks;
    if (Number.isFinite(tokens) && tokens > 0) engines.set(labels.get('engine') ?? '', tokens);
  }
  return engines.size === 0 ? null : [...engines.values()].reduce((a, b) => a + b, 0);
}

/** Counts of all engines, bucket by bucket; null unless the bounds agree. */
function histogramOf(byName: ByName, name: string): Histogram | null {
  const buckets = byName.get(`${name}_bucket`) ?? [];
  const engines = new Map<string, Map<number, number>>();
  for (const { labels, value } of buckets) {
    const bound = boundOf(labels.get('le') ?? '');
    if (bound === null || !Number.isFinite(value)) return null;
    const rest = new Map(labels);
    rest.delete('le');
    const engine = engineOf(rest);
    const counts = engines.get(engine) ?? new Map<number, number>();
    engines.set(engine, counts);
    counts.set(bound, Math.max(counts.get(bound) ?? 0, value));
  }
  const all = [...engines.values()];
  const bounds = [...(all[0]?.keys() ?? [])].toSorted((a, b) => a - b);
  const isSame = all.every((counts) => counts.size === bounds.length && bounds.every((le) => counts.has(le)));
  if (bounds.length === 0 || !isSame) return null;
  const total = (suffix: string): number | null => {
    const found = byName.get(`${name}${suffix}`) ?? [];
    return found.length === 0 ? null : join(found, 'sum');
  };
  return {
    le: bounds.map((le) => (Number.isFinite(le) ? le : null)),
    counts: bounds.map((le) => all.reduce((sum, counts) => sum + (counts.get(le) ?? 0), 0)),
    sum: total('_sum'),
    count: total('_count'),
  };
}

function boundOf(word: string): number | null {
  if (/^\+?inf(?:inity)?$/iu.test(word)) return Number.POSITIVE_INFINITY;
  const bound = Number(word);
  return word.trim() === '' || Number.isNaN(bound) ? null : bound;
}
