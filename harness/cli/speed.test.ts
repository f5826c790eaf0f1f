/** The speed phase as a user starts it: the embedded endpoints, real sockets, a real folder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProgram, type Ran } from '../../fixtures/test/start-program.ts';
import { readLines } from '../record/read-lines.ts';
import type { BlockReading, Sample, SpeedRequest, Summary } from '../types.ts';

const root = path.join(import.meta.dirname, '..', '..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-speed-'));
  const cassette = (name: string): string => path.join(root, 'fixtures', 'demo', `${name}.cassette.jsonl`);
  writeFileSync(
    path.join(folder, 'targets.yaml'),
    `targets:
  - { id: alpha, replay: ${cassette('alpha')}, model: alpha-authored, concurrency: 4 }
  - { id: beta, replay: ${cassette('beta')}, model: beta-authored, concurrency: 4 }
speed: { concurrency: [1, 3], max_tokens: 12, prompts: 4, repeats: 2, slo: { ttft: 2000 } }
maxErrorRate: 0.1
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `onErr` is told everything that was said so far, whenever something is said. */
function run(words: readonly string[], onErr?: (text: string, kill: () => void) => void): Promise<Ran> {
  const { child, ended } = startProgram(words);
  let err = '';
  child.stderr?.on('data', (text: Buffer) => {
    err += text.toString();
    onErr?.(err, () => child.kill('SIGKILL'));
  });
  return ended;
}

const words = (output: string): string[] => [
  'eval',
  'suites/translation.yaml',
  '--languages',
  'ar,th',
  '--limit',
  '2',
  '--speed',
  '-c',
  path.join(folder, 'targets.yaml'),
  '-o',
  output,
];

function records<T>(output: string, name: string): T[] {
  const found: T[] = [];
  readLines(path.join(output, 'latest', name), (record) => found.push(record as unknown as T));
  return found;
}
const summaryOf = (output: string): Summary =>
  JSON.parse(readFileSync(path.join(output, 'latest', 'summary.json'), 'utf8')) as Summary;

describe('eval --speed', () => {
  it('measures every level of every target, scores none of it, and can be made again offline', async () => {
    const output = path.join(folder, 'whole');
    const { code, err } = await run(words(output));
    expect(err).not.toMatch(/Warning|Unhandled/u);
    expect(code).toBe(0);
    const { speedPhase, totals } = summaryOf(output);
    expect(totals.planned).toBe(8);
    expect(speedPhase?.levels.map(({ level, target }) => `${level} ${target}`)).toEqual([
      'c1 alpha',
      'c1 beta',
      'c3 alpha',
      'c3 beta',
    ]);
    for (const row of speedPhase?.levels ?? []) {
      expect(row).toMatchObject({ failed: 0, unmeasured: 0, work: 'fixed', answered: row.planned });
      // What came while a busy machine held this process up is in no time.
      expect(row.ttftMs.n + row.tainted).toBe(row.planned);
      expect(row.goodput?.value).toBeGreaterThan(0);
    }
    expect(speedPhase?.floors.map((floor) => floor.concurrency)).toEqual([1, 3]);
    const before = readFileSync(path.join(output, 'latest', 'summary.json'), 'utf8');
    expect((await run(['report', path.join(output, 'latest')])).code).toBe(0);
    expect(readFileSync(path.join(output, 'latest', 'summary.json'), 'utf8')).toBe(before);
  });

  it('shows how many requests it would send, without sending one', async () => {
    const { code, out } = await run([...words(path.join(folder, 'dry')), '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/speed c1 -> alpha: 8 requests, warm-up apart/u);
    expect(out).toMatch(/speed c3 -> beta: 36 requests/u);
  });

  it('killed in the middle, goes on with the blocks that are not measured yet', async () => {
    const output = path.join(folder, 'killed');
    const killed = await run(words(output), (err, kill) => {
      if (err.includes('speed: 3 in flight')) kill();
    });
    expect(killed.code).toBeNull();
    const measured = records<BlockReading>(output, 'readings.jsonl').filter((line) => line.kind === 'block');
    expect(measured.length).toBeGreaterThanOrEqual(16);
    const { code } = await run(['eval', '--resume', path.join(output, 'latest'), '-o', output]);
    expect(code).toBe(0);
    expect(summaryOf(output).speedPhase?.levels.every((row) => row.unmeasured === 0)).toBe(true);
    const planned = new Set(records<SpeedRequest>(output, 'speed-plan.jsonl').map((request) => request.key));
    const asked = records<Sample>(output, 'samples.jsonl').filter(
      (sample) => sample.phase === 'speed' && planned.has(sample.cell),
    );
    const ofFirstLevel = asked.filter((sample) => sample.concurrency === 1);
    // What was measured before the kill was not asked again.
    expect(ofFirstLevel).toHaveLength(new Set(ofFirstLevel.map((sample) => sample.cell)).size);
  });
});

describe('selftest', () => {
  it('says what the client adds, from a server that says what it did', async () => {
    const { out } = await run(['selftest', '-j', '2,8', '--json']);
    const { truth, levels } = JSON.parse(out) as {
      truth: { firstMs: number };
      levels: {
        concurrency: number;
        n: number;
        ttftP50Ms: number;
        addedTtftP50Ms: number;
        maxInFlight: number;
      }[];
    };
    expect(truth.firstMs).toBe(30);
    expect(levels.map(({ concurrency, n, maxInFlight }) => [concurrency, n, maxInFlight])).toEqual([
      [2, 24, 2],
      [8, 24, 8],
    ]);
    for (const level of levels) {
      expect(level.ttftP50Ms).toBeGreaterThan(25);
      expect(level.addedTtftP50Ms).toBeGreaterThan(0);
    }
  });
});
