import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatBytes,
  formatMs,
  formatP,
  formatPoints,
  formatPointsInterval,
  formatShare,
} from './numbers.ts';

describe('numbers for people', () => {
  it.each([
    [formatShare(null), 'n/a'],
    [formatShare(0.7142), '71.4\u00a0%'],
    [formatPoints(0.079), '+7.9'],
    [formatPoints(-0.079), '\u22127.9'],
    [formatPoints(-0.0001), '0.0'],
    [formatPointsInterval(-0.021, 0.137), '\u22122.1 to +13.7'],
    [formatPointsInterval(null, 0.1), ''],
    [formatMs(4.25), '4.3\u00a0ms'],
    [formatMs(843.4), '843\u00a0ms'],
    [formatMs(1843), '1.84\u00a0s'],
    [formatMs(999.6), '1.00\u00a0s'],
    [formatAmount(0), '0.000'],
    [formatAmount(31.44), '31.4'],
    [formatBytes(5_368_709_120), '5.0\u00a0GiB'],
    [formatBytes(12), '12\u00a0B'],
    [formatP(0.00001), '<\u00a00.0001'],
    [formatP(0.0479), '0.048'],
  ])('writes %j', (text, expected) => {
    expect(text).toBe(expected);
  });
});
