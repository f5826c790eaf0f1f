import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Plan, SpeedRequest, SpeedSpec, Suite } from '../types.ts';
import { arrivalTimes } from './arrivals.ts';
import { spread } from './speed-draw.ts';
import { planSpeed } from './speed.ts';

const languages = ['ar', 'th', 'hi', 'zh', 'ja', 'ko', 'sw', 'tr'];
const cellOf = (target: string, language: string, item: number, suite = 'market'): Cell => ({
  key: `${suite}-${target}-${language}-${item}`,
  suite,
  test: `item-${item}`,
  cluster: `item-${item}`,
  language,
  variant: null,
  target,
  model: target,
  repeat: 1,
  messages: [{ role: 'user', content: `${language} ${item}` }],
  request: {},
  checks: [],
  metadata: {},
  observe: false,
});
const planOf = (targets: readonly string[], items = 3, suites = ['market']): Plan => ({
  cells: suites.flatMap((suite) =>
    Array.from({ length: items }, (_, item) =>
      languages.flatMap((language) => targets.map((target) => cellOf(target, language, item, suite))),
    ).flat(),
  ),
});
const spec: SpeedSpec = {
  concurrency: [1, 4],
  rate: [2],
  arrivals: 'poisson',
  maxTokens: 32,
  repeats: 3,
  prompts: 16,
  objectives: null,
};
const levels = (requests: readonly SpeedRequest[], level: string): SpeedRequest[] =>
  requests.filter((request) => request.level === level);
const blocksOf = (requests: readonly SpeedRequest[]): SpeedRequest[][] => {
  const blocks = new Map<number, SpeedRequest[]>();
  for (const request of requests) blocks.set(request.block, [...(blocks.get(request.block) ?? []), request]);
  return [...blocks.values()];
};

describe('the plan of the speed phase', () => {
  const { requests } = planSpeed(planOf(['a', 'b']), [], spec, { seed: 42 });

  it('gives several clients a round more, and changes nothing else', () => {
    const plan = planSpeed(planOf(['a', 'b']), [], spec, { seed: 42, clients: 3 }).requests;
    const lengths = (all: readonly SpeedRequest[], level: string): Set<number> =>
      new Set(blocksOf(levels(all, level)).map((block) => block.length));
    expect([lengths(requests, 'c4'), lengths(plan, 'c4')]).toEqual([new Set([12]), new Set([16])]);
    for (const level of ['c1', 'r2']) expect(levels(plan, level).length).toBe(levels(requests, level).length);
    const known = new Set(plan.map(({ key }) => key));
    expect(requests.every(({ key }) => known.has(key))).toBe(true);
    expect(planSpeed(planOf(['a', 'b']), [], spec, { seed: 42, clients: 1 }).requests).toEqual(requests);
  });

  it('asks every target the same prompts behind the same nonces', () => {
    for (const level of ['c1', 'c4', 'r2']) {
      const asked = (target: string): string[] =>
        levels(requests, level)
          .filter((request) => request.target === target)
          .map(({ unit, repeat, nonce, atMs }) => `${unit} ${repeat} ${nonce} ${atMs}`)
          .toSorted();
      expect(asked('a').length).toBeGreaterThan(0);
      expect(asked('b')).toEqual(asked('a'));
    }
  });

  it('takes turns of one question at concurrency 1, each order as often as the other', () => {
    const blocks = blocksOf(levels(requests, 'c1'));
    expect(blocks).toHaveLength(16 * 3 * 2);
    expect(blocks.every((block) => block.length === 1)).toBe(true);
    const turns = blocks.map(([request]) => request?.turn);
    expect(turns.filter((turn) => turn === 'AB')).toHaveLength(blocks.length / 2);
    // Adjacent: nothing of another question between the two sides of one.
    for (let at = 0; at < blocks.length; at += 2)
      expect(blocks[at]?.[0]?.unit).toBe(blocks[at + 1]?.[0]?.unit);
  });

  it('swaps the order of one question from repeat to repeat', () => {
    const one = levels(requests, 'c1').find((request) => request.repeat === 1);
    const turns = levels(requests, 'c1')
      .filter((request) => request.unit === one?.unit && request.target === 'a')
      .map((request) => request.turn);
    expect(turns[1]).not.toBe(turns[0]);
    expect(turns[2]).toBe(turns[0]);
  });

  it('spreads the prompts over all languages', () => {
    const seen = new Set(levels(requests, 'c1').map((request) => request.language));
    expect([...seen].toSorted()).toEqual(languages.toSorted());
  });

  it('pairs blocks of one language above concurrency 1, as A B, B A', () => {
    const blocks = blocksOf(levels(requests, 'c4'));
    expect(blocks).toHaveLength(12);
    expect(blocks.map((block) => block.length)).toEqual(Array.from({ length: 12 }, () => 12));
    for (const block of blocks) expect(new Set(block.map((request) => request.language)).size).toBe(1);
    expect(blocks.map(([request]) => request?.target).join('')).toMatch(/^(?:abba){3}$|^(?:baab){3}$/u);
    expect(new Set(blocks.map(([request]) => request?.language)).size).toBe(6);
  });

  it('never sends one prompt twice to a server: each nonce once per target', () => {
    const ofA = requests.filter((request) => request.target === 'a').map((request) => request.nonce);
    expect(new Set(ofA).size).toBe(ofA.length);
    expect(ofA.every((nonce) => /^[0-9a-f]{16}$/u.test(nonce))).toBe(true);
  });

  it('is the same for the same seed, begins with the other target for the next', () => {
    expect(planSpeed(planOf(['a', 'b']), [], spec, { seed: 42 }).requests).toEqual(requests);
    const other = planSpeed(planOf(['a', 'b']), [], spec, { seed: 43 }).requests;
    expect(other[0]?.target).not.toBe(requests[0]?.target);
    expect(new Set(requests.map((request) => request.key)).size).toBe(requests.length);
  });

  it('goes round three targets as A B C, C B A', () => {
    const three = planSpeed(planOf(['a', 'b', 'c']), [], { ...spec, rate: [] }, { seed: 1 }).requests;
    expect(new Set(three.map((request) => request.turn))).toEqual(new Set(['ABC', 'CBA']));
  });

  it('leaves out a question that one of the targets is not asked', () => {
    const plan = planOf(['a', 'b']);
    const uneven = { cells: plan.cells.filter((cell) => cell.key !== 'market-b-th-0') };
    const units = planSpeed(uneven, [], { ...spec, prompts: 1000 }, { seed: 1 }).requests.map(
      ({ cell }) => cell,
    );
    expect(units).not.toContain('market-a-th-0');
    expect(units).toContain('market-a-th-1');
  });

  it('loads the suites that ask for it, each by its own words over the ones given', () => {
    const plan = planOf(['a', 'b'], 3, ['market', 'station']);
    const station = { name: 'station', speed: { concurrency: [2], maxTokens: 8 } } as unknown as Suite;
    const market = { name: 'market', speed: null } as unknown as Suite;
    const found = planSpeed(plan, [market, station], { ...spec, rate: [] }, { seed: 1 }).requests;
    expect(new Set(found.map(({ series, level, maxTokens }) => `${series} ${level} ${maxTokens}`))).toEqual(
      new Set(['station c2 8']),
    );
  });
});

describe('arrivals of an open loop', () => {
  const load = { kind: 'open', rate: 5, arrivals: 'poisson' } as const;

  it('offer exactly their rate, whatever chance drew', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.integer(), (n, seed) => {
        const times = arrivalTimes(n, load, [seed]);
        expect(times).toHaveLength(n);
        expect(times[0]).toBe(0);
        expect(times.at(-1)).toBeCloseTo(((n - 1) * 1000) / 5, 2);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  it('have gaps that spread as those of chance do, and none that do when they are constant', () => {
    const gaps = (arrivals: 'poisson' | 'constant'): number[] => {
      const times = arrivalTimes(2000, { ...load, arrivals }, [7]);
      return times.slice(1).map((time, at) => time - (times[at] ?? 0));
    };
    const variation = (values: readonly number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const spreadOf = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return Math.sqrt(spreadOf) / mean;
    };
    expect(variation(gaps('poisson'))).toBeGreaterThan(0.93);
    expect(variation(gaps('poisson'))).toBeLessThan(1.07);
    expect(variation(gaps('constant'))).toBeLessThan(1e-9);
  });
});

describe('a draw of questions', () => {
  it('takes one of each language before a second of any', () => {
    const questions = languages.flatMap((language) =>
      Array.from({ length: 5 }, (_, at) => ({ name: `${language}${at}`, language })),
    );
    expect(new Set(spread(questions, 8, 3).map((one) => one.language)).size).toBe(8);
    expect(spread(questions, 1000, 3)).toHaveLength(40);
    expect(spread(questions, 9, 3)).not.toEqual(spread(questions, 9, 4));
  });
});
