import { expect, it } from 'vitest';
import { middle, nearestRank } from './rank.ts';

it('the middle of a list is its median, and there is none of nothing', () => {
  expect([middle([]), middle([3]), middle([3, 1]), middle([9, 1, 2])]).toEqual([null, 3, 2, 2]);
});

it('the nearest rank is a value of the list, and there is none of nothing', () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.8, 0.81, 1].map((share) => nearestRank(values, share))).toEqual([1, 3, 4, 5, 5]);
  expect(nearestRank([], 0.5)).toBeNull();
});
