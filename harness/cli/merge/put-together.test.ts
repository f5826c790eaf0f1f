/** Shards of one run put together: the same recorded answers give the same files, and what does not belong is refused. */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failed } from '../../../fixtures/aggregate/synthetic-run.ts';
import { judgesHere } from '../../../fixtures/checks/judges-here.ts';
import {
  recordedRun,
  writeRun,
  writeShard,
  writeShards,
  type Recorded,
} from '../../../fixtures/shards/run-folders.ts';
import { PersonError, exitCode } from '../../errors.ts';
import { ownCells, ownsSpeed } from '../../plan/shard.ts';
import { sealLine } from '../../record/line.ts';
import { hashFile } from '../../record/plan-file.ts';
import { readLines } from '../../record/read-lines.ts';
import { recall } from '../../record/recall.ts';
import { takeLock } from '../../record/lock.ts';
import type { Manifest, Report, RunEvent, Sample, Summary } from '../../types.ts';
import { renderRun, scoreRun } from '../derived.ts';
import { shardExit } from '../shard-exit.ts';
import { putTogether } from './put-together.ts';

const recorded = recordedRun();
let root = '';
let place = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'visavis-merge-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  place = mkdtempSync(path.join(root, 'case-'));
});

const merge = (...folders: readonly string[]): string =>
  putTogether(folders, path.join(place, 'merged')).folder;
const bytesOf = (folder: string, name: string): Buffer => readFileSync(path.join(folder, name));
const manifestOf = (folder: string): Manifest =>
  JSON.parse(bytesOf(folder, 'manifest.json').toString()) as Manifest;
function linesOf(folder: string, name: string): string[] {
  return bytesOf(folder, name).toString('utf8').split('\n').slice(0, -1);
}
function samplesOf(folder: string): Sample[] {
  const samples: Sample[] = [];
  readLines(path.join(folder, 'samples.jsonl'), (record) => samples.push(record as unknown as Sample));
  return samples;
}

const derivedFiles = ['findings.jsonl', 'summary.json', 'report.html', 'rows.csv', 'junit.xml', 'summary.md'];

async function reportOf(folder: string): Promise<Report> {
  const truth = recall(folder);
  expect(truth.damage).toEqual([]);
  await scoreRun(folder, truth, judgesHere, () => ({ tick: () => {}, stop: () => {} }));
  return renderRun(folder, truth);
}

const summaryOf = async (folder: string): Promise<Summary> => (await reportOf(folder)).summary;

/** The derived files of a run under another's name, tool and parts: those are all that its own block may say otherwise. */
async function derivedOf(folder: string): Promise<Record<string, string>> {
  const { parts: _parts, ...own } = manifestOf(folder);
  const { run, tool } = recorded.manifest;
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ ...own, run, tool }));
  await reportOf(folder);
  return Object.fromEntries(derivedFiles.map((name) => [name, bytesOf(folder, name).toString('utf8')]));
}

/** What merging them says, with its exit code. */
function refusal(...folders: readonly string[]): { message: string; exit: number } {
  try {
    merge(...folders);
  } catch (error) {
    if (error instanceof PersonError) return { message: error.message, exit: error.exit };
    throw error;
  }
  throw new Error('they were merged');
}

const shardsIn = (of: number, run: Recorded = recorded): string[] => writeShards(place, run, of);

describe('the same recorded answers', () => {
  let whole: Record<string, string> = {};
  beforeAll(async () => {
    whole = await derivedOf(writeRun(mkdtempSync(path.join(root, 'whole-')), recorded));
  });

  it.each([1, 2, 3, 7, 64])('from %i shards give the files of the undivided run', async (of) => {
    expect(whole['summary.json']).toMatch(/"complete": true/u);
    const merged = await derivedOf(merge(...shardsIn(of)));
    for (const name of derivedFiles) expect([name, merged[name] === whole[name]]).toEqual([name, true]);
  });

  it('stand in the order of the plan, every line as it was written', () => {
    const folders = shardsIn(3);
    const merged = merge(...folders);
    const written = new Set(folders.flatMap((folder) => linesOf(folder, 'samples.jsonl')));
    const lines = linesOf(merged, 'samples.jsonl');
    expect(new Set(lines)).toEqual(written);
    const places = new Map(recorded.plan.cells.map(({ key }, at) => [key, at]));
    const order = samplesOf(merged)
      .filter(({ phase }) => phase === 'quality')
      .map(({ cell }) => places.get(cell) ?? -1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(bytesOf(merged, 'plan.jsonl').equals(bytesOf(folders[0] ?? '', 'plan.jsonl'))).toBe(true);
    expect(manifestOf(merged).parts?.map(({ shard }) => shard?.index)).toEqual([1, 2, 3]);
    expect(manifestOf(merged)).not.toHaveProperty('shard');
    expect(manifestOf(merged).invocation).not.toHaveProperty('shard');
  });

  it('are the same in whatever order and groups they are put together, and how often', () => {
    const folders = shardsIn(5);
    const truthOf = (folder: string): string[] => {
      const { run: _run, invocation: _where, ...manifest } = manifestOf(folder);
      return [
        JSON.stringify(manifest),
        ...['samples.jsonl', 'readings.jsonl'].map((name) => bytesOf(folder, name).toString()),
      ];
    };
    const expected = truthOf(merge(...folders));
    expect(truthOf(merge(merge(...folders)))).toEqual(expected);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(folders, { minLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (order, cut, again) => {
          const part = merge(...order.slice(0, cut));
          expect(truthOf(merge(...order.slice(again ? 0 : cut), part))).toEqual(expected);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('count once when a folder is named twice, or lies there as a copy', () => {
    const [first = '', second = ''] = shardsIn(2);
    cpSync(first, path.join(place, 'copy'), { recursive: true });
    symlinkSync(second, path.join(place, 'link'));
    const merged = merge(first, second, path.join(place, 'copy'), path.join(place, 'link'), first);
    expect(samplesOf(merged)).toHaveLength(recorded.samples.length);
    expect(manifestOf(merged).parts).toHaveLength(2);
  });
});

describe('gaps', () => {
  it('of a shard that is not there are counted, named, and make the report incomplete', async () => {
    const [first = '', , third = ''] = shardsIn(3);
    const merged = merge(first, third);
    const { run, totals, notes } = await summaryOf(merged);
    expect(run.complete).toBe(false);
    expect(totals.unasked).toBe(ownCells(recorded.plan, { index: 2, of: 3 }).length);
    expect(notes.find(({ code }) => code === 'shards-missing')?.text).toBe(
      '1 shard not in this merge: 2 of 3.',
    );
  });

  it('are the cells of lines that were damaged: skipped, and named with their shard', async () => {
    const [first = '', second = ''] = shardsIn(2);
    const file = path.join(first, 'samples.jsonl');
    const bytes = readFileSync(file);
    const all = samplesOf(first).map((sample) => sample.cell);
    const cell = all.find((key) => all.indexOf(key) === all.lastIndexOf(key)) ?? '';
    const at = bytes.indexOf(cell);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, Buffer.concat([bytes, Buffer.from('{"v":1,"cell":"torn')]));
    const merged = merge(first, second);
    expect(samplesOf(merged).map((sample) => sample.cell)).not.toContain(cell);
    expect((await summaryOf(merged)).totals.unasked).toBe(1);
    expect(manifestOf(merged).repairs).toEqual([
      expect.stringMatching(/^shard 1 of 2 \(.*\): samples\.jsonl: a damaged line at byte \d+ was skipped$/u),
      expect.stringMatching(/^shard 1 of 2 \(.*\): samples\.jsonl: an unfinished last line was skipped$/u),
    ]);
    // The sources are as they were.
    expect(readdirSync(first)).not.toContain('quarantine');
  });

  it.each([
    ['of another shape', { outcome: null }, /is no record of an answer/u],
    ['without its times', { timing: {} }, /is no record of an answer/u],
    ['of an unknown phase', { phase: 'warm' }, /is no record of an answer/u],
    ['that says another language than the plan', { language: 'xx' }, /says another question than the plan/u],
    ['that says another target', { target: 'beta' }, /says another question than the plan/u],
  ])('are the cells of sealed lines %s', (_what, change, said) => {
    const [first = '', second = ''] = shardsIn(2);
    const own = samplesOf(first);
    const at = own.findIndex(({ target }) => target === 'alpha');
    const spoilt = own.map((sample, index) => (index === at ? { ...sample, ...change } : sample));
    writeFileSync(path.join(first, 'samples.jsonl'), Buffer.concat(spoilt.map(sealLine)));
    const merged = merge(first, second);
    expect(samplesOf(merged)).toHaveLength(recorded.samples.length - 1);
    expect(manifestOf(merged).repairs).toEqual([expect.stringMatching(said)]);
  });

  it('of the speed phase make a run incomplete too', async () => {
    const folders = shardsIn(2);
    for (const folder of folders) {
      const kept = linesOf(folder, 'readings.jsonl').filter((line) => !line.includes('"block":0,'));
      writeFileSync(path.join(folder, 'readings.jsonl'), kept.map((line) => `${line}\n`).join(''));
    }
    const { found, folder } = putTogether(folders, path.join(place, 'merged'));
    expect(found.unmeasured).toBeGreaterThan(0);
    const { run, totals, notes } = await summaryOf(folder);
    expect([run.complete, totals.unasked]).toEqual([false, 0]);
    expect(notes.map(({ code }) => code)).toContain('speed-incomplete');
    expect(notes.map(({ code }) => code)).not.toContain('incomplete');
  });

  it('bring along what happened on the way, each once, and a report that says so', async () => {
    const event = (at: number, name: RunEvent['event'], leg: string): RunEvent => ({
      v: 1,
      kind: 'event',
      event: name,
      target: 'beta',
      phase: 'quality',
      leg,
      ms: 500,
      because: 'นานเกินไป',
      at,
    });
    const start = Date.parse(recorded.manifest.createdAt);
    const seen = [
      event(start + 90_000, 'breaker-closed', 'x-leg-1'),
      event(start + 60_000, 'cool-down', 'y-leg-1'),
    ];
    const folders = shardsIn(2).map((folder, at) => {
      const lines = seen.slice(at, at + 1).map(sealLine);
      appendFileSync(path.join(folder, 'readings.jsonl'), Buffer.concat(lines));
      return folder;
    });
    const merged = merge(...folders, folders[0] ?? '');
    expect(linesOf(merged, 'readings.jsonl').filter((line) => line.includes('"kind":"event"'))).toHaveLength(
      2,
    );
    const { events } = await summaryOf(merged);
    expect(events?.list.list.map(({ event: name, because }) => [name, because])).toEqual([
      ['cool-down', 'นานเกินไป'],
      ['breaker-closed', 'นานเกินไป'],
    ]);
    expect(events?.counts.map(({ event: name, count, totalMs }) => [name, count, totalMs])).toEqual([
      ['breaker-closed', 1, 500],
      ['cool-down', 1, 500],
    ]);
  });

  it('are what is left of a shard that was stopped before its first answer', () => {
    const [first = '', second = ''] = shardsIn(2);
    rmSync(path.join(second, 'samples.jsonl'));
    rmSync(path.join(second, 'readings.jsonl'));
    expect(samplesOf(merge(first, second)).length).toBe(samplesOf(first).length);
  });
});

describe('a shard that was asked twice', () => {
  const again = (samples: readonly Sample[], laterMs: number): Sample[] =>
    samples.map((sample) => ({ ...sample, leg: 'again-leg-1', endedAt: sample.endedAt + laterMs }));

  it.each([[5_000_000], [-5_000_000]])('counts with its first answers (%i ms)', async (laterMs) => {
    const folders = shardsIn(3);
    const other: Recorded = { ...recorded, samples: again(recorded.samples, laterMs) };
    const twice = writeShard(place, other, { index: 2, of: 3 }, { run: 'again-s2of3' });
    const merged = merge(twice, ...folders);
    const own = new Set(ownCells(recorded.plan, { index: 2, of: 3 }).map(({ key }) => key));
    const summary = await summaryOf(merged);
    expect(summary.totals.planned).toBe(recorded.plan.cells.length);
    const answers = recorded.samples.filter(
      ({ cell, phase, outcome }) => phase === 'quality' && own.has(cell) && outcome.kind === 'answered',
    );
    expect(summary.notes.find(({ code }) => code === 'duplicates')?.text).toBe(
      `${answers.length} further answers to cells that had one: the first counts.`,
    );
    const rows = bytesOf(merged, 'rows.csv').toString();
    expect(rows.length).toBeGreaterThan(0);
    const counted = samplesOf(merged).filter(({ cell }) => cell === answers[0]?.cell);
    expect(counted[0]?.leg).toBe(laterMs > 0 ? 'leg-1' : 'again-leg-1');
    expect(manifestOf(merged).parts).toHaveLength(4);
  });

  it('has one speed phase: two measurements of it do not mix', () => {
    const folders = shardsIn(2);
    const owner = folders.find((folder) => samplesOf(folder).some(({ phase }) => phase === 'speed')) ?? '';
    const index = manifestOf(owner).shard?.index ?? 0;
    const fewer: Recorded = {
      ...recorded,
      samples: again(recorded.samples, -1000),
      readings: recorded.readings
        .filter((reading) => reading.kind !== 'block' || reading.block > 0)
        .map((reading) => ({ ...reading, leg: 'again-leg-1', at: reading.at - 1000 })),
    };
    const twice = writeShard(place, fewer, { index, of: 2 }, { run: 'again' });
    const merged = merge(twice, ...folders);
    const legs = samplesOf(merged).flatMap(({ phase, leg }) => (phase === 'speed' ? [leg] : []));
    expect(new Set(legs)).toEqual(new Set(['leg-1']));
    expect(manifestOf(merged).warnings).toEqual([
      expect.stringMatching(
        /^shard \d of 2 \(again\) measured the speed phase too: that of shard .* counts$/u,
      ),
    ]);
    expect(linesOf(merged, 'readings.jsonl').filter((line) => line.includes('"kind":"block"'))).toHaveLength(
      recorded.readings.filter(({ kind }) => kind === 'block').length,
    );
  });
});

describe('what does not belong together', () => {
  it('are runs of different plans: both are named', () => {
    const [first = ''] = shardsIn(2);
    const other = writeShard(place, recordedRun({ items: 4 }), { index: 2, of: 2 }, { run: 'other' });
    const { message, exit } = refusal(first, other);
    expect(exit).toBe(exitCode.incomplete);
    for (const folder of [first, other]) expect(message).toContain(folder);
    expect(message).toMatch(/have different plans/u);
  });

  it('are runs of different formats: both are named', () => {
    const [first = '', second = ''] = shardsIn(2);
    const changed = { ...manifestOf(second), format: 2 };
    writeFileSync(path.join(second, 'manifest.json'), JSON.stringify(changed));
    const { message, exit } = refusal(first, second);
    expect(exit).toBe(exitCode.incomplete);
    expect(message).toBe(
      `${first} has format 1, ${second} has format 2 - shards of one run are made by one version of visavis`,
    );
    // All of one format that is not known here: unreadable, as for every other command.
    writeFileSync(path.join(first, 'manifest.json'), JSON.stringify({ ...manifestOf(first), format: 2 }));
    expect(refusal(first, second).exit).toBe(exitCode.invalid);
  });

  it('is an answer to what nobody planned', () => {
    const [first = '', second = ''] = shardsIn(2);
    const [sample] = samplesOf(second);
    appendFileSync(
      path.join(second, 'samples.jsonl'),
      sealLine({ ...sample, cell: 'f'.repeat(32), test: '\u001b[31mx' }),
    );
    const { message, exit } = refusal(first, second);
    expect(exit).toBe(exitCode.incomplete);
    expect(message).toContain(`${second} has an answer to`);
    expect(message).toContain(`the plan of ${first}`);
    expect(message).not.toContain('\u001b');
    expect(readdirSync(place)).not.toContain('merged');
  });

  it('is not an answer of another shard: an edit of the suites moves cells between them', () => {
    const [first = '', second = ''] = shardsIn(2);
    const sample = samplesOf(first).find(({ outcome }) => outcome.kind === 'answered');
    const early = { ...sample, leg: 'before', endedAt: 1 };
    appendFileSync(path.join(second, 'samples.jsonl'), sealLine(early));
    const merged = samplesOf(merge(first, second));
    expect(merged.find(({ cell }) => cell === sample?.cell)).toEqual(early);
  });

  it('is not an answer to a question that an edited suite has dropped: it stays where it is', () => {
    const [first = '', second = ''] = shardsIn(2);
    const [sample] = samplesOf(second);
    appendFileSync(path.join(second, 'samples.jsonl'), sealLine({ ...sample, cell: 'dropped' }));
    const before = path.join(second, 'plan.0a1b2c3d.jsonl');
    writeFileSync(before, sealLine({ v: 1, cell: 'dropped' }));
    const knows = (earlierPlans: readonly string[]): void =>
      writeFileSync(
        path.join(second, 'manifest.json'),
        JSON.stringify({ ...manifestOf(second), earlierPlans }),
      );
    knows(['e'.repeat(64)]);
    expect(refusal(first, second).message).toContain('dropped');
    knows(['e'.repeat(64), hashFile(before)]);
    const merged = merge(first, second);
    expect(samplesOf(merged)).toHaveLength(recorded.samples.length);
    expect(manifestOf(merged).warnings).toEqual([
      expect.stringMatching(/^shard 2 of 2 \(.*\): 1 record of an earlier plan was left out$/u),
    ]);
    expect(manifestOf(merged).earlierPlans).toEqual([]);
  });

  it('are two runs of the whole plan, and a run with another load', () => {
    const leg = { host: 'h', endedAt: null, end: null, exitCode: null, sent: 1, id: 'leg-1' };
    const whole = (run: string, pid: number): string =>
      writeRun(place, recorded, { run, legs: [{ ...leg, pid, startedAt: '2026' }] });
    const [a, b] = [whole('a', 1), whole('b', 2)];
    expect(refusal(a, b)).toMatchObject({
      exit: exitCode.incomplete,
      message: `${a} and ${b} are two runs of the whole plan, not parts of one - compare them with visavis compare, or start the parts with --shard`,
    });
    expect(samplesOf(merge(a))).toHaveLength(recorded.samples.length);
    const [first = ''] = shardsIn(2);
    const calm = writeShard(place, recorded, { index: 2, of: 2 }, { run: 'calm', objectives: null });
    expect(refusal(first, calm).message).toMatch(/different speed phases/u);
  });
});

describe('a folder that cannot be trusted', () => {
  it('is left alone while another process writes it', () => {
    const [first = '', second = ''] = shardsIn(2);
    const lock = takeLock(second, { now: '2026-01-02T03:04:05Z' });
    const { message, exit } = refusal(first, second);
    expect(exit).toBe(exitCode.locked);
    expect(message).toContain(`${second} is in use by process ${process.pid} on ${hostname()}`);
    lock.release();
    expect(samplesOf(merge(first, second))).toHaveLength(recorded.samples.length);
  });

  it.each([
    ['of a process that is gone', { pid: 2 ** 30 }, 0],
    ['of another machine that has been silent for two minutes', { host: 'elsewhere' }, 120],
    ['that names a path for a process, and is old', { pid: '../proc/self' }, 120],
  ])('is taken with a lock %s', (_what, change, silentSeconds) => {
    const [first = '', second = ''] = shardsIn(2);
    const lock = takeLock(second, { now: 'now' });
    const file = path.join(second, 'lock');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...change }));
    const seen = Date.now() / 1000 - silentSeconds;
    utimesSync(file, seen, seen);
    expect(samplesOf(merge(first, second))).toHaveLength(recorded.samples.length);
    lock.release();
  });

  it('is left alone with a lock of another machine that is touched all the time', () => {
    const [first = '', second = ''] = shardsIn(2);
    writeFileSync(
      path.join(second, 'lock'),
      JSON.stringify({ host: '\u001b[31mfar', pid: 7, since: 'x', nonce: 'n' }),
    );
    const { message, exit } = refusal(first, second);
    expect([exit, message]).toEqual([
      exitCode.locked,
      expect.stringMatching(/in use by process 7 on \\u\{1B\}\[31mfar since x - wait/u),
    ]);
  });

  it('is refused when it holds lines of a form that is not known yet', () => {
    const [first = '', second = ''] = shardsIn(2);
    appendFileSync(path.join(second, 'samples.jsonl'), sealLine({ ...samplesOf(second)[0], v: 2 }));
    expect(refusal(first, second)).toMatchObject({
      exit: exitCode.invalid,
      message: expect.stringMatching(/^samples\.jsonl has lines of the form 2/u) as string,
    });
  });

  it.each([
    ['run', undefined],
    ['legs', [{}]],
    ['targets', [{ id: 'alpha' }]],
    ['planHash', '../../../../etc/passwd'],
    ['earlierPlans', ['../../../../etc']],
    ['invocation', {}],
    ['warnings', [1]],
    ['shard', { index: 1, of: 2 ** 40 }],
    ['parts', [{ run: 'r', createdAt: '', shard: { index: 0, of: 2 } }]],
  ])('is refused when %s of its manifest is %j', (field, value) => {
    const [first = '', second = ''] = shardsIn(2);
    writeFileSync(
      path.join(second, 'manifest.json'),
      JSON.stringify({ ...manifestOf(second), [field]: value }),
    );
    const { message, exit } = refusal(first, second);
    expect(message).toContain(`${path.join(second, 'manifest.json')} is not whole`);
    expect(exit).toBe(exitCode.storage);
  });

  it('is refused with a plan that is not the one it names, or no plan at all', () => {
    const [first = '', second = ''] = shardsIn(2);
    const file = path.join(second, 'plan.jsonl');
    appendFileSync(file, '\n');
    expect(refusal(first, second)).toMatchObject({
      exit: exitCode.storage,
      message: expect.stringMatching(/is damaged/u) as string,
    });
    renameSync(file, path.join(second, 'away'));
    expect(refusal(first, second).message).toBe(`${file} is not there - is this a whole run folder?`);
    symlinkSync(path.join(first, 'plan.jsonl'), file);
    expect(refusal(first, second).message).toMatch(/plan\.jsonl is not a regular file/u);
  });

  it('is refused with a copy of an earlier run that is none', () => {
    const earlier = { id: 'before', tool: 't', createdAt: '2026', planHash: 'p' };
    const first = writeShard(place, recorded, { index: 1, of: 2 }, { earlier });
    const second = writeShard(place, recorded, { index: 2, of: 2 }, { earlier });
    const file = path.join(first, 'earlier.jsonl');
    const run = sealLine({ v: 1, kind: 'run', name: earlier, targets: [] });
    const [answer] = recorded.samples;
    writeFileSync(
      file,
      Buffer.concat([run, sealLine({ v: 1, kind: 'sample', sample: { ...answer, outcome: 1 } })]),
    );
    expect(refusal(first, second)).toMatchObject({
      exit: exitCode.storage,
      message: expect.stringMatching(/earlier\.jsonl is not the copy of a run/u) as string,
    });
    writeFileSync(file, Buffer.concat([run, sealLine({ v: 1, kind: 'sample', sample: answer })]));
    expect(bytesOf(merge(first, second), 'earlier.jsonl').equals(readFileSync(file))).toBe(true);
  });

  it('never decides where something is written', () => {
    const names = shardsIn(2).map((folder) => {
      const run = '../../../outside';
      writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ ...manifestOf(folder), run }));
      return folder;
    });
    const before = readdirSync(root);
    const merged = merge(...names);
    expect(path.dirname(merged)).toBe(path.join(place, 'merged'));
    expect(readdirSync(path.join(place, 'merged'))).toEqual([path.basename(merged)]);
    expect(readdirSync(root)).toEqual(before);
    expect(manifestOf(merged).parts?.[0]?.run).toBe('../../../outside');
  });
});

describe('what a shard leaves with', () => {
  it('is 0 when all of its own was asked to the end, whatever came of it', async () => {
    const lost = recorded.samples.map((sample) =>
      sample.phase === 'quality' ? { ...sample, status: 'timeout' as const, outcome: failed() } : sample,
    );
    const folders = writeShards(place, { ...recorded, samples: lost }, 2);
    const exits = await Promise.all(folders.map(async (folder) => shardExit(await reportOf(folder))));
    expect(exits).toEqual([exitCode.done, exitCode.done]);
    expect(shardExit(await reportOf(merge(...folders)))).toBeNull();
  });

  it('is 6 when a cell of its own was never asked, or its load not measured to the end', async () => {
    const folders = shardsIn(2);
    for (const folder of folders) {
      const { index, of } = manifestOf(folder).shard ?? { index: 0, of: 0 };
      const shard = { index, of };
      const name = ownsSpeed(recorded.plan, shard) ? 'readings.jsonl' : 'samples.jsonl';
      const drop =
        name === 'readings.jsonl' ? '"block":1,' : `"cell":"${ownCells(recorded.plan, shard)[0]?.key ?? ''}"`;
      const kept = linesOf(folder, name).filter((line) => !line.includes(drop));
      writeFileSync(path.join(folder, name), kept.map((line) => `${line}\n`).join(''));
      expect([name, shardExit(await reportOf(folder))]).toEqual([name, exitCode.incomplete]);
    }
  });
});

describe('what the shards do not agree on', () => {
  it('is settled the same way whatever their order, and said', () => {
    const folders = [
      writeShard(place, recorded, { index: 1, of: 2 }, { seed: 7, maxErrorRate: 0.2 }),
      writeShard(place, recorded, { index: 2, of: 2 }, { maxErrorRate: 0.1, warnings: ['ضجيج'] }),
    ];
    for (const order of [folders, folders.toReversed()]) {
      const { seed, maxErrorRate, warnings } = manifestOf(merge(...order));
      expect([seed, maxErrorRate]).toEqual([7, 0.1]);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^shard 2 of 2 .* has maxErrorRate 0\.1, shard 1 of 2 .* has 0\.2: the lowest counts$/u,
        ),
        expect.stringMatching(/^shard 2 of 2 .* has seed 42, shard 1 of 2 .* has 7: 7 counts$/u),
        'ضجيج',
      ]);
    }
  });

  it('is not what each of them had in flight: together they had it all', () => {
    const folders = [1, 2].map((index) => {
      const targets = recorded.manifest.targets.map((target) => ({
        ...target,
        concurrency: 4,
        concurrencyOfAll: 8,
      }));
      return writeShard(place, recorded, { index, of: 2 }, { targets });
    });
    const { targets } = manifestOf(merge(...folders));
    expect(targets.map(({ concurrency }) => concurrency)).toEqual([8, 8]);
    expect(targets[0]).not.toHaveProperty('concurrencyOfAll');
  });

  it('is each start of the run, which all stand in the list once', () => {
    const leg = {
      host: 'h',
      pid: 1,
      startedAt: '2026-01-01',
      endedAt: null,
      end: null,
      exitCode: null,
      sent: 1,
    };
    const folders = [1, 2].map((index) =>
      writeShard(place, recorded, { index, of: 2 }, { legs: [{ ...leg, id: `s${index}-leg-1` }] }),
    );
    const ended = { ...leg, id: 's1-leg-1', endedAt: '2026-01-02', end: 'complete' };
    const copy = writeShard(place, recorded, { index: 1, of: 2 }, { run: 'copy', legs: [ended] });
    expect(manifestOf(merge(...folders, copy)).legs.map(({ id, end }) => [id, end])).toEqual([
      ['s1-leg-1', 'complete'],
      ['s2-leg-1', null],
    ]);
  });
});
