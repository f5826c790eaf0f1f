/** Real processes: whether nothing of a group stays behind cannot be told from anything less. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../fixtures/test/free-port.ts';
import type { Launch } from '../types.ts';
import { launchServer, type LaunchedServer, type LaunchOptions } from './launch.ts';

const script = path.join(import.meta.dirname, '..', '..', 'fixtures', 'servers', 'slow-server.mjs');
let folder = '';
let running: LaunchedServer | null = null;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-launch-'));
});
afterEach(async () => {
  await running?.stop();
  running = null;
  rmSync(folder, { recursive: true, force: true });
});

interface Ways {
  readonly loadMs?: number;
  readonly exitAfterMs?: number;
  readonly ignoreTerm?: boolean;
  readonly child?: boolean;
}

async function launch(
  ways: Ways,
  more: Partial<Launch> = {},
  port?: number,
  options: Partial<LaunchOptions> = {},
) {
  const at = port ?? (await freePort());
  const said: string[] = [];
  const logFile = path.join(folder, 'server.log');
  const begun = launchServer({
    target: 'qwen',
    launch: {
      command: [process.execPath, script, JSON.stringify({ port: at, ...ways })],
      ready: `http://127.0.0.1:${at}/health`,
      timeoutMs: 15_000,
      env: [],
      ...more,
    },
    logFile,
    env: { PATH: process.env['PATH'], HF_TOKEN: 'hf_hidden', PLAIN: 'ไทย' },
    stop: new AbortController().signal,
    clock: () => performance.now(),
    graceMs: 800,
    say: (text) => said.push(text),
    ...options,
  }).then((server) => (running = server));
  return { begun, logFile, said };
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has waited for is gone all the same.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

describe('a server that visavis starts', () => {
  it('is waited for until it is ready, and its words are kept', async () => {
    const { begun, logFile } = await launch({ loadMs: 600 });
    const server = await begun;
    expect(server.readyMs).toBeGreaterThan(500);
    expect(server.exited()).toBeNull();
    expect(readFileSync(logFile, 'utf8')).toContain('plain seen: ไทย');
    await server.stop();
    expect(lives(server.pid)).toBe(false);
    // We ended it: that is no failure of its own.
    expect(server.exited()).toBeNull();
  });

  it('gets no secret that it was not named', async () => {
    const first = await launch({});
    await first.begun;
    expect(readFileSync(first.logFile, 'utf8')).toContain('secret seen: none');
    await running?.stop();
    const second = await launch({}, { env: ['HF_TOKEN'] });
    await second.begun;
    expect(readFileSync(second.logFile, 'utf8')).toContain('secret seen: hf_hidden');
  });

  it('gets no variable that holds a key under another name', async () => {
    const { begun, logFile } = await launch({}, {}, undefined, { isSecret: (_, value) => value === 'ไทย' });
    await begun;
    expect(readFileSync(logFile, 'utf8')).toContain('plain seen: none');
  });

  it('has its words cleaned on their way into the log', async () => {
    const clean = (text: string): string => text.replaceAll('hf_hidden', '[secret]');
    const { begun, logFile } = await launch({}, { env: ['HF_TOKEN'] }, undefined, { clean });
    await begun;
    expect(readFileSync(logFile, 'utf8')).toContain('secret seen: [secret], plain seen: ไทย\n');
    const dying = await launch({ loadMs: 60_000, exitAfterMs: 300 }, {}, undefined, { clean });
    await expect(dying.begun).rejects.toThrow(/it ended with exit code 3; .*CUDA out of memory/u);
  });

  it('is not looked for at an address of the link', async () => {
    const { begun } = await launch({}, { ready: 'http://169.254.169.254/health' });
    await expect(begun).rejects.toThrow(/ready address is refused: 169\.254\.169\.254 is a link-local/u);
  });

  it('that dies while loading is named with its last words', async () => {
    const { begun } = await launch({ loadMs: 60_000, exitAfterMs: 300 });
    await expect(begun).rejects.toThrow(
      /qwen did not start: it ended with exit code 3; .*CUDA out of memory/u,
    );
  });

  it('that never gets ready is ended after its time', async () => {
    const { begun, logFile } = await launch({ loadMs: 60_000, child: true }, { timeoutMs: 1500 });
    await expect(begun).rejects.toThrow(/was not ready within 2 s.* - give it longer with timeoutMs/u);
    const child = Number(/child (\d+)/u.exec(readFileSync(logFile, 'utf8'))?.[1]);
    expect(lives(child)).toBe(false);
  });

  it('that does not heed the order to end is ended by force, with what it started', async () => {
    const { begun, logFile } = await launch({ ignoreTerm: true, child: true });
    const server = await begun;
    const child = Number(/child (\d+)/u.exec(readFileSync(logFile, 'utf8'))?.[1]);
    expect(lives(child)).toBe(true);
    await server.stop();
    expect(readFileSync(logFile, 'utf8')).toContain('heard the order to end');
    expect([lives(server.pid), lives(child)]).toEqual([false, false]);
  });

  it('that dies later says so, with its last words', async () => {
    const { begun } = await launch({ exitAfterMs: 1200 });
    const server = await begun;
    await expect.poll(() => server.exited(), { timeout: 5000 }).toMatch(/exit code 3; .*CUDA out of memory/u);
  });

  it('is not started where something listens already', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    try {
      const { begun } = await launch({}, {}, port);
      await expect(begun).rejects.toThrow(`something listens on 127.0.0.1:${port} already`);
    } finally {
      other.close();
    }
  });

  it('that is no program is named', async () => {
    const { begun } = await launch({}, { command: ['/no/such/vllm', 'serve'] });
    await expect(begun).rejects.toThrow(/\/no\/such\/vllm cannot be started: .*ENOENT/u);
  });
});
