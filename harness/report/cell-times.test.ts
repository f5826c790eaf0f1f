import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import type { Sample } from '../types.ts';
import { cellTimes } from './cell-times.ts';

function sample(changes: Partial<Sample> = {}): Sample {
  const found = syntheticReport({ tests: 1 }).rows.find((row) => row.sample?.status === 'ok')?.sample;
  if (found === null || found === undefined) throw new Error('an answered row');
  const timing = { ...found.timing, t0: 10, tOut1: 110.5, tLast: 610.5, tDone: 700 };
  const usage = { prompt: 1, completion: 11, reasoning: 0, cached: null, source: 'usage' as const };
  return { ...found, timing, usage, flags: [], reasoningChars: 0, ...changes };
}

describe('the times of a cell', () => {
  it('counts from the request head, and tokens after the first', () => {
    expect(cellTimes(sample())).toEqual({ ttftMs: 100.5, e2eMs: 600.5, tpotMs: 50 });
  });

  it('has no first token, and ends with the body, when nothing was streamed', () => {
    expect(cellTimes(sample({ flags: ['not-streamed'] }))).toEqual({
      ttftMs: null,
      e2eMs: 690,
      tpotMs: null,
    });
  });

  it('leaves reasoning out whose text was not sent', () => {
    const usage = { prompt: 1, completion: 11, reasoning: 5, cached: null, source: 'usage' as const };
    expect(cellTimes(sample({ usage })).tpotMs).toBe(100);
    expect(cellTimes(sample({ usage, reasoningChars: 7 })).tpotMs).toBe(50);
  });

  it.each([
    sample({ flags: ['fake-stream'] }),
    sample({ usage: { prompt: 1, completion: 1, reasoning: 0, cached: null, source: 'usage' } }),
    sample({ usage: { prompt: 1, completion: 9, reasoning: 0, cached: null, source: 'none' } }),
  ])('has no time per token where the stream tells none', (each) => {
    expect(cellTimes(each).tpotMs).toBeNull();
  });

  it('is null, not zero, for what never ended', () => {
    const nothing = { ttftMs: null, e2eMs: null, tpotMs: null };
    expect(cellTimes(null)).toEqual(nothing);
    expect(cellTimes(sample({ status: 'timeout' }))).toEqual(nothing);
  });
});
