import { describe, expect, it } from 'vitest';
import { deal } from './deal.ts';

const closed = (concurrency: number) => ({ kind: 'closed', concurrency }) as const;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe('a load dealt to clients', () => {
  it('gives every stream to one client, the first ones those that are left over', () => {
    const hands = deal(numbers(28), closed(7), ['ไทย', '日本', 'عربي']);
    expect(hands.map(({ client, share }) => [client, share])).toEqual([
      ['ไทย', 3],
      ['日本', 2],
      ['عربي', 2],
    ]);
    const streams = hands.flatMap(({ share, place: { first, step } }) =>
      numbers(share ?? 0).map((at) => first + at * step),
    );
    expect(streams.toSorted((a, b) => a - b)).toEqual(numbers(7));
    // Four rounds of each stream.
    expect(hands.map(({ requests }) => requests.length)).toEqual([12, 8, 8]);
    expect(hands.flatMap(({ requests }) => requests).toSorted((a, b) => a - b)).toEqual(numbers(28));
  });

  it('leaves out clients for which no stream is left, and never holds more than was asked for', () => {
    expect(deal(numbers(1), closed(1), ['a', 'b']).map(({ client, share }) => [client, share])).toEqual([
      ['a', 1],
    ]);
    const few = deal(numbers(3), closed(4), ['a', 'b']);
    expect(few.map(({ share, requests }) => [share, requests])).toEqual([
      [2, [0, 2]],
      [1, [1]],
    ]);
    for (const [concurrency, clients] of [
      [2, 5],
      [4, 2],
      [9, 4],
      [64, 7],
    ] as const) {
      const shares = deal(numbers(4 * concurrency), closed(concurrency), numbers(clients).map(String));
      expect(shares.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBe(concurrency);
    }
  });

  it('takes the requests of an open loop in turn, and holds none of them back', () => {
    const hands = deal(numbers(5), { kind: 'open', rate: 2, arrivals: 'poisson' }, ['a', 'b']);
    expect(hands.map(({ share, requests }) => [share, requests])).toEqual([
      [null, [0, 2, 4]],
      [null, [1, 3]],
    ]);
  });
});
