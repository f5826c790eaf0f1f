import { describe, expect, it } from 'vitest';
import { isCalm, warmUpLimit, warmUpNonce } from './warm-up.ts';

describe('a warm-up', () => {
  it.each([
    [[], false],
    [[100, 100], false],
    [[400, 100, 101, 104], true],
    [[100, 101, 106], false],
    [[Number.POSITIVE_INFINITY, 100, 100], false],
  ])('after rounds of %j is over: %s', (medians, over) => {
    expect(isCalm(medians)).toBe(over);
  });

  it('costs ten requests at least, four rounds at most', () => {
    expect([1, 2, 4, 64].map(warmUpLimit)).toEqual([10, 10, 16, 256]);
  });

  it('has a nonce of its own for each request', () => {
    const nonces = ['c1', 'c4'].flatMap((level) =>
      ['a', 'b'].flatMap((target) => [1, 2].map((number) => warmUpNonce(level, target, 'leg-1', number))),
    );
    expect(new Set(nonces).size).toBe(8);
  });
});
