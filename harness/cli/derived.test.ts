/** What the hall tells the checks of a target, beside its answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answered, cell, check, sample, syntheticRun } from '../../fixtures/aggregate/synthetic-run.ts';
import type { JsonObject, TargetRecord, Verdict } from '../types.ts';
import { scoreRun } from './derived.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-derived-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The verdict of one check on one answer of a target that its record describes. */
async function verdictOf(
  type: string,
  params: JsonObject,
  record: Partial<TargetRecord>,
): Promise<Verdict | undefined> {
  const run = syntheticRun({ targets: ['alpha'], languages: ['th'], items: 1, script: () => 1 });
  const asked = cell({ language: 'th', checks: [{ ...check, type, params, metric: type }] });
  const [finding] = await scoreRun(folder, {
    ...run,
    manifest: {
      ...run.manifest,
      targets: run.manifest.targets.map((target) => ({ ...target, ...record })),
    },
    plan: { cells: [asked] },
    samples: [sample(asked, { outcome: answered('แดดออก') })],
    planHash: run.manifest.planHash,
    damage: [],
  });
  return finding?.verdict;
}

describe('scoring a run', () => {
  it.each([
    [{ tools: 'called' }, { status: 'scored', score: 1 }],
    [{ tools: 'ignored' }, { status: 'scored', score: 1 }],
    [{ tools: null }, { status: 'scored', score: 1 }],
    [{}, { status: 'scored', score: 1 }],
    [null, { status: 'scored', score: 1 }],
    [{ tools: 'refused' }, { status: 'unscored', why: 'not-applicable' }],
  ])('with the facts %j judges no tool calls of a target that refuses tools', async (facts, verdict) => {
    expect(await verdictOf('tool-call', { value: 'none' }, { facts })).toMatchObject(verdict);
  });

  it.each([
    [null, { status: 'scored', score: 1, details: { ms: 1000 } }],
    ['Written by hand.', { status: 'unscored', why: 'not-applicable' }],
  ])('of a target whose answers were authored as %j', async (authored, verdict) => {
    expect(await verdictOf('latency', { max_ms: 1000 }, { authored })).toMatchObject(verdict);
  });
});
