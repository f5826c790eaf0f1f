/** What the hall tells the checks of a target, beside its answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answered, cell, check, sample, syntheticRun } from '../../fixtures/aggregate/synthetic-run.ts';
import { judgesHere } from '../../fixtures/checks/judges-here.ts';
import { recallFindings, type Recalled } from '../record/recall.ts';
import type { JsonObject, Outcome, TargetRecord, Verdict } from '../types.ts';
import { scoreRun } from './derived.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-derived-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Circumstances {
  readonly record?: Partial<TargetRecord>;
  /** Answers of the same target to other cells. */
  readonly others?: readonly Outcome[];
  readonly flags?: readonly string[];
}

/** The verdict of one check on one answer of one target. */
async function verdictOf(
  type: string,
  params: JsonObject,
  { record = {}, others = [], flags = [] }: Circumstances,
): Promise<Verdict | undefined> {
  const run = syntheticRun({ targets: ['alpha'], languages: ['th'], items: 1, script: () => 1 });
  const asked = cell({ language: 'th', checks: [{ ...check, type, params, metric: type }] });
  const more = others.map((outcome, at) => ({ outcome, of: cell({ test: `other-${at}`, checks: [] }) }));
  const truth: Recalled = {
    ...run,
    manifest: {
      ...run.manifest,
      targets: run.manifest.targets.map((target) => ({ ...target, ...record })),
    },
    plan: { cells: [asked, ...more.map(({ of }) => of)] },
    samples: [
      sample(asked, { outcome: answered('แดดออก'), flags }),
      ...more.map(({ of, outcome }) => sample(of, { outcome })),
    ],
    planHash: run.manifest.planHash,
    events: [],
    load: null,
    damage: [],
  };
  await scoreRun(folder, truth, judgesHere, () => ({ tick: () => {}, stop: () => {} }));
  return recallFindings(folder, truth.plan)[0]?.verdict;
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
    expect(await verdictOf('tool-call', { value: 'none' }, { record: { facts } })).toMatchObject(verdict);
  });

  it('judges them where the target called a tool in this run, whatever the probe said', async () => {
    const called = answered('', { toolCalls: [{ id: '1', name: 'f', arguments: '{}' }] });
    const record = { facts: { tools: 'refused' } };
    expect(await verdictOf('tool-call', { value: 'none' }, { record, others: [called] })).toMatchObject({
      score: 1,
    });
    expect(await verdictOf('tool-call', { value: 'none' }, { record, others: [answered()] })).toMatchObject({
      why: 'not-applicable',
    });
  });

  it('judges no time of an answer that came while this process was held up', async () => {
    expect(await verdictOf('latency', { max_ms: 1000 }, { flags: ['tainted'] })).toMatchObject({
      why: 'not-applicable',
    });
  });

  it.each([
    [null, { status: 'scored', score: 1, details: { ms: 1000 } }],
    ['Written by hand.', { status: 'unscored', why: 'not-applicable' }],
  ])('of a target whose answers were authored as %j', async (authored, verdict) => {
    expect(await verdictOf('latency', { max_ms: 1000 }, { record: { authored } })).toMatchObject(verdict);
  });
});
