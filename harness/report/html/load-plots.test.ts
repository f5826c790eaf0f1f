import { describe, expect, it } from 'vitest';
import type { Quantiles, SpeedLevelRow, SpeedPhase, Stat } from '../../types.ts';
import { curvePlot, throughputPlot } from './load-plots.ts';

const stat = (value: number | null, unit: string): Stat => ({
  value,
  low: null,
  high: null,
  n: value === null ? 0 : 6,
  missing: 0,
  unit,
  method: null,
});
const times: Quantiles = { p50: 10, p90: null, p95: null, p99: null, n: 6, missing: 0, unit: 'ms' };
const row = (
  target: string,
  concurrency: number,
  rate: number | null,
  more: Partial<SpeedLevelRow> = {},
) => ({
  series: 'all',
  level: `c${concurrency}`,
  load: { kind: 'closed' as const, concurrency },
  target,
  planned: 6,
  answered: 6,
  failed: 0,
  unmeasured: 0,
  work: 'fixed' as const,
  maxTokens: 8,
  otherLength: 0,
  tainted: 0,
  prefixCached: 0,
  ttftMs: times,
  tpotMs: times,
  e2eMs: times,
  queueMs: times,
  e2eFromSchedMs: null,
  window: 'steady' as const,
  windowMs: 1,
  tokensPerSecond: stat(rate, 'tokens/s'),
  requestsPerSecond: stat(rate === null ? null : rate / 8, 'requests/s'),
  goodput: null,
  maxInFlight: concurrency,
  client: { utilization: 0, delayP50Ms: 0, delayP99Ms: 0, lagP99Ms: null },
  doubt: null,
  ...more,
});
const phase = (levels: readonly SpeedLevelRow[]): SpeedPhase => ({ objectives: {}, levels, floors: [] });
const position = (id: string): number => ['ก', 'بيتا'].indexOf(id);

describe('throughput against concurrency', () => {
  it('is a multiple of the target’s own: tokens of two tokenizers never share an axis', () => {
    const svg = throughputPlot(
      phase([row('ก', 1, 900), row('بيتا', 1, 30), row('ก', 4, 1800), row('بيتا', 4, 105)]),
      position,
    );
    expect(svg).toContain('ก, 4 in flight: 2.0 times its lowest level, 1800 of its tokens/s');
    expect(svg).toContain('بيتا, 4 in flight: 3.5 times its lowest level, 105 of its tokens/s');
    // The highest tick is the scale of the multiples, not of the tokens.
    expect(svg).toContain('>4×<');
    expect(svg).not.toContain('>2000');
  });

  it('is not drawn from one level, nor from rates that nobody knows', () => {
    expect(throughputPlot(phase([row('ก', 1, 900)]), position)).toBeNull();
    expect(throughputPlot(phase([row('ก', 1, null), row('ก', 4, 900)]), position)).toBeNull();
  });

  it('says which figures are the client’s own doing', () => {
    const svg = throughputPlot(
      phase([row('ก', 1, 900), row('ก', 4, 950, { doubt: 'the client was late' })]),
      position,
    );
    expect(svg).toContain('of its tokens/s (the client was late)');
    expect(svg?.match(/<circle/gu)?.length).toBe(2);
  });
});

describe('the distribution of times', () => {
  it('names its quantiles for those who cannot see it', () => {
    const valuesMs = Array.from({ length: 60 }, (_, at) => 10 + at);
    const svg = curvePlot([{ target: 'ก', metric: 'ttftMs', n: 200, valuesMs }], 'ttftMs', position);
    expect(svg).toContain('ก: half within 40');
    expect(curvePlot([], 'e2eMs', position)).toBeNull();
  });
});
