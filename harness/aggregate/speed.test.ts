import { describe, expect, it } from 'vitest';
import { answered, cell, failed, sample, syntheticRun } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Sample, Timing, Usage } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { answerSpeed } from './answer-speed.ts';
import { quantilesOf } from './speed.ts';

const timing: Timing = {
  tSched: 0,
  tCall: 5,
  t0: 10,
  tHdr: 60,
  tEvt1: 70,
  tOut1: 110,
  tAns1: 110,
  tLast: 1010,
  tDone: 2000,
};
const usage: Usage = { prompt: 20, completion: 10, reasoning: 0, cached: null, source: 'usage' };
const speed = (more: Partial<Sample>): ReturnType<typeof answerSpeed> =>
  answerSpeed(sample(cell(), { timing, usage, answerChars: 50, bytes: 150, ...more }));

describe('the speed of one answer', () => {
  it('starts at the socket and ends with the last output, not with the end of the body', () => {
    expect(speed({})).toEqual({
      ttftMs: 100,
      e2eMs: 1000,
      tpotMs: 100,
      ttfeMs: 60,
      ttaMs: 100,
      queueMs: 10,
      outputTokens: 10,
      charsPerSecond: 50,
      bytesPerSecond: 150,
      tokensPerSecond: 10,
      tokensPerChar: 0.2,
    });
  });

  it('keeps TPOT free of the time to first token', () => {
    expect(speed({ timing: { ...timing, tOut1: 210, tLast: 1110 } })).toMatchObject({
      ttftMs: 200,
      tpotMs: 100,
    });
  });

  it('tells the first event, the first text and the first text of the answer apart', () => {
    expect(speed({ timing: { ...timing, tAns1: 510 } })).toMatchObject({
      ttfeMs: 60,
      ttftMs: 100,
      ttaMs: 500,
    });
    expect(speed({ timing: { ...timing, tAns1: null } })).toMatchObject({ ttftMs: 100, ttaMs: null });
  });

  it('has no time to first token without a stream, and ends with the body', () => {
    expect(speed({ flags: ['not-streamed'], timing: { ...timing, tOut1: null } })).toMatchObject({
      ttftMs: null,
      tpotMs: null,
      e2eMs: 1990,
    });
  });

  it('trusts neither TTFT nor TPOT of a stream that came in one piece', () => {
    expect(speed({ flags: ['fake-stream'] })).toMatchObject({ ttftMs: null, tpotMs: null, e2eMs: 1000 });
  });

  it.each([
    ['one token', { completion: 1 }, { tpotMs: null, outputTokens: 1 }],
    [
      'no count',
      { completion: null, source: 'none' },
      { tpotMs: null, outputTokens: null, tokensPerSecond: null, tokensPerChar: null, charsPerSecond: 50 },
    ],
    [
      'a count of zero beside text',
      { completion: 0 },
      { tpotMs: null, outputTokens: null, tokensPerChar: null },
    ],
    [
      'reasoning that was counted and not sent',
      { reasoning: 7 },
      { tpotMs: 450, outputTokens: 10, tokensPerChar: 0.06 },
    ],
  ] as const)('is right for %s', (_, part, wanted) => {
    expect(speed({ usage: { ...usage, ...part } })).toMatchObject(wanted);
  });

  it('counts streamed reasoning in TPOT, and does not spread it over the characters of the answer', () => {
    expect(speed({ reasoningChars: 80, usage: { ...usage, reasoning: 5 } })).toMatchObject({
      tpotMs: 100,
      tokensPerChar: 0.1,
    });
    expect(speed({ reasoningChars: 80, usage: { ...usage, reasoning: null } })).toMatchObject({
      tpotMs: 100,
      tokensPerChar: null,
    });
  });

  it('has no rate for an answer without text', () => {
    expect(speed({ answerChars: 0, outcome: answered('') })).toMatchObject({
      charsPerSecond: null,
      tokensPerChar: null,
      e2eMs: 1000,
    });
  });

  it('is null, not NaN, when the clock points are missing or equal', () => {
    expect(speed({ timing: { ...timing, t0: null } })).toMatchObject({
      ttftMs: null,
      e2eMs: null,
      charsPerSecond: null,
      tokensPerSecond: null,
    });
    expect(speed({ timing: { ...timing, tLast: 10 } })).toMatchObject({
      e2eMs: 0,
      charsPerSecond: null,
      tpotMs: null,
    });
  });
});

describe('percentiles', () => {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => n - index);

  it.each([
    [0, [null, null, null, null]],
    [1, [1, null, null, null]],
    [19, [10, null, null, null]],
    [20, [10.5, 18.1, null, null]],
    [39, [20, 35.2, null, null]],
    [40, [20.5, 36.1, 38.05, null]],
    [199, [100, 179.2, 189.1, null]],
    [200, [100.5, 180.1, 190.05, 198.01]],
  ])('shows of %i values only what they can tell', (n, wanted) => {
    const { p50, p90, p95, p99 } = quantilesOf(upTo(n), n);
    for (const [index, value] of [p50, p90, p95, p99].entries()) {
      const expected = wanted[index] ?? null;
      if (expected === null) expect(value).toBeNull();
      else expect(value).toBeCloseTo(expected, 9);
    }
  });

  it('drops what does not exist and counts it', () => {
    expect(quantilesOf([5, null, 7, null], 6)).toMatchObject({ p50: 6, n: 2, missing: 4 });
  });
});

describe('speed rows', () => {
  const truth = syntheticRun({ targets: ['alpha'], languages: ['hi', 'sw'], items: 4, script: () => 1 });

  it('has one row over all and one per language, with n and missing adding up to the plan', () => {
    const samples = truth.samples.map((each, index) =>
      index === 0 ? { ...each, status: 'timeout' as const, outcome: failed() } : each,
    );
    const { speed } = aggregate({ ...truth, samples }).summary;
    expect(
      speed.map((row) => [
        row.language,
        row.e2eMs.n,
        row.e2eMs.missing,
        row.charsPerSecond.n,
        row.charsPerSecond.missing,
      ]),
    ).toEqual([
      [null, 7, 1, 7, 1],
      ['hi', 3, 1, 3, 1],
      ['sw', 4, 0, 4, 0],
    ]);
    expect(speed[0]?.charsPerSecond).toMatchObject({ value: 50, unit: 'chars/s' });
  });

  it('has t intervals where speeds differ, over items where all languages are taken together', () => {
    const samples = truth.samples.map((each, index) => ({ ...each, answerChars: 40 + index }));
    const { speed } = aggregate({ ...truth, samples }).summary;
    expect(speed[0]?.charsPerSecond.method).toBe('cr1-t');
    expect(speed[1]?.charsPerSecond.method).toBe('t');
  });

  it('claims no interval where all speeds are the same', () => {
    const { speed } = aggregate(truth).summary;
    expect(speed[0]?.charsPerSecond).toMatchObject({ value: 50, low: null, high: null, method: null });
  });

  it('leaves answers that came while this process was held up out of the times, keeps their tokens, and counts them', () => {
    const [first, second, ...rest] = truth.samples;
    if (first === undefined || second === undefined) throw new Error('no sample');
    const slow = { ...first.timing, tOut1: 50_000, tLast: 99_999 };
    const samples: Sample[] = [
      { ...first, flags: ['tainted'], timing: slow },
      // Counted once, as what it was first.
      { ...second, flags: ['tainted'], timing: slow, attempt: 2 },
      ...rest,
    ];
    const { speed } = aggregate({ ...truth, samples }).summary;
    expect(speed[0]).toMatchObject({
      retried: 1,
      tainted: 1,
      ttftMs: { n: 6, missing: 2, p50: 100 },
      e2eMs: { n: 6, missing: 2, p50: 1000 },
      outputTokens: { n: 8, missing: 0 },
      charsPerSecond: { n: 6, missing: 2 },
      tokensPerSecond: { n: 6 },
    });
  });

  it('leaves answers of a second attempt out of the times, keeps their tokens, and counts them', () => {
    const [first] = truth.samples;
    if (first === undefined) throw new Error('no sample');
    const retried: Sample[] = [
      { ...first, outcome: failed(), status: 'timeout', endedAt: 1 },
      { ...first, attempt: 2, endedAt: 2, timing: { ...first.timing, tLast: 99_999 } },
      ...truth.samples.slice(1),
    ];
    const { speed, targets } = aggregate({ ...truth, samples: retried }).summary;
    expect(speed[0]).toMatchObject({
      retried: 1,
      e2eMs: { n: 7, missing: 1, p50: 1000 },
      outputTokens: { n: 8, missing: 0 },
      tokensPerSecond: { n: 7 },
    });
    expect(targets[0]).toMatchObject({ answered: 8, failed: 0, retries: 1 });
  });
});
