import { describe, expect, it } from 'vitest';
import { answered, cell, failed, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Sample } from '../types.ts';
import { effectiveSamples, sift } from './effective.ts';

const planned = cell();
const plan = { cells: [planned] };
const record = (more: Partial<Sample>): Sample => sample(planned, more);

describe('the record that counts', () => {
  it('is the first answer, though later ones and failures follow', () => {
    const first = record({ outcome: answered('一'), endedAt: 20, attempt: 2 });
    const samples = [
      record({ outcome: failed(), endedAt: 10 }),
      record({ outcome: answered('二'), endedAt: 30, leg: 'leg-2', attempt: 3 }),
      first,
      record({ outcome: failed(), endedAt: 40, attempt: 4 }),
    ];
    for (const order of [samples, samples.toReversed()]) {
      expect(effectiveSamples(plan, order).get(planned.key)).toEqual({
        sample: first,
        attempts: 4,
        surplus: 1,
      });
    }
  });

  it('is the last failure when nothing was answered', () => {
    const last = record({ outcome: failed('rate-limited'), endedAt: 30, attempt: 2 });
    expect(
      effectiveSamples(plan, [last, record({ outcome: failed(), endedAt: 10 })]).get(planned.key)?.sample,
    ).toBe(last);
  });

  it('is decided by leg, then attempt, at the same instant', () => {
    const one = record({ leg: 'leg-1', attempt: 2, outcome: answered('하나') });
    const two = record({ leg: 'leg-2', attempt: 1, outcome: answered('둘') });
    expect(effectiveSamples(plan, [two, one]).get(planned.key)?.sample).toBe(one);
  });

  it('counts a line that was flushed twice once, and an answer given twice twice', () => {
    const line = record({});
    expect(effectiveSamples(plan, [line, { ...line }]).get(planned.key)).toMatchObject({
      attempts: 1,
      surplus: 0,
    });
    expect(
      effectiveSamples(plan, [line, record({ outcome: answered('سبعة') })]).get(planned.key),
    ).toMatchObject({ attempts: 2, surplus: 1 });
  });

  it('leaves out warm-ups and strangers, and counts them', () => {
    const stranger = sample(cell({ test: 'of an earlier plan' }));
    const liar = record({ language: 'ti' });
    const { effective, leftOut } = sift(plan, [record({ warmup: true }), stranger, liar]);
    expect(effective.size).toBe(0);
    expect(leftOut).toEqual({ warmups: 1, strangers: 2 });
  });
});
