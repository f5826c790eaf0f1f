/**
 * A run of 60 cells over a disk that refuses one call: whichever it is, the person reads what it was and the exit code of
 * storage, no answer that was counted is lost, and the run can be finished.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sample } from '../../fixtures/aggregate/synthetic-run.ts';
import { watchCalls, type DiskCall } from '../../fixtures/crash/disk-calls.mjs';
import { PersonError } from '../errors.ts';
import { order } from '../plan/order.ts';
import { readManifest } from '../record/manifest.ts';
import { readLines } from '../record/read-lines.ts';
import { recall } from '../record/recall.ts';
import { findRun } from '../record/run-folder.ts';
import { execute } from '../run/execute.ts';
import type { Cell } from '../types.ts';
import { closeLeg, recordLeg, startLeg } from './leg.ts';
import { lookAtMachine } from './machine.ts';
import { createRun, reopenRun, type OpenRun } from './open-run.ts';
import { prepare, type Invocation, type Prepared } from './prepare.ts';
import { openStorage } from './storage.ts';

const suite = path.join(import.meta.dirname, '..', '..', 'fixtures', 'e2e', 'sums.yaml');
const invocation: Invocation = {
  suites: [suite],
  targetsFile: null,
  targetFlags: ['a=http://127.0.0.1:9/v1#m', 'b=http://127.0.0.2:9/v1#m'],
  concurrency: 4,
  repeat: null,
  languages: null,
  filterTests: null,
  limit: null,
  seed: 42,
};
let prepared: Prepared;
let reports = '';
let restore = (): void => {};
beforeAll(async () => {
  prepared = await prepare(invocation);
});
afterEach(() => {
  restore();
  restore = () => {};
});
const places: string[] = [];
afterAll(() => places.forEach((place) => rmSync(place, { recursive: true, force: true })));

function newPlace(): void {
  reports = mkdtempSync(path.join(tmpdir(), 'visavis-refuses-'));
  places.push(reports);
}

interface Tried {
  readonly error: unknown;
  /** Cells asked, in order. */
  readonly asked: readonly string[];
  /** Cells whose answer was counted. */
  readonly counted: readonly string[];
}

/** What `eval` does between the plan and the report, with an answer for every question. */
async function attempt(open: () => OpenRun, durability: 'balanced' | 'strict'): Promise<Tried> {
  const asked: string[] = [];
  const counted: string[] = [];
  let run: OpenRun | null = null;
  try {
    run = open();
    if (run.open.length > 0) await ask(run, durability, asked, counted);
    return { error: null, asked, counted };
  } catch (error) {
    return { error, asked, counted };
  } finally {
    run?.lock.release();
  }
}

async function ask(
  run: OpenRun,
  durability: 'balanced' | 'strict',
  asked: string[],
  counted: string[],
): Promise<void> {
  const storage = openStorage({ folder: run.folder, lock: run.lock, durability, say: () => {} });
  const leg = startLeg(run.manifest, 'quality', await lookAtMachine([]));
  try {
    recordLeg(run, leg);
    const { targets } = prepared.targets;
    await execute({
      lanes: order(run.open, targets, 42).map((lane) => lane.blocks),
      askers: new Map(
        targets.map((target) => [
          target.id,
          {
            target,
            ask: async (cell: Cell) => {
              asked.push(cell.key);
              await new Promise((resolve) => setImmediate(resolve));
              return sample(cell, { leg: leg.id, endedAt: Date.now() });
            },
          },
        ]),
      ),
      attemptsBefore: run.attemptsBefore,
      leg: leg.id,
      clock: () => performance.now(),
      random: () => 0.5,
      record: (finished) => {
        storage.samples.append(finished);
        return storage.samples.settled();
      },
      stop: storage.stop,
      cut: storage.cut,
      onSettled: (cell) => {
        if (storage.trouble() === null) counted.push(cell.key);
      },
    });
    await closeLeg(
      run,
      { leg, storage, signals: { received: () => null } },
      { isAborted: false, targets: [] },
    );
  } finally {
    await storage.close();
  }
  const refused = storage.verdict();
  if (refused !== null) throw refused;
}

/** No test waits for a disk: a flush succeeds without being done, unless it is to fail. */
const unflushed = ({ operation }: DiskCall): { readonly skip: true } | undefined =>
  operation === 'fsyncSync' || operation === 'fdatasync' ? { skip: true } : undefined;

const begin = (durability: 'balanced' | 'strict'): Promise<Tried> =>
  attempt(() => createRun(reports, prepared, invocation), durability);
const goOn = (folder: string): Promise<Tried> =>
  attempt(
    () => reopenRun(folder, { prepared, invocation, retryErrors: false, forceUnlock: false }),
    'balanced',
  );

function recorded(folder: string): string[] {
  const found: string[] = [];
  readLines(path.join(folder, 'samples.jsonl'), ({ cell }) => found.push(String(cell)));
  return found;
}

const writing = /^(?:open|write|fsync|rename|link|truncate|mkdir|symlink|rm|close)|^fdatasync$/u;

describe('a disk that refuses once', () => {
  it.each([
    ['ENOSPC', 'balanced'],
    ['EIO', 'strict'],
  ] as const)(
    '%s at any call of a %s run ends it with 5 or not at all, and the run can be finished',
    // Some three hundred runs.
    { timeout: 400_000 },
    async (code, durability) => {
      let calls = 0;
      // Without a fault first: how many calls there are.
      newPlace();
      restore = watchCalls(reports, (call) => {
        if (writing.test(call.operation)) calls += 1;
        return unflushed(call);
      });
      expect((await begin(durability)).error).toBeNull();
      restore();
      expect(calls).toBeGreaterThan(80);
      const ends = new Set<string>();
      for (let nth = 1; nth <= calls; nth += 1) {
        newPlace();
        let count = 0;
        let struck: DiskCall | null = null;
        restore = watchCalls(reports, (call) => {
          if (!writing.test(call.operation)) return undefined;
          count += 1;
          if (count !== nth) return unflushed(call);
          struck = call;
          return { error: code };
        });
        const first = await begin(durability);
        restore();
        restore = watchCalls(reports, unflushed);
        ends.add(first.error === null ? 'done' : 'refused');
        if (first.error !== null) expect([struck, first.error]).toEqual([struck, expect.any(PersonError)]);
        if (first.error !== null) expect([struck, first.error]).toMatchObject([struck, { exit: 5 }]);
        const folder = readdirSync(reports).find((name) => name.startsWith('2'));
        if (folder === undefined || !existsSync(path.join(reports, folder, 'manifest.json'))) {
          // It did not come to a run: nothing was asked.
          expect([struck, first.asked]).toEqual([struck, []]);
          restore();
          continue;
        }
        const run = findRun(reports, null);
        const kept = new Set(recorded(run));
        expect([struck, first.counted.filter((key) => !kept.has(key))]).toEqual([struck, []]);
        // A lock that could not be taken away is left by a process that ends; this one goes on.
        rmSync(path.join(run, 'lock'), { force: true });
        const second = await goOn(run);
        expect([struck, second.error]).toEqual([struck, null]);
        // What is on record is not asked again, and then nothing is missing.
        expect([struck, second.asked.filter((key) => kept.has(key))]).toEqual([struck, []]);
        expect([struck, new Set(recorded(run)).size, recall(run).damage]).toEqual([struck, 60, []]);
        expect((await goOn(run)).asked).toEqual([]);
        expect(readManifest(run).legs.length).toBeGreaterThan(0);
        restore();
      }
      expect([...ends].toSorted()).toEqual(['done', 'refused']);
    },
  );
});

describe('a disk that stays full', () => {
  it('ends the run with 5, names what it cost, and the rest is asked when there is room', async () => {
    newPlace();
    let lines = 0;
    restore = watchCalls(reports, ({ operation, file }) => {
      if (operation !== 'writeSync') return undefined;
      if (file === 'samples.jsonl') lines += 1;
      return lines > 20 ? { error: 'ENOSPC' } : undefined;
    });
    const first = await begin('balanced');
    restore();
    expect(first.error).toMatchObject({ exit: 5 });
    expect(String(first.error)).toMatch(/no space left while writing/u);
    const run = findRun(reports, null);
    expect(recorded(run)).toHaveLength(20);
    // Up to eight were in flight; nobody was asked after it was known.
    expect(first.asked.length).toBeLessThanOrEqual(20 + 8);
    const second = await goOn(run);
    expect([second.error, second.asked.length, recorded(run).length]).toEqual([null, 40, 60]);
  });
});
