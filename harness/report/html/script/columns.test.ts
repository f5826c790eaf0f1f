import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { columnsScript } from './columns.ts';

/** Cells as the index has them: pass 1, fail 0, neither 2; the score in ten-thousandths, -1 without one. */
interface Outcome {
  readonly pass: number;
  readonly score: number;
  readonly kind?: number;
}

/** What the script says of these cards. */
function judged(cards: readonly (readonly Outcome[])[]): { apart: boolean[]; order: number[] } {
  const cells = cards.flat();
  const data = {
    kinds: [['passed'], ['no-answer'], ['unasked']],
    cards: { suite: cards.map(() => 0), cells: cards.map((card) => card.length) },
    cells: {
      kind: cells.map(({ kind }) => kind ?? 0),
      pass: cells.map(({ pass }) => pass),
      score: cells.map(({ score }) => score),
    },
  };
  const ask = '({ apart: [...far].map((each) => each >= apartFrom), order: [...apartFirst] })';
  return vm.runInNewContext(`${columnsScript}\n${ask}`, { data }) as { apart: boolean[]; order: number[] };
}

const scored = (...scores: readonly number[]): Outcome[] =>
  scores.map((score) => ({ pass: 2, score: Math.round(10_000 * score) }));

describe('two targets disagree', () => {
  it.each([
    [0.9, 0.8],
    [0.8, 0.9],
    [0.7, 0.6],
    [1, 0.9],
    [0.1, 0],
    [0.43, 0.33],
  ])('at ten points: %d and %d', (one, other) => {
    expect(judged([scored(one, other)]).apart).toEqual([true]);
  });

  it.each([
    [0.9, 0.8001],
    [0.5, 0.5],
    [0.0999, 0],
  ])('not below: %d and %d', (one, other) => {
    expect(judged([scored(one, other)]).apart).toEqual([false]);
  });

  it('not where one of them has no score', () => {
    const none = { pass: 2, score: -1, kind: 0 };
    expect(judged([[...scored(0.9), none]]).apart).toEqual([false]);
  });
});

describe('the largest disagreement', () => {
  it('is right against wrong, then right against silent, then the wider spread; equals stay as planned', () => {
    const right = { pass: 1, score: 10_000 };
    const { order } = judged([
      scored(0.5, 0.5),
      scored(0.9, 0.2),
      [right, { pass: 2, score: -1, kind: 1 }],
      [right, { pass: 0, score: 9000 }],
      [{ pass: 0, score: 0 }, right],
      scored(0.5, 0.5),
    ]);
    expect(order).toEqual([4, 3, 2, 1, 0, 5]);
  });
});
