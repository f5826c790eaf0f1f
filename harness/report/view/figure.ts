/** A number as it stands on the page: never without its n and what is missing. */
import type { Quantiles, Stat } from '../../types.ts';
import {
  formatAmount,
  formatAmountInterval,
  formatMs,
  formatPoints,
  formatPointsInterval,
  formatShare,
  formatShareInterval,
} from '../numbers.ts';

export interface Figure {
  readonly value: string;
  /** Empty where there is none. */
  readonly interval: string;
  readonly n: number;
  readonly missing: number;
  readonly method: string;
}

export function shareFigure(stat: Stat): Figure {
  return {
    value: stat.value === null ? `n/a (n=${stat.n})` : formatShare(stat.value),
    interval: formatShareInterval(stat),
    n: stat.n,
    missing: stat.missing,
    method: stat.method ?? '',
  };
}

/** A difference of shares, in points with its sign. */
export function pointsFigure(stat: Stat): Figure {
  return {
    value: stat.value === null ? `n/a (n=${stat.n})` : formatPoints(stat.value),
    interval: formatPointsInterval(stat.low, stat.high),
    n: stat.n,
    missing: stat.missing,
    method: stat.method ?? '',
  };
}

export function amountFigure(stat: Stat): Figure {
  return {
    value: stat.value === null ? `n/a (n=${stat.n})` : formatAmount(stat.value),
    interval: formatAmountInterval(stat),
    n: stat.n,
    missing: stat.missing,
    method: stat.method ?? '',
  };
}

export interface QuantileFigures {
  readonly p50: string;
  readonly p90: string;
  readonly p95: string;
  readonly n: number;
  readonly missing: number;
}

export function quantileFigures(quantiles: Quantiles): QuantileFigures {
  const show = (value: number | null) => (value === null ? `n/a (n=${quantiles.n})` : formatMs(value));
  return {
    p50: show(quantiles.p50),
    p90: show(quantiles.p90),
    p95: show(quantiles.p95),
    n: quantiles.n,
    missing: quantiles.missing,
  };
}

/** Step 0..10 of a heat scale for a share, `none` without a value. */
export function heatStep(value: number | null): string {
  return value === null ? 'none' : String(Math.round(10 * Math.min(1, Math.max(0, value))));
}

/** A share of which nothing was planned. */
export const noShare: Stat = {
  value: null,
  low: null,
  high: null,
  n: 0,
  missing: 0,
  unit: 'share',
  method: null,
};
