import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MetricValues } from '../../types.ts';
import { parseExposition } from './exposition.ts';
import { metricFigures } from './metrics.ts';

const folder = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'probe', 'metrics');
const page = (name: string) => parseExposition(readFileSync(path.join(folder, `${name}.txt`), 'utf8'));
const figures = (name: string, named: readonly string[] = []) => metricFigures(page(name), named, true);

const known = (values: MetricValues) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

describe('the pages of servers', () => {
  it('vLLM: engines added up, their shares averaged, its cache from blocks of tokens', () => {
    const { server, values, histograms } = figures('vllm');
    expect(server).toBe('vllm');
    expect(known(values)).toEqual({
      kvCapacityTokens: (27_648 + 27_000) * 16,
      kvUsedRatio: 0.375,
      running: 7,
      waiting: 2,
      preemptions: 5,
      promptTokens: 53_000,
      generationTokens: 11_392,
    });
    expect(histograms.ttft).toEqual({
      le: [0.1, 0.25, 0.5, null],
      counts: [0, 102, 167, 178],
      sum: 48.5,
      count: 178,
    });
    expect(histograms.tpot?.count).toBe(11_214);
  });

  it('older vLLM: earlier names, and counters without _total', () => {
    const { values, histograms } = figures('vllm-old');
    expect(known(values)).toEqual({ kvUsedRatio: 0.3, waiting: 1, generationTokens: 87 });
    expect(histograms.tpot).toMatchObject({ counts: [90, 100] });
  });

  it('SGLang: ranks that share a model count once', () => {
    const { server, values } = figures('sglang');
    expect(server).toBe('sglang');
    expect(known(values)).toEqual({
      kvUsedRatio: 0.284,
      kvUsedTokens: 12_345,
      running: 3,
      waiting: 0,
      promptTokens: 5000,
      generationTokens: 20_000,
    });
  });

  it('llama.cpp: counters, and never its averages since the start', () => {
    const { server, values, histograms } = figures('llama-cpp');
    expect(server).toBe('llama.cpp');
    expect(known(values)).toEqual({
      kvPeakTokens: 3618,
      running: 1,
      waiting: 2,
      promptTokens: 168_507,
      generationTokens: 18_722,
      generationSeconds: 88.12,
    });
    expect(histograms).toEqual({ ttft: null, tpot: null });
  });

  it('TGI: tokens from the sums of its histograms', () => {
    const { server, values, histograms } = figures('tgi');
    expect(server).toBe('tgi');
    expect(known(values)).toEqual({
      running: 4,
      waiting: 2,
      promptTokens: 7001,
      generationTokens: 14_321,
    });
    expect(histograms.tpot).toMatchObject({ sum: 2.1, count: 150 });
  });

  it('of nobody we know: nothing but what was asked for by name', () => {
    const other = parseExposition(
      'my_gauge{a="1"} 2\nmy_gauge{a="2"} 3\nmy_count_total 9\nmy_count_created 1.7e9\nbad NaN\n',
    );
    const { server, values, named } = metricFigures(other, ['my_gauge', 'my_count', 'bad', 'absent'], true);
    expect(server).toBeNull();
    expect(known(values)).toEqual({});
    expect(named).toEqual({ my_gauge: 5, my_count: 9 });
  });
});

describe('figures', () => {
  it('under load come without histograms, which are long', () => {
    expect(metricFigures(page('vllm'), [], false).histograms).toEqual({ ttft: null, tpot: null });
  });

  it('leave out the moments at which counters began', () => {
    expect(figures('vllm', ['vllm:num_preemptions_created']).named).toEqual({});
  });

  it('are null, not zero, for what is not a number', () => {
    const text = 'vllm:kv_cache_usage_perc{engine="0"} NaN\nvllm:num_requests_waiting +Inf\n';
    const { values } = metricFigures(parseExposition(text), [], true);
    expect(known(values)).toEqual({});
  });

  it('take the size of the cache as the server says it where it does', () => {
    const text =
      'vllm:cache_config_info{block_size="16",kv_cache_size_tokens="1000000",num_gpu_blocks="500"} 1\n';
    expect(metricFigures(parseExposition(text), [], true).values.kvCapacityTokens).toBe(1_000_000);
    const unknown = 'vllm:cache_config_info{block_size="16",num_gpu_blocks="None"} 1\n';
    expect(metricFigures(parseExposition(unknown), [], true).values.kvCapacityTokens).toBeNull();
  });

  it('have no histogram when engines cut their buckets differently', () => {
    const text =
      'vllm:time_to_first_token_seconds_bucket{engine="0",le="1"} 1\nvllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf"} 2\n' +
      'vllm:time_to_first_token_seconds_bucket{engine="1",le="2"} 1\nvllm:time_to_first_token_seconds_bucket{engine="1",le="+Inf"} 2\n';
    expect(metricFigures(parseExposition(text), [], true).histograms.ttft).toBeNull();
    const same = text.replace('le="2"', 'le="1"');
    expect(metricFigures(parseExposition(same), [], true).histograms.ttft).toMatchObject({ counts: [2, 4] });
  });
});
