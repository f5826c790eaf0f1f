/** What a resume finds open, in this version's runs and in those of earlier formats. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answered, cell, failed, failure, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import { watchCalls } from '../../fixtures/crash/disk-calls.mjs';
import { judgesHere } from '../../fixtures/checks/judges-here.ts';
import { sift } from '../aggregate/effective.ts';
import { openJournal } from '../record/journal.ts';
import { sealLine } from '../record/line.ts';
import { readManifest } from '../record/manifest.ts';
import { recall } from '../record/recall.ts';
import type { BlockReading, Cell, Sample, SpeedRequest } from '../types.ts';
import { renderRun, scoreRun } from './derived.ts';
import { closeLeg, recordLeg, startLeg } from './leg.ts';
import { lookAtMachine } from './machine.ts';
import { tallyCells } from './open-cells.ts';
import { tallyRequests } from './open-requests.ts';
import { createRun, reopenRun, type OpenRun } from './open-run.ts';
import { prepare, type Invocation, type Prepared } from './prepare.ts';
import { openStorage } from './storage.ts';

const format1 = path.join(import.meta.dirname, '..', '..', 'fixtures', 'record', 'format-1');
let place = '';
const opened: OpenRun[] = [];
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-resume-'));
});
afterEach(() => {
  for (const run of opened.splice(0)) run.lock.release();
  rmSync(place, { recursive: true, force: true });
});

/** The run as it lies on the disk. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file), readFileSync(file, 'latin1')];
      }),
  );
}

const invocation: Invocation = {
  suites: [path.join(format1, 'sums.yaml')],
  targetsFile: null,
  targetFlags: ['strong=http://127.0.0.1:9/v1#strong', 'weak=http://127.0.0.1:9/v1#weak'],
  concurrency: 1,
  repeat: null,
  languages: ['ar', 'th', 'ja', 'sw'],
  filterTests: null,
  limit: null,
  seed: 42,
};

function reopen(folder: string, prepared: Prepared, more: { retryErrors?: boolean } = {}): OpenRun {
  const run = reopenRun(folder, {
    prepared,
    invocation,
    retryErrors: more.retryErrors === true,
    forceUnlock: false,
  });
  opened.push(run);
  run.lock.release();
  return run;
}

/** The same, as if the suites held these questions. */
const planned = (prepared: Prepared, cells: readonly Cell[]): Prepared => ({
  ...prepared,
  plan: { cells },
});

describe('a suite that was edited between a run and its resume', () => {
  async function answeredRun(): Promise<{ folder: string; all: readonly Cell[]; prepared: Prepared }> {
    const prepared = await prepare({ ...invocation, languages: null, repeat: 17 });
    const all = prepared.plan.cells;
    expect(all.length).toBeGreaterThanOrEqual(1000);
    const old = planned(prepared, all.slice(0, 988));
    const run = createRun(place, old, invocation);
    const journal = openJournal(path.join(run.folder, 'samples.jsonl'));
    for (const one of old.plan.cells) journal.append(sample(one));
    await journal.close();
    run.lock.release();
    return { folder: run.folder, all, prepared };
  }

  it('asks what is new, keeps what is orphaned, scores none of it, and says how many', async () => {
    const { folder, all, prepared } = await answeredRun();
    const before = readFileSync(path.join(folder, 'plan.jsonl'));
    const { planHash } = readManifest(folder);
    const edited = planned(prepared, all.slice(3, 1000));
    const run = reopen(folder, edited);
    expect(run.remarks.join('\n')).toMatch(/12 new, 3 orphaned, 985 kept/u);
    expect(run.open.map(({ key }) => key)).toEqual(all.slice(988, 1000).map(({ key }) => key));
    // The plan that was asked before lies beside the one of today.
    expect(readFileSync(path.join(folder, `plan.${planHash.slice(0, 8)}.jsonl`)).equals(before)).toBe(true);
    expect(run.manifest.earlierPlans).toEqual([planHash]);
    const { samples, plan } = recall(folder);
    expect(samples).toHaveLength(988);
    const { effective, leftOut } = sift(plan, samples);
    expect([effective.size, leftOut.strangers]).toEqual([985, 3]);
    // Back to the suite of before: its answers are still there.
    const back = reopen(folder, planned(prepared, all.slice(0, 988)));
    expect([back.open.length, back.remarks[0]]).toEqual([
      0,
      expect.stringMatching(/3 new, 12 orphaned, 985 kept/u),
    ]);
  });
});

describe('a disk that refuses while a changed plan is taken over', () => {
  it('leaves a run that can be read and gone on with, whichever call it is', async () => {
    const prepared = await prepare(invocation);
    const { cells } = prepared.plan;
    const some = (from: number, to: number): Prepared => planned(prepared, cells.slice(from, to));
    const fresh = (): string => {
      const reports = mkdtempSync(path.join(place, 'reports-'));
      const { folder, lock } = createRun(reports, some(0, 20), invocation);
      lock.release();
      return folder;
    };
    let refused = 0;
    for (let nth = 1, isOver = false; !isOver; nth += 1) {
      const folder = fresh();
      let calls = 0;
      const restore = watchCalls(folder, ({ operation }) => {
        if (!/^(?:open|write|fsync|rename|link|mkdir)/u.test(operation)) return undefined;
        calls += 1;
        return calls === nth ? { error: 'EIO' } : undefined;
      });
      let error: unknown = null;
      try {
        reopen(folder, some(4, 24));
      } catch (thrown) {
        error = thrown;
      }
      restore();
      isOver = calls < nth;
      if (error !== null) {
        refused += 1;
        expect([nth, error]).toMatchObject([nth, { exit: 5 }]);
      }
      expect([nth, recall(folder).plan.cells.length]).toEqual([nth, 20]);
      rmSync(path.join(folder, 'lock'), { force: true });
      expect([nth, reopen(folder, some(4, 24)).open.length]).toEqual([nth, 20]);
      expect([nth, recall(folder).damage]).toEqual([nth, []]);
    }
    expect(refused).toBeGreaterThan(10);
  });
});

describe('a start that writes nothing', () => {
  it('leaves no trace in the manifest', async () => {
    const prepared = await prepare(invocation);
    const run = createRun(place, prepared, invocation);
    opened.push(run);
    const before = readManifest(run.folder);
    const { folder, lock } = run;
    const storage = openStorage({ folder, lock, durability: 'balanced', say: () => {} });
    const leg = startLeg(run.manifest, 'quality', await lookAtMachine([]));
    recordLeg(run, leg);
    expect(readManifest(folder).legs).toHaveLength(1);
    await closeLeg(
      run,
      { leg, storage, signals: { received: () => 'SIGINT' } },
      { isAborted: false, targets: [] },
    );
    await storage.close();
    expect(readManifest(folder)).toEqual(before);
  });
});

describe('a run of format 1', () => {
  function copied(): string {
    const folder = path.join(place, '20261126T034345Z-e51c');
    cpSync(path.join(format1, 'run'), folder, { recursive: true });
    return folder;
  }

  it('is read whole, its first form of readings too', () => {
    const { plan, samples, readings, damage } = recall(copied());
    expect([plan.cells.length, samples.length, damage]).toEqual([24, 24, []]);
    expect(readings.map(({ v, status, moment }) => [v, status, moment])).toEqual([
      [2, 'read', 'loaded'],
      [2, 'unavailable', 'after'],
      [2, 'unavailable', 'after'],
    ]);
  });

  it('is gone on with: the same plan from the same suite, and only what failed for good can be asked again', async () => {
    const folder = copied();
    const prepared = await prepare(invocation);
    const before = contentOf(folder);
    const run = reopen(folder, prepared);
    expect([run.open, run.remarks]).toEqual([[], []]);
    const { 'manifest.json': manifest, ...rest } = contentOf(folder);
    const { 'manifest.json': manifestBefore, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    // What the first version did not know yet is filled in, once.
    expect(JSON.parse(manifest ?? '')).toMatchObject({
      ...JSON.parse(manifestBefore ?? ''),
      suites: [{}],
      invocation: {},
    });
    reopen(folder, prepared);
    expect(contentOf(folder)['manifest.json']).toBe(manifest);
    const again = reopen(folder, prepared, { retryErrors: true });
    expect(again.open.map(({ target, test }) => [target, test])).toEqual(
      Array.from({ length: 4 }, () => ['weak', 'tens']),
    );
    expect([...again.attemptsBefore.values()]).toEqual([1, 1, 1, 1]);
  });

  it('has a report, the same each time', async () => {
    const folder = copied();
    const derive = async (): Promise<void> => {
      const truth = recall(folder);
      await scoreRun(folder, truth, judgesHere, () => ({ tick: () => {}, stop: () => {} }));
      renderRun(folder, truth);
    };
    await derive();
    const first = contentOf(folder);
    expect(JSON.parse(first['summary.json'] ?? '')).toMatchObject({ run: { complete: false } });
    await derive();
    expect(contentOf(folder)).toEqual(first);
  });

  it.each([
    ['manifest.json', (text: string) => text.replace('"format": 1', '"format": 2'), 3, /has format 2/u],
    ['manifest.json', (text: string) => text.replace('"format": 1,', ''), 3, /has format undefined/u],
    ['manifest.json', (text: string) => text.slice(0, 200), 5, /is not JSON/u],
    ['samples.jsonl', () => sealLine({ v: 2, cell: 'c' }).toString(), 3, /lines of the form 2/u],
    ['readings.jsonl', () => sealLine({ v: 3, kind: 'reading' }).toString(), 3, /lines of the form 3/u],
    ['plan.jsonl', (text: string) => text.replace('sums', 'sumt'), 5, /plan damaged/u],
    ['plan.jsonl', (text: string) => text.slice(0, -1), 5, /plan damaged/u],
  ])(
    'is refused, never guessed, where its %s is of another form or damaged',
    async (name, change, exit, words) => {
      const folder = copied();
      const file = path.join(folder, name);
      writeFileSync(file, change(readFileSync(file, 'utf8')));
      const prepared = await prepare(invocation);
      for (const read of [() => recall(folder), () => reopen(folder, prepared)]) {
        expect(read).toThrow(words);
        expect(read).toThrow(expect.objectContaining({ exit }));
      }
    },
  );
});

describe('damage in the middle of a journal', () => {
  it('opens its cell again, and is told once', async () => {
    const folder = path.join(place, 'run');
    cpSync(path.join(format1, 'run'), folder, { recursive: true });
    const file = path.join(folder, 'samples.jsonl');
    const bytes = readFileSync(file);
    const second = bytes.indexOf(10) + 1;
    bytes[second + 30] = (bytes[second + 30] ?? 0) ^ 4;
    writeFileSync(file, bytes);
    const prepared = await prepare(invocation);
    const run = reopen(folder, prepared);
    expect(run.open).toHaveLength(1);
    expect(run.manifest.repairs).toEqual([
      expect.stringMatching(/samples\.jsonl: a damaged line at byte \d+ was set aside/u),
    ]);
    const after = contentOf(folder);
    expect(reopen(folder, prepared).remarks).toEqual([]);
    expect(contentOf(folder)).toEqual(after);
  });
});

describe('what is open', () => {
  const one = cell({ language: 'th', test: 'คำถาม' });
  const attemptOf = (attempt: number, more: Partial<Sample>): Sample =>
    sample(one, { attempt, endedAt: 1000 * attempt, ...more });
  const mayPass = { outcome: failed() };
  const final = {
    outcome: { ...failed(), failure: { ...failure, remedy: 'final' as const } },
  };
  const open = (samples: readonly Sample[], retryErrors = false): number => {
    const tally = tallyCells([one]);
    samples.forEach(tally.take);
    return tally.open({ retryErrors }).open.length;
  };

  it.each([
    ['without a record', [], 1, 1],
    ['with an answer', [attemptOf(1, {})], 0, 0],
    ['that failed in a way that may pass', [attemptOf(1, mayPass)], 1, 1],
    ['that failed for good', [attemptOf(1, final)], 0, 1],
    ['that was answered after a failure', [attemptOf(1, final), attemptOf(2, {})], 0, 0],
    [
      'that failed for good in the end, in whatever order the lines stand',
      [attemptOf(2, final), attemptOf(1, mayPass)],
      0,
      1,
    ],
    ['with a record that contradicts the plan', [attemptOf(1, { language: 'ja' })], 1, 1],
    ['with a warm-up', [attemptOf(1, { warmup: true })], 1, 1],
    ['with an answer of the speed phase', [attemptOf(1, { phase: 'speed' })], 1, 1],
  ])('is a cell %s', (_, samples, plain, retried) => {
    expect([open(samples), open(samples, true)]).toEqual([plain, retried]);
  });

  it('goes on counting attempts, those of bad records too, and remembers an answer that was cut', () => {
    const tally = tallyCells([one]);
    tally.take(attemptOf(4, { ...mayPass, chunks: 0 }));
    tally.take(attemptOf(7, { outcome: answered(), language: 'ja' }));
    const found = tally.open({ retryErrors: false });
    expect([found.attemptsBefore.get(one.key), found.cutBefore.has(one.key)]).toEqual([7, false]);
    tally.take(attemptOf(2, { ...mayPass, chunks: 3 }));
    expect(tally.open({ retryErrors: false }).cutBefore.has(one.key)).toBe(true);
  });
});

describe('a block of the speed phase', () => {
  const request = (key: string, block: number): SpeedRequest =>
    ({ key, block, target: 'a', level: 'c4' }) as unknown as SpeedRequest;
  const plan = [request('x', 1), request('y', 1), request('z', 2)];
  const reading = (block: number, leg: string, at = 1): BlockReading =>
    ({ block, leg, at, target: 'a', level: 'c4' }) as unknown as BlockReading;
  const record = (key: string, leg: string): Sample => sample(cell({}), { cell: key, leg, phase: 'speed' });

  it.each([
    ['nothing is known', [], [], ['x', 'y', 'z']],
    ['one start has all of a block', [reading(1, 'l1')], [record('x', 'l1'), record('y', 'l1')], ['z']],
    ['a block has not ended', [], [record('x', 'l1'), record('y', 'l1')], ['x', 'y', 'z']],
    ['two starts share a block', [reading(1, 'l2')], [record('x', 'l1'), record('y', 'l2')], ['x', 'y', 'z']],
    // After an edit of the suites, other prompts stand in the same place.
    ['other prompts stood there', [reading(2, 'l1')], [record('old', 'l1')], ['x', 'y', 'z']],
    [
      'a later start measured other prompts there',
      [reading(2, 'l2', 9), reading(2, 'l1')],
      [record('z', 'l1'), record('old', 'l2')],
      ['x', 'y', 'z'],
    ],
  ])('is open where %s', (_, readings, samples, wanted) => {
    const tally = tallyRequests(plan);
    readings.forEach(tally.takeBlock);
    samples.forEach(tally.take);
    expect(tally.open().map(({ key }) => key)).toEqual(wanted);
  });
});
