/** A run folder that says whom to ask: what a person's keys, commands and addresses need is the person's own word. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTarget } from '../../fixtures/test/made-up.ts';
import { runProgram, type Ran } from '../../fixtures/test/start-program.ts';
import type { Target } from '../types.ts';
import { readKeys } from './credentials.ts';
import { namedInFolder, namedToday, resumeCommand } from './naming.ts';

const root = path.join(import.meta.dirname, '..', '..');
const format1 = path.join(root, 'fixtures', 'record', 'format-1');
const key = 'sk-canary-key-0123456789';
const env = { OPENAI_API_KEY: key, STRONG_API_KEY: key };
let place = '';
let folder = '';
let server: Server;
let url = '';
let heard: IncomingHttpHeaders[] = [];
let paths: (string | undefined)[] = [];

beforeEach(async () => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-naming-'));
  folder = path.join(place, 'reports', 'run');
  mkdirSync(path.dirname(folder));
  cpSync(path.join(format1, 'run'), folder, { recursive: true });
  heard = [];
  paths = [];
  // Every second question is to be asked again, and every page is there.
  let posts = 0;
  server = createServer(({ headers, method, url: asked }, response) => {
    heard.push(headers);
    paths.push(asked);
    posts += method === 'POST' ? 1 : 0;
    const isLost = method === 'POST' && posts % 2 === 1;
    response.writeHead(isLost ? 500 : 200, { 'content-type': 'application/json', 'retry-after-ms': '1' });
    response.end(
      JSON.stringify({
        data: [{ id: 'm' }],
        choices: [{ index: 0, message: { role: 'assistant', content: '٥' }, finish_reason: 'stop' }],
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(place, { recursive: true, force: true });
});

/** What the folder says it was asked to do. */
function say(invocation: object): void {
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
  const suites = [path.join(format1, 'sums.yaml')];
  writeFileSync(
    file,
    JSON.stringify({
      ...manifest,
      invocation: {
        suites,
        targetFlags: [],
        targetsFile: null,
        languages: ['th'],
        limit: 1,
        from: '../..',
        ...invocation,
      },
    }),
  );
}

const resume = (more: readonly string[] = [], cwd = place): Promise<Ran> =>
  runProgram(['eval', '--resume', folder, ...more], { env, cwd });

const target = (fields: object): object => ({ id: 'openai', baseUrl: `${url}/v1`, model: 'm', ...fields });
function targetsFile(at: string, fields: object): void {
  mkdirSync(path.dirname(path.join(place, at)), { recursive: true });
  // JSON is YAML.
  writeFileSync(path.join(place, at), JSON.stringify({ targets: [target(fields)] }));
}

const carriesKey = (headers: IncomingHttpHeaders): boolean => JSON.stringify(headers).includes(key);

describe('an address that only a run folder names', () => {
  it('is not asked at all where a variable would give it a key, until a person names it', async () => {
    say({ targetFlags: [`openai=${url}/v1#m`] });
    const refused = await resume();
    expect([refused.code, heard]).toEqual([3, []]);
    expect(refused.err).toContain(
      `target openai: only the run folder names ${url}, and it would be sent the key in OPENAI_API_KEY - if that is what you want, name it yourself: add --target openai=${url}/v1#m\n`,
    );
    const named = await resume(['--target', `openai=${url}/v1#m`, '--no-preflight']);
    expect(named.code).toBe(0);
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.every(carriesKey)).toBe(true);
  });

  it('is asked, looked at and scraped without a key where it needs none', async () => {
    targetsFile('pack/targets.yaml', {
      id: 'stranger',
      memory: [{ probe: 'prometheus', url: `${url}/metrics` }],
    });
    say({ targetsFile: 'pack/targets.yaml' });
    await resume();
    expect((await resume(['--no-preflight'])).code).toBe(0);
    expect(paths).toEqual(expect.arrayContaining(['/metrics', '/v1/models', '/v1/chat/completions']));
    expect(
      heard.some((headers) => carriesKey(headers) || 'authorization' in headers || 'api-key' in headers),
    ).toBe(false);
  });

  it('is refused in a targets file that came with the run, under whatever name', async () => {
    targetsFile('reports/run/suites/targets.yaml', { apiKeyEnv: 'STRONG_API_KEY' });
    say({ from: '.', targetsFile: 'suites/targets.yaml' });
    for (const cwd of [place, folder]) {
      const { code, err } = await resume([], cwd);
      expect([code, heard]).toEqual([3, []]);
      expect(err).toMatch(/would be sent the key in STRONG_API_KEY - .* add -c \S*suites\/targets\.yaml\n/u);
    }
  });

  it('is no such address where the targets file of the folder you stand in has it', async () => {
    targetsFile('suites/targets.yaml', { apiKeyEnv: 'STRONG_API_KEY' });
    say({ targetsFile: 'suites/targets.yaml' });
    expect((await resume(['--no-preflight'])).code).toBe(0);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.every(carriesKey)).toBe(true);
  });
});

describe('what a run folder alone leads to', () => {
  const naming = namedInFolder(
    '/nowhere',
    { targetFlags: ["x=http://127.0.0.1:1/v1#m'; touch pwned; '"] },
    root,
  );

  it.each<readonly [string, Partial<Target>, RegExp]>([
    ['a file with a key', { apiKeyFile: '/home/ไฟล์/id.key' }, /would be sent the key in id\.key/u],
    ['the metadata of a machine', { allowLinkLocal: true }, /let to link-local addresses/u],
    [
      'a command',
      {
        launch: {
          command: ['touch', 'pwned'],
          ready: 'http://127.0.0.1:1/',
          timeoutMs: 1,
          env: ['HOME'],
        } as Target['launch'],
      },
      /its server would be started here: touch pwned/u,
    ],
  ])('is not used: %s', (_, fields, told) => {
    const targets = [makeTarget('plain'), { ...makeTarget('x'), ...fields }];
    expect(() => readKeys(targets, naming)).toThrow(told);
    expect(() => readKeys(targets, naming)).toThrow(expect.objectContaining({ exit: 3 }));
    expect(readKeys([makeTarget('plain')], naming).size).toBe(0);
  });

  it('is the person’s own only as the default of the folder they stand in, outside of the run', () => {
    const file = { targetsFile: 'suites/targets.yaml' };
    expect(namedInFolder(folder, file, root).by).toBe('person');
    expect(namedInFolder(folder, {}, root).by).toBe('person');
    // The run folder holds the default.
    expect(namedInFolder(root, file, root).by).toBe('folder');
    cpSync(path.join(root, 'suites', 'targets.yaml'), path.join(place, 'suites', 'targets.yaml'), {
      recursive: true,
    });
    expect(namedInFolder(folder, file, place).by).toBe('folder');
    expect(namedInFolder(folder, { targetsFile: 'package.json' }, root).by).toBe('folder');
  });

  it('does nothing in the shell of whoever types what is told', () => {
    const keyed = [{ ...makeTarget('x'), apiKeyEnv: 'X' }];
    expect(resumeCommand('r', keyed, naming)).toBe(
      String.raw`visavis eval --resume r --target 'x=http://127.0.0.1:1/v1#m'\''; touch pwned; '\'''`,
    );
    expect(resumeCommand('r', keyed, namedToday({ targetsFile: '$(reboot).yaml' }))).toBe(
      "visavis eval --resume r -c '$(reboot).yaml'",
    );
    expect(resumeCommand('r', [makeTarget('x')], naming)).toBe('visavis eval --resume r');
    expect(existsSync(path.join(root, 'pwned'))).toBe(false);
  });
});
