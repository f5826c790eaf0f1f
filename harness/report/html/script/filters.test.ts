import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { filtersScript } from './filters.ts';

/** What the script says of one question with these scores. */
function apart(scores: readonly number[]): boolean {
  const cells = scores.map((s, t) => ({ s, t, k: 0 }));
  const context = {
    data: { kinds: [['scored-only', 'scored']], cards: [[0, 0, 0, -1, 1, 0, cells]] },
    byId: () => ({}),
  };
  return vm.runInNewContext(`${filtersScript}\nentries[0].apart`, context) as boolean;
}

describe('two targets disagree', () => {
  it.each([
    [0.9, 0.8],
    [0.8, 0.9],
    [0.7, 0.6],
    [1, 0.9],
    [0.1, 0],
    [0.43, 0.33],
  ])('at ten points: %d and %d', (one, other) => {
    expect(apart([one, other])).toBe(true);
  });

  it.each([
    [0.9, 0.8001],
    [0.5, 0.5],
    [0.0999, 0],
  ])('not below: %d and %d', (one, other) => {
    expect(apart([one, other])).toBe(false);
  });
});
