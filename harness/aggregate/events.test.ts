import { describe, expect, it } from 'vitest';
import { manifest } from '../../fixtures/aggregate/synthetic-run.ts';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { eventView } from '../report/view/events.ts';
import type { RunEvent } from '../types.ts';
import { eventLog } from './events.ts';

const run = { ...manifest(), createdAt: '2026-01-02T03:04:05.000Z', legs: [] };
const start = Date.parse(run.createdAt);
const event = (atMs: number, more: Partial<RunEvent> = {}): RunEvent => ({
  v: 1,
  kind: 'event',
  event: 'cool-down',
  target: 'beta',
  phase: 'quality',
  leg: 'leg-1',
  ms: 1500,
  because: 'rate-limited, HTTP 429',
  at: start + atMs,
  ...more,
});

describe('what happened on the way', () => {
  it('is nothing at all where nothing did: the files of such a run do not mention it', () => {
    expect(eventLog(run, [])).toBeNull();
    const { summary } = syntheticReport();
    expect(summary).not.toHaveProperty('events');
    expect(eventView(summary)).toBeNull();
  });

  it('is counted per target, in the order of the targets, and listed by its time from the start', () => {
    const events = [
      event(9_000, { event: 'load-ended', target: null, ms: null, because: 'ตัวที่สองหายไป' }),
      event(4_000),
      event(3_725_000, { target: 'alpha', event: 'breaker-open', ms: null, because: '' }),
      event(2_000, { ms: 400 }),
    ];
    const log = eventLog(run, events);
    expect(log?.counts).toEqual([
      { target: 'alpha', event: 'breaker-open', count: 1, totalMs: null },
      { target: 'beta', event: 'cool-down', count: 2, totalMs: 1900 },
      { target: null, event: 'load-ended', count: 1, totalMs: null },
    ]);
    expect(log?.list.list.map(({ atMs }) => atMs)).toEqual([2_000, 4_000, 9_000, 3_725_000]);
    expect(eventLog(run, events.toReversed())).toEqual(log);
    const view = eventView({ ...syntheticReport().summary, ...(log === null ? {} : { events: log }) });
    expect(view?.counts[1]).toEqual({ target: 'beta', text: 'asked for patience 2, 1.9\u00a0s in all' });
    expect(view?.lines.map(({ at, target, text }) => [at, target, text])).toEqual([
      ['0:00:02', 'beta', 'asked for patience, 0.4\u00a0s; rate-limited, HTTP 429; quality, leg-1'],
      ['0:00:04', 'beta', 'asked for patience, 1.5\u00a0s; rate-limited, HTTP 429; quality, leg-1'],
      ['0:00:09', 'the run', 'the load was not held to its end; ตัวที่สองหายไป; quality, leg-1'],
      ['1:02:05', 'alpha', 'did not answer and was waited for; quality, leg-1'],
    ]);
    expect(view?.more).toBe('');
  });

  it('is a short list of many, counted in full', () => {
    const log = eventLog(
      run,
      Array.from({ length: 80 }, (_, at) => event(at * 1000)),
    );
    expect([log?.list.list.length, log?.list.distinct, log?.counts[0]?.count]).toEqual([50, 80, 80]);
    const view = eventView({ ...syntheticReport().summary, ...(log === null ? {} : { events: log }) });
    expect(view?.more).toMatch(/^30 more/u);
  });
});
