/** Servers that a run starts itself, as a user starts it: real processes, real sockets, a real folder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram, type Ran } from '../../fixtures/test/start-program.ts';
import { freePort } from '../../fixtures/test/free-port.ts';
import { readLines } from '../record/read-lines.ts';
import type { Reading, Sample, Summary } from '../types.ts';

const root = path.join(import.meta.dirname, '..', '..');
const server = path.join(root, 'fixtures', 'servers', 'slow-server.mjs');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function targetsFile(ways: readonly object[], order = 'interleaved'): Promise<string> {
  const targets = await Promise.all(
    ways.map(async (way, at) => {
      const port = await freePort();
      return {
        id: ['หนึ่ง', 'two'][at],
        baseUrl: `http://127.0.0.1:${port}/v1`,
        model: 'slow',
        concurrency: 2,
        launch: {
          command: [process.execPath, server, JSON.stringify({ port, ...way }), '--api-key', 'hidden-word'],
          ready: `http://127.0.0.1:${port}/health`,
          timeoutMs: 15_000,
        },
      };
    }),
  );
  const file = path.join(folder, 'targets.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ targets, order }));
  return file;
}

const run = (words: readonly string[]): Promise<Ran> =>
  runProgram(['eval', ...words, '-o', folder, '--no-preflight']);

const suite = ['suites/translation.yaml', '--languages', 'en,th,ar', '--limit', '2'];
const summaryOf = (): Summary =>
  JSON.parse(readFileSync(path.join(folder, 'latest', 'summary.json'), 'utf8')) as Summary;
function records<T>(name: string): T[] {
  const found: T[] = [];
  readLines(path.join(folder, 'latest', name), (record) => found.push(record as unknown as T));
  return found;
}

describe('a run that starts its servers', () => {
  it('asks them, measures their memory, keeps their words, and leaves none of them behind', async () => {
    const { code, err } = await run([...suite, '-c', await targetsFile([{ loadMs: 300 }, { child: true }])]);
    expect(err).toMatch(/หนึ่ง: ready after/u);
    expect(code).toBe(0);
    expect(summaryOf().totals).toMatchObject({ planned: 12, answered: 12 });
    const log = readFileSync(path.join(folder, 'latest', 'logs', 'two.log'), 'utf8');
    const child = Number(/child (\d+)/u.exec(log)?.[1]);
    expect(() => process.kill(child, 0)).toThrow('ESRCH');
    const seen = records<Reading>('readings.jsonl').filter((reading) => reading.status === 'read');
    expect(new Set(seen.map((reading) => reading.target))).toEqual(new Set(['หนึ่ง', 'two']));
    // The command is on record, its secret is not.
    const manifest = readFileSync(path.join(folder, 'latest', 'manifest.json'), 'utf8');
    expect(manifest).toContain('slow-server.mjs');
    expect(manifest + err).not.toContain('hidden-word');
  });

  it('runs one at a time where it is told to', async () => {
    const file = await targetsFile([{}, {}], 'by-target');
    const { code } = await run([...suite, '-c', file]);
    expect(code).toBe(0);
    const asked = records<Sample>('samples.jsonl').map((sample) => sample.target);
    expect(asked).toEqual([
      ...Array.from({ length: 6 }, () => 'หนึ่ง'),
      ...Array.from({ length: 6 }, () => 'two'),
    ]);
  });

  it('starts a server once more that ends while it is asked, and loses no cell', async () => {
    const once = path.join(folder, 'once');
    const file = await targetsFile([{ exitAfterRequests: 4, onceFile: once }, {}]);
    const { code, err } = await run([...suite, '-c', file]);
    expect(err).toMatch(
      /it ended with exit code 3; its last words: .*CUDA out of memory; starting it once more/u,
    );
    expect(code).toBe(0);
    expect(summaryOf().totals).toMatchObject({ answered: 12, failed: 0 });
  });

  it('stops a target whose server ends again, with its last words; nothing of it is wrong, and it can go on', async () => {
    const { code, err } = await run([...suite, '-c', await targetsFile([{ exitAfterRequests: 3 }, {}])]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /target หนึ่ง: server-exited: the server that was started has ended: .*CUDA out of memory/u,
    );
    const { totals, kinds } = summaryOf();
    expect(totals.answered).toBeLessThan(12);
    expect(kinds.filter((kind) => kind.target === 'หนึ่ง' && kind.kind === 'wrong-answer')).toEqual([]);
    expect(err).toContain(` -c ${path.join(folder, 'targets.yaml')}\n`);
    const file = await targetsFile([{}, {}]);
    const again = await run(['--resume', path.join(folder, 'latest'), '-c', file]);
    expect(again.code).toBe(0);
    expect(summaryOf().totals).toMatchObject({ answered: 12 });
  });

  it('that cannot be started sends nothing and says why', async () => {
    const { code, err } = await run([
      ...suite,
      '-c',
      await targetsFile([{ loadMs: 60_000, exitAfterMs: 200 }, {}]),
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /the server of หนึ่ง did not start: it ended with exit code 3; its last words: .*CUDA/u,
    );
  });
});
