/**
 * Numbers as people read them. No `Intl`: the same bytes on every machine. A figure that does not exist is written
 * `n/a`, never 0 and never a blank.
 */
import type { Stat } from '../types.ts';

const MINUS = '\u2212';

function signed(value: number, digits: number, sign: boolean): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  if (value < 0) return MINUS + text;
  return sign ? `+${text}` : text;
}

/** A share (0..1) as a percentage with one decimal, `71.4 %`. */
export function formatShare(value: number | null): string {
  return value === null ? 'n/a' : `${signed(100 * value, 1, false)}\u00a0%`;
}

/** An interval of shares in percent, `62.0–79.1`; empty when there is none. */
export function formatShareInterval(stat: Stat): string {
  if (stat.low === null || stat.high === null) return '';
  return `${(100 * stat.low).toFixed(1)}–${(100 * stat.high).toFixed(1)}`;
}

/** A difference of shares in points, with its sign: `+7.9`. */
export function formatPoints(value: number | null): string {
  return value === null ? 'n/a' : signed(100 * value, 1, true);
}

/** An interval of differences in points, `+2.1 to +13.7`; empty when there is none. */
export function formatPointsInterval(low: number | null, high: number | null): string {
  return low === null || high === null ? '' : `${formatPoints(low)} to ${formatPoints(high)}`;
}

/** The smallest difference that could have been seen, in points, `7.5`; no two shares differ by more than 100. */
export function formatDetectable(value: number | null): string {
  return value === null ? 'n/a' : (100 * Math.min(1, value)).toFixed(1);
}

/** Milliseconds: `843 ms` below one second, `1.84 s` above. */
export function formatMs(value: number | null): string {
  if (value === null) return 'n/a';
  return value < 999.5
    ? `${value.toFixed(value < 10 ? 1 : 0)}\u00a0ms`
    : `${(value / 1000).toFixed(2)}\u00a0s`;
}

/** Three significant places or so: `0.512`, `31.4`, `1204`. */
export function formatAmount(value: number | null): string {
  if (value === null) return 'n/a';
  const size = Math.abs(value);
  return signed(value, size < 1 ? 3 : size < 100 ? 1 : 0, false);
}

/** An interval of plain amounts; empty when there is none. */
export function formatAmountInterval(stat: Stat): string {
  return stat.low === null || stat.high === null
    ? ''
    : `${formatAmount(stat.low)}–${formatAmount(stat.high)}`;
}

/** Bytes in binary units, one decimal: `5.0 GiB`. */
export function formatBytes(value: number | null): string {
  if (value === null) return 'n/a';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toFixed(unit === 0 ? 0 : 1)}\u00a0${units[unit] ?? ''}`;
}

/** A p value; small ones as a bound, never as 0. */
export function formatP(value: number | null): string {
  if (value === null) return 'n/a';
  return value < 0.0001 ? '<\u00a00.0001' : value.toFixed(value < 0.001 ? 4 : 3);
}
