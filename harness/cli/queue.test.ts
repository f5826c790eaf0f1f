/** Runs over a queue as people start them: processes of their own, a real Redis, and somebody who kills them. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prove } from '../../fixtures/queue/proof.ts';
import { hasRedis, startRedis } from '../../fixtures/queue/redis-server.ts';
import { runProgram, startProgram } from '../../fixtures/test/start-program.ts';
import { readQueueAddress, sameWords } from './queue-address.ts';

const root = path.join(import.meta.dirname, '..', '..');
const suite = path.join('fixtures', 'e2e', 'sums.yaml');
const nobody = ['--target', 'a=http://127.0.0.1:9/v1#m'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-queue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasRedis())('a run over a queue', () => {
  it('loses no cell and doubles none, whoever is killed', async () => {
    const { said, ...proof } = await prove({
      cells: 400,
      workers: 3,
      concurrency: 6,
      answerMs: 15,
      times: { lockMs: 3000, stalledMs: 500, lookMs: 200, beatMs: 200, outageMs: 60_000, gatherMs: 60_000 },
      killEvery: 80,
      mostKills: 1,
      redisAt: 0.45,
      coordinatorAt: 0.7,
      durable: true,
    });
    expect(said).toContain('the queue is not the one that was left');
    expect(proof).toMatchObject({
      cells: 400,
      code: 0,
      lost: 0,
      doubled: 0,
      failed: 0,
      missingAtWorkers: 0,
      kills: 1,
      leaked: [],
      workerCodes: [0, 0, 0],
    });
    expect(proof.peak).toBeLessThanOrEqual(6);
    // Each of the three that were killed may cost what was in flight.
    expect(proof.requests).toBeLessThanOrEqual(400 + 3 * 6);
    expect(proof.jobsSeen).toBeGreaterThanOrEqual(400);
    expect(proof.jobBytes).toBeLessThanOrEqual(300);
    expect(proof.facts).toMatchObject({ dialect: expect.any(String) as unknown });
  }, 240_000);

  it('refuses a worker with another plan, and tells a waiting one when it is interrupted', async () => {
    const redis = await startRedis();
    try {
      const queue = ['--queue', redis.url];
      const run = startProgram(['eval', suite, ...nobody, ...queue, '-o', folder]);
      let said = '';
      run.child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
      while (!said.includes('is asked by workers')) await new Promise((resolve) => setTimeout(resolve, 20));
      // It is announced a moment after it is said.
      let other = { code: null as number | null, err: '' };
      for (let tries = 0; tries < 20 && other.code !== 3; tries += 1)
        other = await runProgram(['work', suite, '--limit', '1', ...nobody, ...queue, '--wait', '0']);
      expect(other.code).toBe(3);
      expect(other.err).toMatch(
        /run \S+ is not for this worker: its plan is [0-9a-f]{8}, and here it is [0-9a-f]{8} - a worker takes the same/u,
      );
      run.child.kill('SIGINT');
      const { code, err } = await run.ended;
      expect(code).toBe(130);
      expect(err).toContain('go on with: visavis eval --resume');
    } finally {
      await redis.close();
    }
  }, 60_000);
});

describe('the words of a queue', () => {
  it('are refused where it cannot be used, before anything is written', async () => {
    const queue = ['--queue', 'redis://127.0.0.1:1'];
    const ran = await Promise.all([
      runProgram(['eval', suite, ...nobody, ...queue, '-o', folder]),
      runProgram(['eval', suite, ...nobody, ...queue, '-o', folder, '--speed']),
      runProgram(['work', suite, ...nobody, '--queue', 'redis://u:pass-word@h', '-o', folder]),
    ]);
    expect(ran.map(({ code }) => code)).toEqual([2, 3, 3]);
    const [gone, speed, open] = ran.map(({ err }) => err.trim());
    expect(gone).toMatch(/^there is no queue at 127\.0\.0\.1:1 \(ECONNREFUSED\) - [^\n]+$/u);
    expect(speed).toMatch(/^the speed phase is not spread over workers[^\n]+--resume <run> --speed$/u);
    expect(open).toMatch(/^--queue holds a user or a password[^\n]+--queue-env VISAVIS_QUEUE$/u);
    expect(open).not.toContain('pass-word');
    expect(readdirSync(folder)).toEqual([]);
  }, 30_000);

  it('need packages that nothing else needs, and name them where they are missing', () => {
    for (const name of ['dist', 'package.json', 'fixtures/e2e'])
      cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
    mkdirSync(path.join(folder, 'node_modules'));
    for (const name of readdirSync(path.join(root, 'node_modules')).filter(
      (one) => one !== 'bullmq' && one !== 'ioredis',
    ))
      symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
    const run = (...words: string[]): { code: number | null; err: string } => {
      const args = [path.join('dist', 'main.js'), 'eval', suite, ...nobody, ...words];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      return { code: status, err: stderr.trim() };
    };
    expect(run('--queue', 'redis://127.0.0.1:1')).toEqual({
      code: 3,
      err: 'a queue needs the packages bullmq and ioredis, and they are not installed - npm install bullmq@6.7.0 ioredis@6.0.0',
    });
    expect(existsSync(path.join(folder, 'reports'))).toBe(false);
    expect(run('--dry-run')).toEqual({ code: 0, err: '' });
  }, 30_000);

  it.each([
    ['redis://h', { host: 'h', port: 6379, db: 0, tls: false, shown: 'h:6379' }],
    ['rediss://h:1234/7', { host: 'h', port: 1234, db: 7, tls: true, shown: 'h:1234' }],
    ['redis://[::1]:1/', { host: '::1', port: 1, db: 0, tls: false, shown: '[::1]:1' }],
  ])('say where it is: %s', (url, wanted) => {
    const address = readQueueAddress({ url, variable: null }, {});
    expect(address).toEqual({ ...wanted, username: null, password: null });
    expect(sameWords({ url, variable: null })).toBe(`--queue ${url}`);
  });

  it('take user and password from a variable, in any script, and show neither', () => {
    const env = { QUEUE: 'rediss://%E0%B8%81:p%40ss%3A%E5%AF%86@h/1' };
    const address = readQueueAddress({ url: null, variable: 'QUEUE' }, env);
    expect(address).toMatchObject({ username: 'ก', password: 'p@ss:密', shown: 'h:6379', db: 1 });
    expect(sameWords({ url: null, variable: 'QUEUE' })).toBe('--queue-env QUEUE');
  });

  it.each([
    [
      { url: 'http://h', variable: null },
      /--queue: "http:\/\/h" is no address of a queue - expected redis:/u,
    ],
    [{ url: 'redis://h/x', variable: null }, /no address of a queue/u],
    [{ url: 'redis://h?password=1', variable: null }, /no address of a queue/u],
    [{ url: 'h:6379', variable: null }, /no address of a queue/u],
    [{ url: null, variable: 'BAD' }, /BAD: what it holds is no address of a queue/u],
    [{ url: null, variable: 'ODD' }, /ODD: what it holds is no address of a queue/u],
    [{ url: null, variable: 'NONE' }, /the variable NONE is not set/u],
    [{ url: null, variable: null }, /nothing says where the queue is - give --queue redis:/u],
    [{ url: 'redis://h', variable: 'BAD' }, /both say where the queue is/u],
  ])('are refused without showing a secret: %j', (words, wanted) => {
    const env = { BAD: 'redis//u:hidden@h', ODD: 'redis://u:hidden%E0@h' };
    let message = '';
    try {
      readQueueAddress(words, env);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(wanted);
    expect(message).not.toContain('hidden');
  });
});
