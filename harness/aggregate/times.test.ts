import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import type { Sample } from '../types.ts';
import { isSteady, timesOf } from './times.ts';

function sample(changes: Partial<Sample> = {}): Sample {
  const found = syntheticReport({ tests: 1 }).rows.find((row) => row.sample?.status === 'ok')?.sample;
  if (found === null || found === undefined) throw new Error('an answered row');
  const timing = {
    ...found.timing,
    tSched: 7,
    tCall: 8,
    t0: 10,
    tEvt1: 60,
    tOut1: 110.5,
    tAns1: 310,
    tLast: 610.5,
    tDone: 700,
  };
  const usage = { prompt: 1, completion: 11, reasoning: 0, cached: null, source: 'usage' as const };
  return { ...found, timing, usage, flags: [], reasoningChars: 0, ...changes };
}

describe('the times of a cell', () => {
  it('counts from the request head, and tokens after the first', () => {
    expect(timesOf(sample())).toEqual({
      connectMs: 2,
      queueMs: 3,
      ttfeMs: 50,
      ttftMs: 100.5,
      ttaMs: 300,
      e2eMs: 600.5,
      tpotMs: 50,
    });
  });

  it('has no first token, and ends with the body, when nothing was streamed', () => {
    expect(timesOf(sample({ flags: ['not-streamed'] }))).toMatchObject({
      ttfeMs: null,
      ttftMs: null,
      ttaMs: null,
      e2eMs: 690,
      tpotMs: null,
    });
  });

  it('leaves reasoning out whose text was not sent', () => {
    const usage = { prompt: 1, completion: 11, reasoning: 5, cached: null, source: 'usage' as const };
    expect(timesOf(sample({ usage })).tpotMs).toBe(100);
    expect(timesOf(sample({ usage, reasoningChars: 7 })).tpotMs).toBe(50);
  });

  it.each([
    sample({ flags: ['fake-stream'] }),
    sample({ usage: { prompt: 1, completion: 1, reasoning: 0, cached: null, source: 'usage' } }),
    sample({ usage: { prompt: 1, completion: 9, reasoning: 0, cached: null, source: 'none' } }),
  ])('has no time per token where the stream tells none', (each) => {
    expect(timesOf(each).tpotMs).toBeNull();
  });

  it('has no answer yet while only reasoning came', () => {
    const { timing } = sample();
    expect(timesOf(sample({ timing: { ...timing, tAns1: null } }))).toMatchObject({
      ttftMs: 100.5,
      ttaMs: null,
    });
  });

  it('keeps the first token of a stream that came in one piece, for the row alone', () => {
    expect(timesOf(sample({ flags: ['fake-stream'] }))).toMatchObject({ ttftMs: 100.5, tpotMs: null });
    expect(isSteady(sample({ flags: ['fake-stream'] }))).toBe(false);
    expect(isSteady(sample())).toBe(true);
  });

  it('is null, not zero, for what never ended', () => {
    for (const never of [null, sample({ status: 'timeout' })])
      expect(new Set(Object.values(timesOf(never)))).toEqual(new Set([null]));
  });
});
