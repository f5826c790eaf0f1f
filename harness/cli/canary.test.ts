/**
 * A key that must not be found again: the server repeats it wherever it can, and every file and every word that comes of
 * a run is searched for it, in whole, in part and encoded.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { places, startCanaryServer, type CanaryServer } from '../../fixtures/security/canary-server.ts';
import { freePort } from '../../fixtures/test/free-port.ts';
import { runProgram, type Ran, type Start } from '../../fixtures/test/start-program.ts';
import { readLines } from '../record/read-lines.ts';
import type { Sample } from '../types.ts';
import { Secret } from './secrets.ts';

const root = path.join(import.meta.dirname, '..', '..');
const suite = path.join(root, 'fixtures', 'e2e', 'sums.yaml');
/** Made of what URLs, JSON and base64 spell otherwise. */
const key = 'kQ7"/vN+3xT=pL9\\mR2&wZ5%cY8~bH4';
const open: CanaryServer[] = [];
let place = '';
let said = '';
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-canary-'));
  said = '';
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  rmSync(place, { recursive: true, force: true });
});

async function serve(): Promise<CanaryServer> {
  const server = await startCanaryServer(key);
  open.push(server);
  return server;
}

/** Runs a command and keeps what it says. */
async function run(words: readonly string[], start: Start = {}): Promise<Ran> {
  const ran = await runProgram(words, start);
  said += ran.out + ran.err;
  return ran;
}

/** Every 12 characters in a row of the key, in each of its spellings; written apart from the program's own. */
function traces(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const bytes = Buffer.from(secret);
  // Whatever stands before it, a part of the letters depends on nothing but the key.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift + 2, -4),
  );
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    url,
    url.replaceAll(/%../gu, (code) => code.toLowerCase()),
    json,
    JSON.stringify(json).slice(1, -1),
    ...base64,
  ];
  return forms
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
    .flatMap((form) =>
      Array.from({ length: Math.max(0, form.length - 11) }, (_, at) => form.slice(at, at + 12)),
    );
}

/** Names and contents of all files under a folder. */
function everything(folder: string, skipped: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !skipped.includes(file)) found.set(file, readFileSync(file, 'latin1'));
  }
  return found;
}

function expectNoTrace(skipped: readonly string[] = []): Map<string, string> {
  const files = everything(place, skipped);
  const wanted = traces(key);
  const hits = [
    ...files,
    ['standard streams', said] as const,
    ['names of files', [...files.keys()].join('\n')] as const,
  ].flatMap(([name, text]) =>
    wanted.filter((trace) => text.includes(trace)).map((trace) => `${name}: ${trace}`),
  );
  expect(hits).toEqual([]);
  return files;
}

const targetsFile = (fields: object): string => {
  const file = path.join(place, 'targets.yaml');
  writeFileSync(
    file,
    JSON.stringify({ targets: [{ id: 'a', model: 'm', concurrency: 2, retry: { attempts: 1 }, ...fields }] }),
  );
  return file;
};

describe('a key that the server repeats everywhere', () => {
  it('from a variable: is in no file and no word of a run, of its resume, of a second scoring', async () => {
    const server = await serve();
    const reports = path.join(place, 'reports');
    const file = targetsFile({
      baseUrl: server.baseUrl,
      apiKeyEnv: 'CANARY',
      memory: [{ probe: 'prometheus', url: `${new URL(server.baseUrl).origin}/metrics` }],
    });
    const env = { CANARY: key };
    await run(['eval', suite, '-c', file, '-o', reports, '--no-preflight'], { env });
    // What failed is asked again, behind a look at the server's pages.
    await run(['eval', '--resume', '-c', file, '-o', reports, '--retry-errors'], { env });
    await run(['report', 'latest', '-o', reports]);
    expect(server.used.size).toBe(places.length);
    expect(server.keyless()).toBe(0);
    const files = expectNoTrace();
    expect([...files.keys()].map((name) => path.basename(name))).toEqual(
      expect.arrayContaining([
        'samples.jsonl',
        'readings.jsonl',
        'manifest.json',
        'report.html',
        'rows.csv',
        'junit.xml',
        'summary.md',
        'summary.json',
      ]),
    );
    // It was there to be cut out.
    const samples: Sample[] = [];
    const name = [...files.keys()].find((one) => one.endsWith('samples.jsonl')) ?? '';
    readLines(name, (record) => samples.push(record as unknown as Sample));
    const redacted = samples.filter(({ flags }) => flags.includes('redacted'));
    expect(redacted.length).toBeGreaterThan(places.length / 2);
    expect(redacted.every((sample) => JSON.stringify(sample).includes('[secret]'))).toBe(true);
  });

  it('from a file: is in no word of a probe, and in no file of a speed phase', async () => {
    const server = await serve();
    const keyFile = path.join(place, 'a.key');
    writeFileSync(keyFile, `${key}\n`);
    const file = targetsFile({ baseUrl: server.baseUrl, apiKeyFile: './a.key' });
    await run(['probe', 'a', '-c', file]);
    await run(['probe', 'a', '-c', file, '--json']);
    const speed = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(
      file,
      JSON.stringify({ ...speed, speed: { concurrency: [1], repeats: 1, prompts: 2, max_tokens: 4 } }),
    );
    await run([
      'eval',
      suite,
      '-c',
      file,
      '-o',
      path.join(place, 'reports'),
      '--limit',
      '1',
      '--languages',
      'en,th',
      '--speed',
      '--no-preflight',
      '--json',
    ]);
    expect(said).toContain('[secret]');
    expectNoTrace([keyFile]);
  });

  it('given to a server that is started here: is not in its log, whole or in pieces', async () => {
    const port = await freePort();
    const file = targetsFile({
      baseUrl: `http://127.0.0.1:${port}/v1`,
      apiKeyEnv: 'CANARY',
      launch: {
        command: [
          process.execPath,
          path.join(root, 'fixtures', 'servers', 'slow-server.mjs'),
          JSON.stringify({ port, sayKeys: true }),
        ],
        ready: `http://127.0.0.1:${port}/health`,
        timeoutMs: 60_000,
        env: ['HF_TOKEN'],
      },
    });
    const env = { CANARY: key, HF_TOKEN: 'hf-canary-of-the-hub-0123456789' };
    const { code } = await run(
      [
        'eval',
        suite,
        '-c',
        file,
        '-o',
        path.join(place, 'reports'),
        '--limit',
        '1',
        '--languages',
        'en',
        '--no-preflight',
      ],
      { env },
    );
    expect(code).toBe(0);
    const files = expectNoTrace();
    const log = [...files].find(([name]) => name.endsWith('a.log'))?.[1] ?? '';
    expect(log).toContain('secret seen: [secret]');
    expect(log).toContain('asked with Bearer [secret]');
    expect(said + log).not.toContain('hf-canary');
  });
});

describe('a key that stands where it must not', () => {
  it.each([
    ['in the params of a target', { params: { user: key } }],
    ['in the command of a server', { launch: { command: ['serve', key], ready: 'http://127.0.0.1:9/' } }],
  ])('%s ends with 3 before anything is written', async (_, more) => {
    const file = targetsFile({ baseUrl: 'http://127.0.0.1:9/v1', apiKeyEnv: 'CANARY', ...more });
    const { code, err } = await run(['eval', suite, '-c', file, '-o', path.join(place, 'reports')], {
      env: { CANARY: key },
    });
    expect(code).toBe(3);
    expect(err).toMatch(/target a: its params or its command hold a key/u);
    expectNoTrace([file]);
    expect(readdirSync(place)).not.toContain('reports');
  });
});

it('a key in memory shows as what it is, not as itself', () => {
  const secret = new Secret(key);
  expect(
    [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 5 }),
      inspect([secret], { showHidden: true }),
    ].join(),
  ).not.toContain('kQ7');
  expect(JSON.stringify(secret)).toBe('"[secret]"');
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.reveal()).toBe(key);
});
