import { describe, expect, it } from 'vitest';
import { stepClock } from './limits.ts';
import type { Position } from './watch.ts';

const limits = { checkMs: 100, heapMb: 1 };
const judging = (step: number): Position => ({ step, phase: 'judging' });

/** What the clock says at each look, `[position, cpuMs, wallMs]` each counted from the look before. */
function looks(...seen: readonly (readonly [Position, number, number])[]): (string | null)[] {
  const clock = stepClock(limits, { cpuMs: 0, wallMs: 0 });
  const now = { cpuMs: 0, wallMs: 0 };
  return seen.map(([at, cpuMs, wallMs]) => {
    now.cpuMs += cpuMs;
    now.wallMs += wallMs;
    return clock(at, { ...now });
  });
}

describe('the clock of a step', () => {
  it('ends a step that has had its time, from the moment it was first seen', () => {
    expect(looks([judging(0), 90, 90], [judging(0), 60, 60], [judging(0), 40, 40])).toEqual([
      null,
      null,
      'the check took longer than 0.1 s',
    ]);
  });

  it('starts anew with each step and each phase', () => {
    const preparing: Position = { step: 1, phase: 'preparing' };
    expect(
      looks(
        [judging(0), 0, 0],
        [judging(0), 90, 90],
        [preparing, 90, 90],
        [preparing, 90, 90],
        [judging(1), 90, 90],
      ),
    ).toEqual([null, null, null, null, null]);
    expect(looks([preparing, 0, 0], [preparing, 100, 100])).toEqual([
      null,
      'compiling the schema took longer than 0.1 s',
    ]);
  });

  it('counts the processor time the process got, not what it waited for', () => {
    expect(looks([judging(0), 0, 0], [judging(0), 20, 400], [judging(0), 20, 400])).toEqual([
      null,
      null,
      null,
    ]);
    expect(looks([judging(0), 0, 0], [judging(0), 300, 60], [judging(0), 300, 60])).toEqual([
      null,
      null,
      'the check took longer than 0.1 s',
    ]);
  });

  it('gives up on a step that does nothing at all', () => {
    expect(looks([judging(0), 0, 0], [judging(0), 0, 999], [judging(0), 0, 1])).toEqual([
      null,
      null,
      'the check took longer than 0.1 s',
    ]);
  });
});
