/** Memory in a whole run: a program of its own, a server with a metrics page, a targets file that says how to look. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChatServer, type ChatServer } from '../../fixtures/servers/chat-server.ts';
import { sealLine } from '../record/line.ts';
import { readLines } from '../record/read-lines.ts';
import type { Reading, Summary } from '../types.ts';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, 'dist', 'main.js');
const fixtures = path.join(root, 'fixtures', 'probe');

let folder = '';
let server: ChatServer | null = null;
let pages: Server | null = null;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-memory-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  pages?.close();
  pages = null;
  rmSync(folder, { recursive: true, force: true });
});

function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** A page that counts three tokens for every question that came, times `factor`. */
async function startPages(factor: number): Promise<string> {
  const started = createServer((_request, response) => {
    const asked = server?.asked.length ?? 0;
    response.end(
      [
        'vllm:cache_config_info{block_size="16",num_gpu_blocks="100",engine="0"} 1',
        `vllm:kv_cache_usage_perc{engine="0"} ${asked > 0 ? 0.25 : 0}`,
        `vllm:generation_tokens_total{engine="0"} ${500 + 3 * asked * factor}`,
        `vllm:num_requests_waiting{engine="0"} 2`,
        'swapped_tokens 7',
      ].join('\n'),
    );
  });
  pages = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/metrics`;
}

function targetsFile(memory: string): string {
  const file = path.join(folder, 'targets.yaml');
  writeFileSync(
    file,
    `targets:
  - id: โมเดล
    baseUrl: ${server?.baseUrl ?? ''}
    model: m
    kvBytesPerToken: 1024
    logFile: ${path.join(fixtures, 'logs', 'llama-cpp.log')}
    memory: [${memory}]
`,
  );
  return file;
}

const runFolder = (): string =>
  path.join(folder, readdirSync(folder).find((name) => name.startsWith('2')) ?? '');
const summary = (): Summary =>
  JSON.parse(readFileSync(path.join(runFolder(), 'summary.json'), 'utf8')) as Summary;
function readings(): Reading[] {
  const found: Reading[] = [];
  readLines(path.join(runFolder(), 'readings.jsonl'), (record) => found.push(record as unknown as Reading));
  return found;
}

const suite = path.join('fixtures', 'e2e', 'sums.yaml');
const evaluate = (file: string, env: Record<string, string> = {}) =>
  run(['eval', suite, '-c', file, '-o', folder, '-j', '4', '--no-preflight'], env);

describe.runIf(process.platform === 'linux')('a run that looks at memory', () => {
  it('has figures of the process on a port, of its metrics page and its log, each under its basis', async () => {
    server = await startChatServer(() => ({ text: '5', delayMs: 200 }));
    const url = await startPages(1);
    const file = targetsFile(
      `{ probe: process }, { probe: prometheus, url: "${url}", metrics: [swapped_tokens] }`,
    );
    const { code, out, err } = await evaluate(file);
    expect(err).not.toMatch(/error/u);
    expect(code).toBe(0);
    const [row] = summary().memory;
    // The server is this very process, and what descends from it: visavis among them.
    expect(row?.host.afterLoad?.bytes).toBeGreaterThan(10e6);
    expect(row?.host.idle?.basis).toBe(row?.host.afterLoad?.basis);
    expect(row?.host.processes).toBeGreaterThanOrEqual(2);
    expect(row?.kv).toMatchObject({
      capacityTokens: 1600,
      capacityBasis: 'metrics',
      capacityBytesFrom: 'log',
      peakUsedRatio: 0.25,
    });
    expect(row?.weights?.basis).toBe('log');
    const moments = new Set(readings().map(({ moment }) => moment));
    expect(moments).toEqual(new Set(['idle', 'loaded', 'after']));
    expect(summary().servers).toMatchObject([
      {
        target: 'โมเดล',
        server: 'vllm',
        generationTokens: 90,
        usageTokens: 90,
        mismatch: 0,
        peakWaiting: 2,
        flags: [],
        named: [{ name: 'swapped_tokens', first: 7, last: 7, peak: 7 }],
      },
    ]);
    expect(out).toMatch(/memory MiB, [RP]SS after +(?:<= )?\d+/u);
    const page = readFileSync(path.join(runFolder(), 'report.html'), 'utf8');
    expect(page).toContain('Weights and key-value cache');
    const markdown = readFileSync(path.join(runFolder(), 'summary.md'), 'utf8');
    expect(markdown).toMatch(/\| Target \| .*Cache, tokens \(metrics\)/u);
  });

  it('remarks that the server counted other tokens than the answers it gave', async () => {
    server = await startChatServer(() => ({ text: '5' }));
    const file = targetsFile(`{ probe: prometheus, url: "${await startPages(2)}" }`);
    const { code } = await evaluate(file);
    expect(code).toBe(0);
    expect(summary().servers[0]).toMatchObject({ generationTokens: 180, usageTokens: 90, mismatch: -0.5 });
    expect(summary().notes.map(({ code: note }) => note)).toContain('counter-mismatch');
  });

  it('goes on without what cannot be measured, and says why', async () => {
    server = await startChatServer(() => ({ text: '5' }));
    const file = targetsFile('{ probe: process, port: 1 }, { probe: nvidia-smi }, { probe: ollama }');
    const { code } = await evaluate(file);
    expect(code).toBe(0);
    const [row] = summary().memory;
    expect(row?.host).toMatchObject({ afterLoad: null, why: 'nothing listens on port 1 of this machine' });
    expect(row?.gpu.why).toBeTruthy();
    expect(row?.estimate.why).toMatch(/HTTP 404/u);
    const page = readFileSync(path.join(runFolder(), 'report.html'), 'utf8');
    expect(page).toContain('nothing listens on port 1 of this machine');
  });

  it('is scored again with the same figures, and reads what an older version wrote', async () => {
    const args = ['eval', 'suites/arithmetic.yaml', '--languages', 'th', '--limit', '2', '-o', folder];
    expect((await run(args)).code).toBe(0);
    const first = readFileSync(path.join(runFolder(), 'summary.json'), 'utf8');
    expect((await run(['score', runFolder()])).code).toBe(0);
    expect(readFileSync(path.join(runFolder(), 'summary.json'), 'utf8')).toBe(first);

    const old = (moment: string, basis: string, bytes: number, at: number) =>
      sealLine({
        v: 1,
        kind: 'reading',
        status: 'read',
        target: 'alpha',
        probe: 'process',
        basis,
        moment,
        bytes,
        peakRssBytes: 90_000_000,
        at,
      });
    const gone = {
      v: 1,
      kind: 'reading',
      status: 'unavailable',
      target: 'beta',
      probe: 'process',
      why: 'ended',
      at: 5,
    };
    const file = path.join(runFolder(), 'readings.jsonl');
    const lines = [
      old('idle', 'pss', 16_000_000, 1),
      old('loaded', 'rss', 60_000_000, 2),
      old('after', 'pss', 33_000_000, 3),
    ];
    writeFileSync(file, Buffer.concat([...lines, sealLine(gone)]));
    const { code, out } = await run(['score', runFolder()]);
    expect(code).toBe(0);
    expect(out).toMatch(/memory MiB, PSS after +31 +n\/a/u);
    expect(summary().memory).toMatchObject([
      {
        target: 'alpha',
        host: {
          idle: { bytes: 16_000_000, basis: 'pss' },
          afterLoad: { bytes: 33_000_000, basis: 'pss' },
          peakUpper: { bytes: 90_000_000, basis: 'rss' },
        },
      },
      { target: 'beta', host: { afterLoad: null, why: 'ended' } },
    ]);

    writeFileSync(file, sealLine({ v: 3, kind: 'reading' }));
    const newer = await run(['score', runFolder()]);
    expect(newer.code).toBe(3);
    expect(newer.err).toMatch(/written by a newer visavis/u);
  });
});
