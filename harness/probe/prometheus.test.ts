import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { prometheusProbe } from './prometheus.ts';
import { usualAccess } from './server/get-page.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'probe', 'metrics');
const page = (name: string) => readFileSync(path.join(folder, `${name}.txt`), 'utf8');

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

/** Serves texts by path; counts what was asked for. */
async function serve(pages: Readonly<Record<string, string>>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const started = createServer((request, response) => {
    asked.push(request.url ?? '');
    const text = pages[request.url ?? ''];
    if (text === undefined) response.writeHead(404).end();
    else response.end(text);
  });
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, asked };
}

const probeOf = (url: string, named: readonly string[] = []) =>
  prometheusProbe(new Map([['t', { url: `${url}/metrics`, named, access: usualAccess }]]));

describe('the metrics probe', () => {
  it('has histograms at quiet points, and named metrics always', async () => {
    const { url } = await serve({ '/metrics': page('vllm') });
    const probe = probeOf(url, ['vllm:request_success']);
    expect(await probe.read('t', 'idle')).toMatchObject({
      status: 'read',
      basis: 'metrics',
      bytes: null,
      server: 'vllm',
      histograms: { ttft: { count: 178 } },
      named: { 'vllm:request_success': 178 },
    });
    expect(await probe.read('t', 'loaded')).toMatchObject({
      histograms: { ttft: null },
      named: { 'vllm:request_success': 178 },
    });
  });

  it.each([
    ['sglang', '/get_server_info', { max_total_num_tokens: 442_061 }, 442_061],
    ['sglang', '/server_info', { max_total_num_tokens: 442_061 }, 442_061],
    ['llama-cpp', '/props', { total_slots: 4, default_generation_settings: { n_ctx: 8192 } }, 32_768],
  ])('asks %s for the size of its cache at %s, once', async (name, where, body, tokens) => {
    const { url, asked } = await serve({ '/metrics': page(name), [where]: JSON.stringify(body) });
    const probe = probeOf(url);
    for (const moment of ['idle', 'loaded', 'after'] as const)
      expect(await probe.read('t', moment)).toMatchObject({ values: { kvCapacityTokens: tokens } });
    expect(asked.filter((one) => one === where)).toHaveLength(1);
  });

  it.each([
    [{ total_slots: 'four', default_generation_settings: { n_ctx: 8192 } }],
    [{ total_slots: 4 }],
    [{ total_slots: -4, default_generation_settings: { n_ctx: 8192 } }],
  ])('knows no size when the page says %j', async (props) => {
    const { url } = await serve({ '/metrics': page('llama-cpp'), '/props': JSON.stringify(props) });
    expect(await probeOf(url).read('t', 'idle')).toMatchObject({ values: { kvCapacityTokens: null } });
  });

  it('says why there is nothing', async () => {
    const { url } = await serve({ '/metrics': '<html>not found</html>' });
    expect(await probeOf(url).read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: `${url}/metrics: no metrics on this page`,
    });
    expect(await probeOf(`${url}/nowhere`).read('t', 'idle')).toEqual({
      status: 'unavailable',
      why: `${url}/nowhere/metrics: HTTP 404`,
    });
  });

  it('has nothing to say before there is a server, or of a target without a page', async () => {
    const probe = probeOf('http://127.0.0.1:1');
    expect(await probe.read('t', 'before-start')).toBeNull();
    expect(await probe.read('other', 'idle')).toBeNull();
  });
});
