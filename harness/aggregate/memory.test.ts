import { describe, expect, it } from 'vitest';
import type { DeviceState, Figures, HostFigures, Moment, Reading } from '../types.ts';
import { memoryNotes } from './memory-notes.ts';
import { memoryRows } from './memory.ts';

const head = (probe: string, moment: Moment, at: number, more: Partial<Reading> = {}) =>
  ({
    v: 2,
    kind: 'reading',
    target: 'alpha',
    probe,
    moment,
    phase: 'quality',
    leg: 'leg-1',
    at,
    ...more,
  }) as const;

const read = (probe: string, moment: Moment, at: number, figures: Figures, more: object = {}): Reading =>
  ({ ...head(probe, moment, at), status: 'read', flags: [], ...figures, ...more }) as Reading;

const missed = (probe: string, moment: Moment, at: number, why: string, more: object = {}): Reading =>
  ({ ...head(probe, moment, at), status: 'unavailable', why, ...more }) as Reading;

const host = (basis: HostFigures['basis'], bytes: number, more: Partial<HostFigures> = {}): HostFigures => ({
  basis,
  bytes,
  anonShmemBytes: basis === 'rss' ? null : 0.7 * bytes,
  fileBytes: basis === 'rss' ? null : 0.3 * bytes,
  swapBytes: 0,
  rssBytes: basis === 'rss' ? bytes : null,
  peakBytes: null,
  processes: 1,
  ...more,
});

const rowOf = (readings: readonly Reading[], kvBytesPerToken: number | null = null) => {
  const [row] = memoryRows([{ id: 'alpha', kvBytesPerToken }], readings);
  if (row === undefined) throw new Error('a row');
  return row;
};

const usual = [
  read('process', 'idle', 1, host('pss', 100, { peakBytes: 150 })),
  read('process', 'idle', 9, host('pss', 110, { peakBytes: 150 })),
  read('process', 'loaded', 10, host('rss', 900, { peakBytes: 950 })),
  read('process', 'after', 12, host('pss', 130, { peakBytes: 940 })),
  missed('process', 'loaded', 13, 'process 7 has ended'),
];

describe('memory of a host', () => {
  it('is the last quiet figure of each moment and the highest peak, each with its basis', () => {
    for (const order of [usual, usual.toReversed()]) {
      expect(rowOf(order).host).toEqual({
        probe: 'process',
        readings: 4,
        missing: 0,
        why: null,
        idle: { bytes: 110, basis: 'pss', isUpperBound: false, n: 2 },
        afterLoad: { bytes: 130, basis: 'pss', isUpperBound: false, n: 1 },
        peakUpper: { bytes: 950, basis: 'rss', isUpperBound: false, n: 4 },
        anonShmem: { bytes: 91, basis: 'pss', isUpperBound: false, n: 1 },
        file: { bytes: 39, basis: 'pss', isUpperBound: false, n: 1 },
        swap: { bytes: 0, basis: 'pss', isUpperBound: false, n: 1 },
        processes: 1,
      });
    }
  });

  it('never has figures of two bases side by side', () => {
    const { host: memory } = rowOf([
      read('process', 'idle', 1, host('rss', 500)),
      read('process', 'after', 12, host('pss', 130)),
    ]);
    expect(memory).toMatchObject({ idle: null, afterLoad: { bytes: 130, basis: 'pss' } });
  });

  it('is an upper bound where several processes share what is added up', () => {
    const { host: memory } = rowOf([
      read('process', 'after', 1, host('rss', 900, { processes: 3, peakBytes: 950 })),
    ]);
    expect(memory.afterLoad).toMatchObject({ basis: 'rss', isUpperBound: true });
    expect(memory.peakUpper).toMatchObject({ basis: 'rss', isUpperBound: true });
    // A proportional set adds up; the peak beside it is still one of resident sets.
    const proportional = rowOf([
      read('process', 'after', 1, host('pss', 500, { processes: 3, peakBytes: 950 })),
    ]).host;
    expect(proportional.afterLoad).toMatchObject({ isUpperBound: false });
    expect(proportional.peakUpper).toMatchObject({ isUpperBound: true });
  });

  it('has the peak of a container with its page cache: an upper bound of its own basis', () => {
    const { host: memory } = rowOf([read('process', 'after', 1, host('cgroup', 700, { peakBytes: 999 }))]);
    expect(memory.peakUpper).toEqual({ bytes: 999, basis: 'cgroup', isUpperBound: true, n: 1 });
  });

  it('is null with its reason, not zero, where nothing could be read', () => {
    const { host: memory } = rowOf([
      missed('process', 'idle', 1, 'nothing listens on port 8000 of this machine'),
      missed('process', 'after', 5, 'remote: the server is on another machine, gpu.example'),
    ]);
    expect(memory).toMatchObject({
      idle: null,
      afterLoad: null,
      peakUpper: null,
      readings: 0,
      missing: 2,
      why: 'remote: the server is on another machine, gpu.example',
    });
  });

  it('knows that nobody looked', () => {
    expect(rowOf([]).host).toMatchObject({ probe: null, why: 'no probe looked' });
  });
});

const device = (usedBytes: number): DeviceState => ({
  index: 0,
  uuid: 'GPU-1',
  usedBytes,
  totalBytes: 1000,
  utilization: null,
  powerWatts: null,
  clockMhz: null,
});
const gpu = (basis: 'gpu-process' | 'gpu-delta', bytes: number, devices = [device(bytes)]): Figures => ({
  basis,
  bytes,
  devices,
});

describe('memory of devices', () => {
  it('has its peak from under load, and what the devices hold from where they were asked', () => {
    const { gpu: memory } = rowOf([
      read('nvidia-smi', 'before-start', 0, gpu('gpu-delta', 0)),
      read('nvidia-smi', 'idle', 1, gpu('gpu-process', 300)),
      read('nvidia-smi', 'loaded', 2, gpu('gpu-process', 800, [])),
      read('nvidia-smi', 'after', 3, gpu('gpu-process', 400)),
      read('nvidia-smi', 'loaded', 4, gpu('gpu-delta', 999)),
    ]);
    expect(memory).toMatchObject({
      idle: { bytes: 300, basis: 'gpu-process' },
      afterLoad: { bytes: 400 },
      peak: { bytes: 800, basis: 'gpu-process', n: 3 },
      totalBytes: 1000,
      why: null,
    });
  });

  it('is null with the reason of the last look', () => {
    const { gpu: memory } = rowOf([missed('amd-smi', 'idle', 1, 'there is no amd-smi on this machine')]);
    expect(memory).toMatchObject({ peak: null, why: 'there is no amd-smi on this machine', missing: 1 });
  });
});

const values = {
  kvCapacityTokens: null,
  kvUsedRatio: null,
  kvUsedTokens: null,
  kvPeakTokens: null,
  running: null,
  waiting: null,
  preemptions: null,
  promptTokens: null,
  cachedTokens: null,
  generationTokens: null,
  generationSeconds: null,
};
const metrics = (more: Partial<typeof values> | Record<string, number>): Figures => ({
  basis: 'metrics',
  bytes: null,
  server: 'vllm',
  values: { ...values, ...more },
  histograms: { ttft: null, tpot: null },
  named: {},
});

describe('the key-value cache', () => {
  it('has its capacity, the most of it in use, and preemptions of the load alone', () => {
    const row = rowOf(
      [
        read('prometheus', 'idle', 1, metrics({ kvCapacityTokens: 1000, kvUsedRatio: 0, preemptions: 4 })),
        read(
          'prometheus',
          'loaded',
          2,
          metrics({ kvCapacityTokens: 1000, kvUsedRatio: 0.75, preemptions: 5 }),
        ),
        read('prometheus', 'after', 3, metrics({ kvCapacityTokens: 1000, kvUsedRatio: 0.1, preemptions: 6 })),
      ],
      56,
    );
    expect(row.kv).toMatchObject({
      capacityTokens: 1000,
      capacityBasis: 'metrics',
      capacityBytes: 56_000,
      capacityBytesFrom: 'declared',
      peakUsedRatio: 0.75,
      preemptions: 2,
      readings: 3,
      why: null,
    });
  });

  it('is a share of the capacity where a server counts tokens', () => {
    const row = rowOf([
      read('prometheus', 'loaded', 2, metrics({ kvCapacityTokens: 1000, kvUsedTokens: 250 })),
    ]);
    expect(row.kv).toMatchObject({ peakUsedRatio: 0.25, peakTokens: 250, capacityBytes: null });
  });

  it("believes the server's own line before blocks times their size, and its bytes before declared ones", () => {
    const row = rowOf(
      [
        read('prometheus', 'idle', 1, metrics({ kvCapacityTokens: 1000 })),
        read('log', 'idle', 1, {
          basis: 'log',
          bytes: 14e9,
          kvCapacityTokens: 1200,
          kvBytes: 5e9,
          computeBytes: null,
          server: 'vllm',
        }),
      ],
      56,
    );
    expect(row.kv).toMatchObject({
      capacityTokens: 1200,
      capacityBasis: 'log',
      capacityBytes: 5e9,
      capacityBytesFrom: 'log',
    });
    expect(row.weights).toEqual({ bytes: 14e9, basis: 'log', isUpperBound: false, n: 1 });
  });

  it('says when a page tells nothing of it', () => {
    expect(rowOf([read('prometheus', 'idle', 1, metrics({ promptTokens: 5 }))]).kv).toMatchObject({
      capacityTokens: null,
      why: 'the server tells nothing of its cache',
    });
  });
});

it('keeps estimates apart from what was measured', () => {
  const row = rowOf([
    read('ollama', 'after', 1, {
      basis: 'api-ps',
      bytes: 600,
      vramBytes: 500,
      contextTokens: 4096,
      expiresAt: null,
    }),
  ]);
  expect(row.estimate).toMatchObject({
    total: { bytes: 600, basis: 'api-ps' },
    gpu: { bytes: 500 },
    host: { bytes: 100 },
    contextTokens: 4096,
  });
  expect(row.host.afterLoad).toBeNull();
  expect(row.gpu.peak).toBeNull();
});

describe('the line of a target over the run', () => {
  const loaded = (count: number, from = 0, leg = 'leg-1') =>
    Array.from({ length: count }, (_each, index) =>
      read('process', 'loaded', from + 500 * index, host('rss', 1000 + (index === 77 ? 5000 : index)), {
        leg,
      }),
    );

  it('is thinned, and keeps its quiet points and its highest point', () => {
    const [line] = rowOf([
      read('process', 'idle', 0, host('pss', 1, { rssBytes: 10 })),
      ...loaded(2000, 100),
      read('process', 'after', 2_000_000, host('pss', 2, { rssBytes: 20 })),
    ]).series.filter(({ basis }) => basis === 'rss');
    expect(line?.points.length).toBeLessThan(200);
    expect(line?.points.length).toBeGreaterThan(100);
    expect(Math.max(...(line?.points.map(({ bytes }) => bytes) ?? []))).toBe(6000);
    // A thorough look knows the resident set as well: it stands in the same line as those under load.
    expect(line?.points[0]).toEqual({ atMs: 0, bytes: 10, moment: 'idle', leg: 0 });
    expect(line?.points.at(-1)).toMatchObject({ bytes: 20, moment: 'after' });
  });

  it('breaks between two starts of the run and leaves out the night between them', () => {
    const night = 8 * 3600 * 1000;
    const [line] = rowOf([...loaded(3, 5000), ...loaded(3, night, 'leg-2')]).series;
    expect(line?.points.map(({ atMs, leg }) => [atMs, leg])).toEqual([
      [0, 0],
      [500, 0],
      [1000, 0],
      [2000, 1],
      [2500, 1],
      [3000, 1],
    ]);
  });

  it('never joins two bases', () => {
    const { series } = rowOf([...usual, read('nvidia-smi', 'loaded', 5, gpu('gpu-process', 5))]);
    expect(series.map(({ basis }) => basis).toSorted()).toEqual(['gpu-process', 'pss', 'rss']);
  });
});

describe('remarks on memory', () => {
  it('say what a flag means for the numbers, once per flag', () => {
    const rows = memoryRows(
      [{ id: 'alpha' }, { id: 'beta' }],
      [
        read('nvidia-smi', 'idle', 1, gpu('gpu-process', 300), { flags: ['gpu-shared'] }),
        read('nvidia-smi', 'idle', 1, gpu('gpu-process', 300), { flags: ['gpu-shared'], target: 'beta' }),
        read('process', 'idle', 1, host('pss', 300), { flags: ['swapped'], target: 'beta' }),
      ],
    );
    expect(rows.map(({ flags }) => flags)).toEqual([['gpu-shared'], ['gpu-shared', 'swapped']]);
    const notes = memoryNotes(rows, []);
    expect(notes.map(({ code }) => code)).toEqual(['gpu-shared', 'swapped']);
    expect(notes[0]?.text).toMatch(/graphics devices as alpha and beta/u);
  });
});
