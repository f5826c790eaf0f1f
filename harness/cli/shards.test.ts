/** A run in shards as a user starts it: processes of their own, one endpoint, real folders, and what merge makes of them. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  startChatServer,
  type ChatAnswer,
  type ChatRequest,
  type ChatServer,
} from '../../fixtures/servers/chat-server.ts';
import { runProgram, type Ran } from '../../fixtures/test/start-program.ts';
import { readLines } from '../record/read-lines.ts';
import type { Manifest, Sample, Summary } from '../types.ts';
import { runCommandLine, type Commands } from './command-line.ts';

const suite = path.join('fixtures', 'e2e', 'sums.yaml');
let place = '';
let server: ChatServer | null = null;
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-shards-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(place, { recursive: true, force: true });
});

/** Adds; the weak model is wrong about 17, and refuses to do sums in Thai. */
function adder({ body }: ChatRequest): ChatAnswer {
  const question = body.messages.at(-1)?.content ?? '';
  const [, a = '0', b = '0'] = /(\d+) \+ (\d+)/u.exec(question) ?? [];
  const sum = Number(a) + Number(b);
  if (body.model === 'weak' && /เท่ากับ/u.test(question)) return { status: 400, message: 'ไม่ตอบ' };
  return { text: String(body.model === 'weak' && sum === 17 ? 18 : sum) };
}

/** Both models behind one address. */
async function start(decide = adder): Promise<ChatServer> {
  server = await startChatServer(decide);
  return server;
}

const eval_ = (output: string, ...words: string[]): Promise<Ran> =>
  runProgram([
    'eval',
    suite,
    '--no-preflight',
    '-j4',
    `-o${path.join(place, output)}`,
    ...['strong', 'weak'].flatMap((id) => ['--target', `${id}=${server?.baseUrl ?? ''}#${id}`]),
    ...words,
  ]);
const merge = (...words: string[]): Promise<Ran> =>
  runProgram(['merge', '-o', path.join(place, 'merged'), ...words]);

const foldersIn = (output: string): string[] =>
  readdirSync(path.join(place, output))
    .filter((name) => name.startsWith('2'))
    .toSorted()
    .map((name) => path.join(place, output, name));
const read = (folder: string, name: string): string => readFileSync(path.join(folder, name), 'utf8');
const summaryOf = (folder: string): Summary => JSON.parse(read(folder, 'summary.json')) as Summary;
const manifestOf = (folder: string): Manifest => JSON.parse(read(folder, 'manifest.json')) as Manifest;
const latest = (output: string): string => path.join(place, output, 'latest');
function samplesIn(folder: string): Sample[] {
  const samples: Sample[] = [];
  readLines(path.join(folder, 'samples.jsonl'), (record) => samples.push(record as unknown as Sample));
  return samples;
}

/**
 * What a run says of the models. Times, and flags about times, are what a machine did in that minute: they differ between
 * any two runs. Everything else must not.
 */
function verdictsOf(folder: string): unknown {
  const rows = parse<Record<string, string>>(read(folder, 'rows.csv'), { columns: true, bom: true });
  const { scores, comparisons, verdict, totals, kinds, spread, consistency } = summaryOf(folder);
  return {
    rows: rows.map(({ ttft_ms: _ttft, e2e_ms: _e2e, tpot_ms: _tpot, flags: _flags, ...row }) => row),
    tables: { scores, comparisons, verdict, totals, kinds, spread, consistency },
  };
}

describe('a run in three shards', () => {
  it(
    'asks every question once, says on its face what it is, and merges to what one process finds',
    { timeout: 180_000 },
    async () => {
      const { asked } = await start();
      for (const index of [1, 2]) {
        const { code, err } = await eval_('parts', '--shard', `${index}/3`);
        // The weak model does not answer in Thai, and none may be missing: a shard does not judge that.
        expect([code, err]).toEqual([
          0,
          expect.stringMatching(`shard ${index} of 3: \\d+ of 60 cells are its own`),
        ]);
      }
      const parts = foldersIn('parts');
      for (const [at, folder] of parts.entries()) {
        expect(path.basename(folder)).toMatch(new RegExp(`-s${at + 1}of3$`, 'u'));
        const { run, notes, totals } = summaryOf(folder);
        expect([run.shard, run.complete, totals.planned]).toEqual([{ index: at + 1, of: 3 }, false, 60]);
        expect(notes.find(({ code }) => code === 'shard')?.text).toMatch(
          `Shard ${at + 1} of 3: cells of the`,
        );
        for (const name of ['report.html', 'summary.md'])
          expect(read(folder, name)).toContain(`Shard ${at + 1} of 3`);
        expect(new Set(samplesIn(folder).map(({ leg }) => leg))).toEqual(
          new Set([`${path.basename(folder)}-leg-1`]),
        );
        expect(read(folder, 'plan.jsonl')).toBe(read(parts[0] ?? '', 'plan.jsonl'));
      }
      // Paired comparisons: both targets of a question are asked by one shard.
      const owners = parts.map(
        (folder) => new Set(samplesIn(folder).map(({ test, language }) => `${test} ${language}`)),
      );
      expect([...(owners[0] ?? [])].filter((name) => owners[1]?.has(name))).toEqual([]);

      const gap = await merge(...parts, '--json');
      const missing = 60 - asked.length;
      expect(gap.code).toBe(6);
      expect(JSON.parse(gap.out)).toMatchObject({
        gaps: { planned: 60, cells: missing, requests: 0, shards: ['shard 3 of 3'] },
        summary: { run: { complete: false } },
      });
      expect(gap.err).toMatch(/^INCOMPLETE: not among these runs: shard 3 of 3$/mu);
      expect(gap.err).toMatch(new RegExp(`^INCOMPLETE: never asked: ${missing} of 60 planned cells$`, 'mu'));
      expect(gap.err.match(/^ {2}sums > \w+ \[\w\w\] (?:strong|weak)$/gmu)).toHaveLength(
        Math.min(20, missing),
      );

      // What a merge lacks can be asked in it as in any run: only that.
      const before = asked.length;
      const filled = await runProgram([
        'eval',
        '--resume',
        '--no-preflight',
        '-o',
        path.join(place, 'merged'),
      ]);
      expect(filled.code).toBe(6);
      expect(asked.length - before).toBe(missing);
      const inPlace = foldersIn('merged').at(-1) ?? '';

      await eval_('parts', '--shard', '3/3');
      const whole = await eval_('whole');
      // Three questions in Thai are without an answer: now it is judged.
      expect(whole.code).toBe(6);
      const all = await merge(...foldersIn('parts').toReversed());
      expect([all.code, all.err]).toEqual([6, expect.not.stringMatching(/INCOMPLETE|further/u)]);
      const expected = verdictsOf(latest('whole'));
      expect(verdictsOf(latest('merged'))).toEqual(expected);
      expect(verdictsOf(inPlace)).toEqual(expected);
      expect(summaryOf(latest('merged')).run.parts).toHaveLength(3);
      expect(manifestOf(latest('merged')).legs).toHaveLength(3);
    },
  );

  it('goes on as the shard it is, and as no other', async () => {
    let isDown = true;
    const { asked } = await start(() => (isDown ? { status: 503, message: 'busy' } : { text: '5' }));
    const words = ['--limit', '1', '--languages', 'ja,ar,hi,th', '--shard', '1/2'];
    const first = await eval_('parts', ...words);
    // Nobody answered, and each was asked to the end: what that is worth is judged when all shards are there.
    expect([first.code, summaryOf(latest('parts')).totals]).toMatchObject([0, { failed: 4, unasked: 4 }]);
    isDown = false;
    const resumed = ['eval', '--resume', '--no-preflight', '-o', path.join(place, 'parts')];
    const other = await runProgram([...resumed, '--shard', '2/2']);
    expect([other.code, other.err]).toEqual([
      3,
      expect.stringMatching(/is shard 1 of 2, and --shard 2\/2 asks for another - leave --shard out/u),
    ]);
    const before = asked.length;
    const again = await runProgram([...resumed, '--shard', '1/2']);
    expect([again.code, asked.length - before]).toEqual([0, 4]);
    expect(again.err).toMatch(/shard 1 of 2: 4 of 8 cells are its own/u);
  });
});

describe('--shard', () => {
  const handlers = {} as Commands;
  it.each([
    ['0/4', 'shards count from 1: the first of 4 is 1/4'],
    ['5/4', 'there is no shard 5 of 4: expected 1/4 to 4/4'],
    ['half', 'expected i/n, which shard of how many, such as 2/4'],
  ])('%s is refused with a reason', async (value, why) => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await runCommandLine(['eval', '--shard', value], '', handlers)).toBe(3);
    expect(said.mock.calls.join('')).toContain(
      `error: option '--shard <i/n>' argument '${value}' is invalid. ${why}`,
    );
  });

  it('reaches eval as numbers, and merge takes folders', async () => {
    const run = vi.fn(() => Promise.resolve(0));
    await runCommandLine(['--shard', '2/4'], 'p', { ...handlers, eval: run });
    expect(run).toHaveBeenCalledWith([], expect.objectContaining({ shard: { index: 2, of: 4 } }), 'p');
    const put = vi.fn(() => Promise.resolve(0));
    await runCommandLine(['merge', 'a', 'b', '-o', 'out', '--json'], 'p', { ...handlers, merge: put });
    expect(put).toHaveBeenCalledWith(['a', 'b'], { output: 'out', json: true, color: true });
  });

  it('with --dry-run counts what is its own', async () => {
    await start();
    const { out } = await eval_('none', '--dry-run', '--json', '--shard', '2/2');
    expect(JSON.parse(out)).toMatchObject({ cells: 30, planned: 60, shard: { index: 2, of: 2 } });
  });
});
