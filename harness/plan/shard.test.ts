import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell, syntheticRun } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Cell, Plan, Shard, Target } from '../types.ts';
import {
  describeShard,
  ownCells,
  ownsSpeed,
  parseShard,
  shardSuffix,
  shardWarnings,
  shareOf,
} from './shard.ts';

const shards = (of: number): Shard[] => Array.from({ length: of }, (_, at) => ({ index: at + 1, of }));
const unit = ({ suite, test, language, repeat }: Cell): string =>
  JSON.stringify([suite, test, language, repeat]);

describe('which shard is meant', () => {
  it.each([
    ['1/1', { index: 1, of: 1 }],
    ['2/4', { index: 2, of: 4 }],
    ['64/64', { index: 64, of: 64 }],
    ['0/4', /count from 1: the first of 4 is 1\/4/u],
    ['5/4', /no shard 5 of 4: expected 1\/4 to 4\/4/u],
    ['1/0', /1 to 10000 shards, got 0/u],
    ['1/10001', /1 to 10000 shards, got 10001/u],
    ['2', /expected i\/n/u],
    ['2of4', /expected i\/n/u],
    ['-1/4', /expected i\/n/u],
    ['1.5/4', /expected i\/n/u],
    ['1/4/2', /expected i\/n/u],
    [' 1/4', /expected i\/n/u],
    ['', /expected i\/n/u],
    ['٢/٤', /expected i\/n/u],
    ['99999999999999999999/4', /expected i\/n/u],
  ])('is read from %j', (text, expected) => {
    const parsed = parseShard(text);
    if (expected instanceof RegExp) expect(parsed).toMatch(expected);
    else expect(parsed).toEqual(expected);
  });

  it('has a name for people and one for a folder', () => {
    expect([describeShard({ index: 2, of: 4 }), shardSuffix({ index: 2, of: 4 })]).toEqual([
      'shard 2 of 4',
      's2of4',
    ]);
  });
});

/** Plans of any size in many scripts, with variants. */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    tests: fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { maxLength: 12 }),
    languages: fc.subarray(['ar', 'th', 'hi', 'zh', 'ja', 'ko', 'sw', 'tr', 'en'], { minLength: 1 }),
    variants: fc.subarray([null, 'kurz', 'طويل'], { minLength: 1 }),
    targets: fc.subarray(['alpha', 'beta', 'gamma'], { minLength: 1 }),
    repeats: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ tests, languages, variants, targets, repeats }) => ({
    cells: tests.flatMap((test) =>
      languages.flatMap((language) =>
        variants.flatMap((variant) =>
          Array.from({ length: repeats }, (_, at) =>
            targets.map((target) =>
              cell({
                test,
                language,
                variant,
                target,
                repeat: at + 1,
                key: [test, language, variant, target, at].join(),
              }),
            ),
          ).flat(),
        ),
      ),
    ),
  }));

const counts = fc.constantFrom(1, 2, 3, 7, 64);

describe('the part of a shard', () => {
  it('is asked by nobody else, and all parts together are the plan', () => {
    fc.assert(
      fc.property(plans, counts, (plan, of) => {
        const parts = shards(of).map((shard) => ownCells(plan, shard));
        const keys = parts.flat().map(({ key }) => key);
        expect(keys.toSorted()).toEqual(plan.cells.map(({ key }) => key).toSorted());
      }),
      { numRuns: 20 },
    );
  });

  it('is as large as any other, to one unit', () => {
    fc.assert(
      fc.property(plans, counts, (plan, of) => {
        const sizes = shards(of).map((shard) => new Set(ownCells(plan, shard).map(unit)).size);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });

  it('holds a question with all its targets and variants', () => {
    fc.assert(
      fc.property(plans, counts, (plan, of) => {
        const owners = new Map<string, Set<number>>();
        for (const shard of shards(of))
          for (const own of ownCells(plan, shard))
            owners.set(unit(own), (owners.get(unit(own)) ?? new Set()).add(shard.index));
        expect([...owners.values()].every(({ size }) => size === 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('is the same whatever the order of the suites, the wording, the checks and the models', () => {
    fc.assert(
      fc.property(plans, counts, fc.integer(), (plan, of, seed) => {
        const changed = {
          cells: plan.cells
            .map((each, at) => ({ each, at: (at * 7919 + seed) % 1009 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ each }) => ({ ...each, messages: [], checks: [], model: 'another' })),
        };
        for (const shard of shards(of)) {
          const [before, after] = [ownCells(plan, shard), ownCells(changed, shard)];
          expect(after.map(({ key }) => key).toSorted()).toEqual(before.map(({ key }) => key).toSorted());
        }
      }),
      { numRuns: 12 },
    );
  });

  it('stays what it is from version to version: shards of one run may be started by two', () => {
    const { plan } = syntheticRun({
      items: 3,
      targets: ['alpha'],
      languages: ['ar', 'th', 'zh'],
      script: () => 1,
    });
    const names = shards(3).map((shard) =>
      ownCells(plan, shard).map(({ test, language }) => `${test} ${language}`),
    );
    expect(names).toMatchInlineSnapshot(`
      [
        [
          "item-0 zh",
          "item-1 ar",
          "item-1 th",
        ],
        [
          "item-0 ar",
          "item-0 th",
          "item-1 zh",
        ],
        [
          "item-2 ar",
          "item-2 th",
          "item-2 zh",
        ],
      ]
    `);
  });

  it('is everything for a run that is no shard', () => {
    const { plan } = syntheticRun({ items: 2, script: () => 1 });
    expect(ownCells(plan, null)).toBe(plan.cells);
  });
});

describe('the speed phase', () => {
  it('is one unit: one shard has it, none of those with more questions than others', () => {
    fc.assert(
      fc.property(plans, counts, (plan, of) => {
        const owners = shards(of).filter((shard) => ownsSpeed(plan, shard));
        expect(owners).toHaveLength(1);
        const sizes = shards(of).map((shard) => new Set(ownCells(plan, shard).map(unit)).size);
        const [owner] = owners;
        expect(sizes[(owner?.index ?? 0) - 1]).toBe(Math.min(...sizes));
      }),
      { numRuns: 20 },
    );
    expect(ownsSpeed({ cells: [] }, null)).toBe(true);
  });
});

describe('what a shard may have in flight', () => {
  const remote: Target = {
    id: 'qwen',
    baseUrl: 'https://api.example/v1',
    model: 'qwen',
    replay: null,
    apiKeyEnv: null,
    dialect: 'auto',
    concurrency: 8,
    params: {},
    timeouts: { connectMs: 1, firstContentMs: 1, idleMs: 1, contentIdleMs: 1, totalMs: 1, tailMs: 1 },
    attempts: 1,
    languages: null,
    license: null,
    memory: [],
    kvBytesPerToken: null,
    launch: null,
  };
  const launch = { command: ['serve'], ready: 'http://h/', timeoutMs: 1, env: [] };
  it.each([
    [remote, 1, 8],
    [remote, 2, 4],
    [remote, 3, 2],
    [remote, 8, 1],
    [remote, 64, 1],
    [{ ...remote, baseUrl: 'http://127.0.0.1:8000/v1' }, 4, 8],
    [{ ...remote, baseUrl: 'http://localhost:8000/v1' }, 4, 8],
    [{ ...remote, baseUrl: null, replay: 'a.jsonl' }, 4, 8],
    [{ ...remote, launch }, 4, 8],
  ])('is its share, unless it has the server alone (%#)', (target, of, expected) => {
    const share = shareOf(target, { index: 1, of });
    expect(share.concurrency).toBe(expected);
    expect(share.concurrencyOfAll ?? share.concurrency).toBe(8);
  });

  it('is a warning where the shards together put more there than is allowed', () => {
    const shared = (of: number): string[] =>
      shardWarnings([shareOf(remote, { index: 1, of })], { index: 1, of }, false);
    expect(shared(8)).toEqual([]);
    expect(shared(9)).toEqual([
      'target qwen allows 8 in flight, but 9 shards put one there each: use fewer shards, or run fewer at once',
    ]);
  });

  it('is a warning where a server is measured while others ask it', () => {
    const shard = { index: 2, of: 2 };
    expect(shardWarnings([remote], shard, true)[0]).toMatch(/measures the speed of qwen, which the other/u);
    const own = { ...remote, baseUrl: null };
    expect([shardWarnings([own], shard, true), shardWarnings([remote], null, true)]).toEqual([[], []]);
    expect(shardWarnings([remote], { index: 1, of: 1 }, true)).toEqual([]);
  });
});
