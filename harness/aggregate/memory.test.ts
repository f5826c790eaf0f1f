import { expect, it } from 'vitest';
import type { Reading } from '../types.ts';
import { memoryRows } from './memory.ts';

type Read = Extract<Reading, { status: 'read' }>;
const read = (more: Partial<Read>): Reading => ({
  v: 1,
  kind: 'reading',
  status: 'read',
  target: 'alpha',
  probe: 'process',
  basis: 'pss',
  moment: 'idle',
  bytes: 1,
  peakRssBytes: null,
  at: 1,
  ...more,
});
const unavailable = (more: Partial<Extract<Reading, { status: 'unavailable' }>>): Reading => ({
  v: 1,
  kind: 'reading',
  status: 'unavailable',
  target: 'beta',
  probe: 'process',
  why: 'not ours',
  at: 1,
  ...more,
});

const readings = [
  read({ bytes: 100, at: 1, peakRssBytes: 150 }),
  read({ bytes: 110, at: 9 }),
  read({ moment: 'loaded', basis: 'rss', bytes: 900, at: 10, peakRssBytes: 950 }),
  read({ moment: 'after', bytes: 130, at: 12, peakRssBytes: 940 }),
  unavailable({ why: 'ended', at: 13, target: 'alpha' }),
  unavailable({}),
  unavailable({ why: 'no /proc on darwin', at: 5 }),
];

it('takes the last quiet reading of each moment and the highest peak, in the order of the targets', () => {
  for (const order of [readings, readings.toReversed()]) {
    expect(memoryRows(['beta', 'alpha', 'gamma'], order)).toEqual([
      {
        target: 'beta',
        probe: 'process',
        basis: null,
        idleBytes: null,
        afterBytes: null,
        peakRssBytes: null,
        readings: 0,
        why: 'no /proc on darwin',
      },
      {
        target: 'alpha',
        probe: 'process',
        basis: 'pss',
        idleBytes: 110,
        afterBytes: 130,
        peakRssBytes: 950,
        readings: 4,
        why: null,
      },
    ]);
  }
});

it('never puts figures of two bases into one row', () => {
  const mixed = [read({ basis: 'rss', bytes: 500 }), read({ moment: 'after', bytes: 130, at: 12 })];
  expect(memoryRows(['alpha'], mixed)[0]).toMatchObject({ basis: 'pss', idleBytes: null, afterBytes: 130 });
});

it('is null, not zero, for a moment that was never read', () => {
  expect(memoryRows(['alpha'], [read({ moment: 'loaded', basis: 'rss' })])[0]).toMatchObject({
    basis: 'rss',
    idleBytes: null,
    afterBytes: null,
    peakRssBytes: null,
    readings: 1,
  });
});
