import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answered,
  cell,
  check,
  failed,
  finding,
  sample,
  scored,
  syntheticRun,
  unscored,
  type RunOptions,
  type Scripted,
  type Truth,
} from '../../../fixtures/aggregate/synthetic-run.ts';
import type { GateResult, Sample } from '../../types.ts';
import { aggregate } from '../aggregate.ts';
import { effectiveSamples } from '../effective.ts';
import { axesOf } from '../facts.ts';
import { observe } from '../observation.ts';
import { joinRows } from '../rows.ts';
import { sharedRows, type EarlierAnswers } from '../run-compare.ts';
import { areHeld, judgeGates } from './judge.ts';

const languages = ['ar', 'th', 'hi'];

function judge(options: RunOptions, ...expressions: string[]): GateResult[] {
  return judged(syntheticRun({ languages, items: 40, ...options }), expressions);
}

/** The gates alone: the rest of a summary takes its time. */
function judged(
  truth: Truth,
  expressions: readonly string[],
  earlier: EarlierAnswers | null = null,
): GateResult[] {
  const rows = joinRows(truth.plan, effectiveSamples(truth.plan, truth.samples), truth.findings);
  return judgeGates({
    gates: expressions.map((expression) => ({ expression, from: '--gate' })),
    axes: axesOf(truth.manifest, rows),
    observations: observe(rows),
    rows,
    seed: 42,
    shared: earlier === null ? null : sharedRows(truth.plan, rows, earlier),
  });
}

function one(options: RunOptions, expression: string): GateResult {
  const [result] = judge(options, expression);
  if (result === undefined) throw new Error('no result');
  return result;
}

/** Alpha is always right but in item 0; beta in two of three. */
const script = (target: string, _language: string, item: number): Scripted =>
  target === 'alpha' ? (item === 0 ? 0 : 1) : item % 3 === 0 ? 0 : 1;

describe('a limit', () => {
  it.each([
    ['alpha.score >= 0.97', 'pass'],
    ['alpha.score >= 0.98', 'fail'],
    ['alpha.score > 0.975', 'fail'],
    ['alpha.score >= 0.975', 'pass'],
    ['beta.score <= 0.65', 'pass'],
    ['beta.score < 0.65', 'fail'],
    ['alpha[th].pass >= 0.97', 'pass'],
    ['alpha[*].exact >= 0.97', 'pass'],
    ['*.score >= 0.7', 'fail'],
    ['*.errors <= 0', 'pass'],
    ['alpha.ttft.p95 <= 100', 'pass'],
    ['alpha.ttft.p95 <= 99.9', 'fail'],
    ['alpha.e2e.p50 <= 1s', 'pass'],
    ['all-pass', 'fail'],
  ])('%s: %s', (expression, state) => {
    expect(one({ script }, expression)).toMatchObject({ expression, from: '--gate', state });
  });

  it('counts what is missing as 0 under a floor and as 1 under a ceiling', () => {
    // Of 40 items in three languages, alpha loses two of Thai.
    const lossy = (target: string, language: string, item: number): Scripted =>
      target === 'alpha' && language === 'th' && item > 37 ? 'failed' : 1;
    const floor = one({ script: lossy }, 'alpha[th].score >= 0.96');
    expect(floor.state).toBe('fail');
    expect(floor.claims[0]).toMatchObject({
      found: { value: 1, n: 38, missing: 2 },
      counted: { value: 0.95, n: 40, missing: 0 },
      answered: 0.95,
    });
    expect(floor.sentence).toBe(
      'The score of alpha in th is 95.0 % (95 % interval 83.5 % to 98.6 %, n 40, 2 missing and counted as 0); at least 96.0 % asked for: does not hold, though its interval reaches over the limit: another run may decide otherwise.',
    );
    const silent = (_target: string, language: string, item: number): Scripted =>
      language === 'th' && item > 37 ? 'unasked' : 0;
    const ceiling = one({ script: silent }, 'alpha[th].exact <= 0.04');
    expect(ceiling).toMatchObject({ state: 'fail', claims: [{ counted: { value: 0.05 } }] });
  });

  it('says when another run may decide otherwise', () => {
    expect(one({ script }, 'alpha.score >= 0.97').claims[0]?.isClose).toBe(true);
    expect(one({ script }, 'alpha.score >= 0.5').claims[0]?.isClose).toBe(false);
  });

  it('names those that do not hold', () => {
    expect(one({ script }, '*[*].score >= 0.7').sentence).toBe(
      '3 of 6 claims hold; not so: beta in ar, beta in th and beta in hi.',
    );
  });

  it('on errors counts cells that were never answered', () => {
    const silent = (target: string, language: string, item: number): Scripted =>
      target === 'beta' && language === 'ar' && item < 2 ? (item === 0 ? 'failed' : 'unasked') : 1;
    expect(one({ script: silent }, '*.errors <= 0')).toMatchObject({
      state: 'fail',
      unit: 'cells',
      claims: [
        { target: 'alpha', state: 'pass' },
        { target: 'beta', state: 'fail', counted: { value: 2, n: 120 } },
      ],
    });
    expect(one({ script: silent }, 'beta.errors <= 2%').state).toBe('pass');
    expect(one({ script: silent }, 'beta[ar].errors <= 2%').sentence).toBe(
      'beta in ar left without an answer 5.0 % of 40 planned cells; at most 2.0 % asked for: does not hold.',
    );
  });

  it('cannot be told where no check applies', () => {
    const [gate] = judge({ script: () => 'not-applicable' }, 'alpha.score >= 0');
    expect(gate).toMatchObject({ state: 'inconclusive', claims: [{ why: 'no-value' }] });
  });
});

describe('all-pass', () => {
  const truth = (kinds: readonly Scripted[]): Truth =>
    syntheticRun({
      targets: ['alpha'],
      languages: ['th'],
      items: kinds.length,
      script: (_t, _l, item) => kinds[item] ?? 1,
    });
  it.each([
    [[1, 1], 'pass'],
    [[1, 0.9], 'fail'],
    [[1, 'not-applicable'], 'pass'],
    [[1, 'failed'], 'fail'],
    [[1, 'unasked'], 'fail'],
    [[1, 'crashed'], 'fail'],
    [['not-applicable'], 'inconclusive'],
  ] as const)('of %j: %s', (kinds, state) => {
    expect(judged(truth(kinds), ['all-pass'])[0]?.state).toBe(state);
  });
});

describe('a time', () => {
  const times = (values: readonly (number | 'failed' | 'tainted')[]): Truth => {
    const run = syntheticRun({
      targets: ['alpha'],
      languages: ['ja'],
      items: values.length,
      script: () => 1,
    });
    const samples = run.samples.map((each, at): Sample => {
      const value = values[at] ?? 0;
      if (value === 'failed') return { ...each, status: 'timeout', outcome: failed() };
      const flags = value === 'tainted' ? ['tainted'] : [];
      const ms = typeof value === 'number' ? value : 1;
      return { ...each, flags, timing: { ...each.timing, tOut1: 10 + ms, tAns1: 10 + ms } };
    });
    return { ...run, samples };
  };
  const steady = Array.from({ length: 97 }, (): number => 100);

  it('counts what was not answered as endless', () => {
    const [lost] = judged(times([...steady, 'failed', 'failed', 'failed']), ['alpha.ttft.p95 <= 800']);
    expect(lost).toMatchObject({
      state: 'pass',
      claims: [{ found: { n: 97, missing: 3 }, counted: { value: 100, n: 100 } }],
    });
    const more = [...steady.slice(3), ...Array.from({ length: 6 }, () => 'failed' as const)];
    const [gone] = judged(times(more), ['alpha.ttft.p95 <= 800']);
    expect(gone).toMatchObject({ state: 'fail', claims: [{ counted: { value: null }, why: null }] });
    expect(gone?.sentence).toBe(
      'The TTFT p95 of alpha is not to be told (100 times, 6 of them unanswered); at most 800 ms asked for: does not hold.',
    );
  });

  it.each([
    ['too few of them', steady.slice(0, 39), 'too-few-items'],
    [
      'too many that are not the server’s',
      [...steady.slice(5), ...Array.from({ length: 6 }, () => 'tainted' as const)],
      'too-few-answers',
    ],
  ] as const)('cannot be told from %s', (_what, values, why) => {
    expect(judged(times(values), ['alpha.ttft.p95 <= 800'])[0]).toMatchObject({
      state: 'inconclusive',
      claims: [{ why }],
    });
  });
});

describe('a limit `by ci`', () => {
  it('passes and fails on the whole interval, and says how many items would decide', () => {
    expect(one({ script }, 'alpha.score >= 0.8 by ci').state).toBe('pass');
    expect(one({ script }, 'beta.score >= 0.9 by ci').state).toBe('fail');
    expect(one({ script }, 'beta.score <= 0.9 by ci').state).toBe('pass');
    const open = one({ script }, 'beta.score >= 0.6 by ci');
    expect(open).toMatchObject({
      state: 'inconclusive',
      by: 'ci',
      claims: [{ why: 'interval', confidence: 0.95 }],
    });
    expect(open.claims[0]?.clustersNeeded).toBeGreaterThan(40);
    expect(open.sentence).toMatch(
      /cannot be told, the interval reaches over the limit; about \d+ independent items/u,
    );
  });

  it('asks for as many items from either side of a limit', () => {
    const needed = (expression: string): unknown => one({ script }, expression).claims[0]?.clustersNeeded;
    expect(needed('beta - alpha <= -0.2 by ci')).toBe(needed('alpha - beta >= 0.2 by ci'));
    expect(needed('beta - alpha <= -0.2 by ci')).toBeGreaterThan(40);
    expect(needed('beta.score <= 0.7 by ci')).toBeGreaterThan(40);
  });

  it('shares the error among its languages', () => {
    const whole = one({ script }, 'beta[*].score >= 0.4 by ci');
    expect(new Set(whole.claims.map(({ confidence }) => confidence))).toEqual(new Set([1 - 0.05 / 3]));
    expect(one({ script }, 'beta[th].score >= 0.4 by ci').claims[0]?.confidence).toBe(0.95);
  });
});

describe('a difference', () => {
  const level = (_target: string, _language: string, item: number): Scripted => (item % 4 === 0 ? 0 : 1);

  it('passes when the whole interval lies above the limit, on the interval that the page shows', () => {
    const truth = syntheticRun({ languages, items: 60, script });
    const gates = [{ expression: 'beta - alpha >= -0.5 by ci', from: '--gate' }];
    const { summary } = aggregate({ ...truth, manifest: { ...truth.manifest, gates } });
    const [shown] = summary.comparisons.filter(({ language }) => language === null);
    expect(summary.gates[0]).toMatchObject({
      state: 'pass',
      claims: [{ against: 'alpha', low: shown?.difference.low, high: shown?.difference.high }],
    });
    expect(summary.gates[0]?.claims[0]?.found).toEqual(shown?.difference);
  });

  it.each([
    ['beta - alpha >= -0.02 by ci', 'fail'],
    ['alpha - beta >= -0.02 by ci', 'pass'],
    ['beta - alpha <= 0.02 by ci', 'pass'],
    ['alpha - beta <= 0.02 by ci', 'fail'],
    ['beta - alpha >= -0.3', 'fail'],
    ['beta - alpha >= -0.4', 'pass'],
    ['beta[hi].exact - alpha >= -0.4', 'pass'],
    ['beta.pass - alpha >= -0.5 by ci', 'pass'],
    ['* - alpha >= -0.02 by ci', 'fail'],
  ])('%s: %s', (expression, state) => {
    expect(one({ script }, expression).state).toBe(state);
  });

  it('of alike targets holds at a margin and cannot be told without one', () => {
    expect(one({ script: level, items: 150 }, 'beta - alpha >= -0.05 by ci').state).toBe('pass');
    expect(one({ script: level }, 'beta - alpha >= 0 by ci')).toMatchObject({
      state: 'inconclusive',
      claims: [{ why: 'interval', clustersNeeded: null }],
    });
  });

  it.each([
    ['too-few-items', { items: 9, script }],
    [
      'too-few-answers',
      {
        script: (t: string, _l: string, item: number): Scripted => (t === 'alpha' && item < 3 ? 'failed' : 1),
      },
    ],
  ] as const)('is inconclusive: %s', (why, options) => {
    expect(one(options, 'beta - alpha >= -0.02 by ci')).toMatchObject({
      state: 'inconclusive',
      claims: [{ why }],
    });
  });

  it('is not passed by leaving out what is hard', () => {
    // Beta is silent in the two items of forty that it would get wrong: 95 % are answered, and its lead is theirs.
    const skips = (target: string, _language: string, item: number): Scripted =>
      target === 'beta' && item < 2 ? 'failed' : item === 39 ? 0 : 1;
    const gate = one({ script: skips }, 'beta - alpha >= -0.1 by ci');
    expect(gate.claims[0]?.found.low).toBeGreaterThan(-0.1);
    expect(gate).toMatchObject({
      state: 'inconclusive',
      claims: [{ why: 'missing', counted: { value: expect.closeTo(-0.05, 9) as number } }],
    });
    expect(gate.sentence).toContain(
      '6 missing; with them counted against it -5.0); at least -10.0 points asked for: cannot be told, it holds on what was answered',
    );
  });

  it('does not gain by the silence of the other', () => {
    const mute = (target: string, _language: string, item: number): Scripted =>
      target === 'alpha' && item < 2 ? 'failed' : 1;
    // Beta minus alpha: what alpha did not answer, it may have known.
    expect(one({ script: mute }, 'beta - alpha > 0').claims[0]?.counted.value).toBe(0);
    const bad = (target: string, _language: string, item: number): Scripted =>
      item < 2 ? (target === 'alpha' ? 'failed' : 0) : 1;
    expect(one({ script: bad }, 'beta - alpha >= 0')).toMatchObject({
      state: 'fail',
      claims: [{ counted: { value: expect.closeTo(-0.05, 9) as number } }],
    });
  });
});

/** No way of not answering may turn a gate that is not passed into one that is. */
it('no gate is passed by failing to answer', () => {
  const expressions = [
    'beta.score >= 0.5',
    'beta[*].exact >= 0.5 by ci',
    'beta.pass >= 0.4',
    'beta - alpha >= -0.2 by ci',
    'beta[th] - alpha >= -0.2',
    'beta.errors <= 3',
    'beta.ttft.p90 <= 500',
    'all-pass',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<Scripted>(0, 0.4, 1, 1), { minLength: 20, maxLength: 24 }),
      fc.array(fc.nat(23), { minLength: 1, maxLength: 4 }),
      fc.constantFrom<Scripted>('failed', 'unasked', 'crashed'),
      (answers, silent, how) => {
        const say = (mutes: readonly number[]) =>
          judge(
            {
              items: answers.length,
              languages: ['ar', 'th'],
              script: (target, _language, item) =>
                target === 'beta' && mutes.includes(item) ? how : (answers[item] ?? 0),
            },
            ...expressions,
          );
        const [full, cut] = [say([]), say(silent)];
        for (const [at, gate] of full.entries()) {
          // A ceiling on time or errors, and every floor.
          if (gate.state !== 'pass')
            expect([gate.expression, cut[at]?.state]).not.toEqual([gate.expression, 'pass']);
        }
      },
    ),
    { numRuns: 25 },
  );
});

describe('an earlier run', () => {
  const truth = (wrong: number, more: Partial<RunOptions> = {}): Truth =>
    syntheticRun({
      targets: ['alpha'],
      languages,
      items: 40,
      script: (_target, _language, item) => (item < wrong ? 0 : 1),
      ...more,
    });
  const against = (now: Truth, before: Truth, expression: string): GateResult | undefined =>
    judged(now, [expression], {
      run: {
        name: { id: 'before', tool: 'visavis', createdAt: '', planHash: '' },
        targets: [],
        cells: before.plan.cells,
        samples: before.samples,
      },
      findings: before.findings,
    })[0];

  it.each([
    [1, 1, 'alpha - baseline >= -0.05', 'pass'],
    [9, 1, 'alpha - baseline >= -0.05 by ci', 'fail'],
    [1, 9, 'alpha - baseline >= -0.05 by ci', 'pass'],
    [3, 1, '* - baseline >= -0.02 by ci', 'inconclusive'],
    [16, 1, 'alpha[*] - baseline >= -0.05 by ci', 'fail'],
  ])('%i wrong now, %i before, %s: %s', (now, before, expression, state) => {
    expect(against(truth(now), truth(before), expression)?.state).toBe(state);
  });

  it('is compared on the cells that both have, the gone ones apart', () => {
    const gate = against(truth(2, { items: 44 }), truth(1), 'alpha - baseline >= -0.02');
    expect(gate?.claims[0]?.found).toMatchObject({ value: expect.closeTo(-0.025, 9) as number, n: 40 });
  });

  it('without a cell in common cannot be told', () => {
    const gate = against(truth(1), truth(1, { suites: ['other'] }), 'alpha - baseline >= -0.02 by ci');
    expect(gate).toMatchObject({ state: 'inconclusive', claims: [{ why: 'no-value' }] });
  });
});

describe('gates as a whole', () => {
  it('are held only when each is passed', () => {
    expect(areHeld([])).toBe(true);
    expect(areHeld([{ state: 'pass' }, { state: 'inconclusive' }])).toBe(false);
    expect(areHeld([{ state: 'pass' }, { state: 'pass' }])).toBe(true);
  });

  it('are left alone in a part of a run', () => {
    const gates = [{ expression: 'all-pass', from: '--gate' }];
    const run = syntheticRun({ script, items: 2, manifest: { gates } });
    expect(aggregate(run).summary.gates).toMatchObject([{ state: 'fail' }]);
    const manifest = { ...run.manifest, shard: { index: 1, of: 2 } };
    expect(aggregate({ ...run, manifest }).summary.gates).toEqual([]);
  });

  it('that no longer fit the plan are not passed', () => {
    expect(one({ script }, 'gamma.score >= 0')).toMatchObject({
      state: 'inconclusive',
      claims: [],
      sentence: 'This gate does not fit the plan of the run: no target "gamma".',
    });
  });

  it('of a metric never subtract two definitions', () => {
    const run = syntheticRun({ languages: ['th'], items: 12, script: () => 1 });
    const findings = run.findings.map((each, at) => ({
      ...each,
      verdict: {
        ...scored(1),
        details: { signature: at % 2 === 0 || at > 3 ? 'exact|a' : 'exact|b' },
      },
    }));
    const [gate] = judged({ ...run, findings }, ['beta.exact - alpha >= -0.02']);
    expect(gate?.claims[0]?.found).toMatchObject({ n: 10, missing: 2 });
  });
});

it('a repeat that is lost is wrong by itself', () => {
  const asked = [1, 2].map((repeat) => cell({ target: 'alpha', language: 'ko', repeat, checks: [check] }));
  const run = syntheticRun({ targets: ['alpha'], script: () => 1, items: 1 });
  const [first, second] = asked;
  if (first === undefined || second === undefined) throw new Error('no cells');
  const truth: Truth = {
    ...run,
    plan: { cells: asked },
    samples: [sample(first, { outcome: answered() }), sample(second, { outcome: failed() })],
    findings: [finding(first, scored(1)), finding(second, unscored('no-answer'))],
  };
  const [gate] = judged(truth, ['alpha.score >= 0.5']);
  expect(gate).toMatchObject({
    state: 'pass',
    claims: [{ found: { value: null }, counted: { value: 0.5 } }],
  });
});
