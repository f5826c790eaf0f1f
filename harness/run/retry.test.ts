import { describe, expect, it } from 'vitest';
import { backoffMs, readRetryAfter, waitMs } from './retry.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('waiting before another attempt', () => {
  it.each([
    [{ 'retry-after': '1' }, 1000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '9000000000' }, null],
    [{}, null],
  ])('reads %o as %s ms', (headers, expected) => {
    expect(readRetryAfter(new Map(Object.entries(headers)), now)).toBe(expected);
  });

  it('doubles its own back-off up to 30 s, with full jitter', () => {
    expect([1, 2, 3, 20].map((failures) => backoffMs(failures, () => 1))).toEqual([500, 1000, 2000, 30_000]);
    expect(backoffMs(3, () => 0)).toBe(0);
  });

  it('waits at least as long as the server asked', () => {
    expect(waitMs(2000, 1, () => 0.5)).toBe(2100);
    expect(waitMs(1, 1, () => 0)).toBe(100);
  });
});
