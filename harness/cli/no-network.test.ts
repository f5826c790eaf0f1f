/**
 * The program speaks to nobody but its targets: no telemetry, no look for a newer version, no file fetched for a report.
 * Every socket it opens is noted; and it does its work where there is no network at all.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, 'dist', 'main.js');
let place = '';
let log = '';
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-alone-'));
  log = path.join(place, 'sockets.log');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Runs the program with the trap, behind `before` (words of another program that starts it). */
function run(
  words: readonly string[],
  before: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly said: string }> {
  const trap = `${pathToFileURL(path.join(root, 'fixtures', 'security', 'socket-trap.mjs')).href}?${encodeURIComponent(log)}`;
  const [command = '', ...rest] = [...before, process.execPath, '--import', trap, program, ...words];
  const child = spawn(command, rest, { cwd: root, env: { PATH: process.env['PATH'] ?? '' } });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

const noted = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
const demo = (): string[] => [
  'eval',
  'suites/translation.yaml',
  '--limit',
  '2',
  '--languages',
  'en,ar,th,sw',
  '-o',
  place,
];

describe('a whole run', () => {
  it('of the demonstration, its scoring and its report: opens sockets to its own endpoints alone', async () => {
    const { code, said } = await run(demo());
    expect(said).toContain('report.html');
    expect(code).toBe(0);
    expect((await run(['report', 'latest', '-o', place])).code).toBe(0);
    expect((await run(['validate'])).code).toBe(0);
    const lines = noted();
    // The program three times, and the endpoints that it started.
    expect(lines.filter((line) => line.startsWith('trap ')).length).toBeGreaterThanOrEqual(4);
    expect(lines.some((line) => line.startsWith('connect 127.0.0.1:'))).toBe(true);
    expect(lines.filter((line) => !/^(?:trap |connect 127\.0\.0\.1:\d+$)/u.test(line))).toEqual([]);
  });
});

/** Why a network of one's own cannot be had here, or null. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'namespaces are of Linux';
  const tried = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  if (tried.error !== undefined) return 'there is no unshare on this machine';
  return tried.status === 0 ? null : `unshare -rn ip link set lo up: ${tried.stderr.trim()}`;
}

describe('without a network', () => {
  it('the whole of it works all the same', async ({ skip }) => {
    const why = whyNot();
    if (why !== null) {
      // Told in the log of CI too, where a dot for a skipped test is easily overlooked.
      process.stderr.write(`no-network.test.ts skipped: ${why}\n`);
      skip(why);
    }
    const alone = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
    const seen = spawnSync('unshare', ['-rn', 'sh', '-c', 'ip link set lo up && ip -o link | wc -l'], {
      encoding: 'utf8',
    });
    expect(seen.stdout.trim()).toBe('1');
    const { code, said } = await run(demo(), alone);
    expect(said).toContain('report.html');
    expect(code).toBe(0);
    expect((await run(['report', 'latest', '-o', place], alone)).code).toBe(0);
  });
});
