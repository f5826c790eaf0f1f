import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import { memoryRows } from '../../aggregate/memory.ts';
import { memoryView, namedLines, serverLines } from './memory.ts';

const { summary } = syntheticReport({ tests: 2, targets: 4 });
const view = memoryView(summary);

describe('memory on the pages', () => {
  it('has a table per basis, and no basis twice', () => {
    expect(view.tables.map(({ id }) => id)).toEqual(['pss', 'cgroup', 'gpu-process', 'kv', 'api-ps']);
  });

  it('names the basis of every column', () => {
    for (const { columns } of view.tables)
      for (const { name, basis } of columns) expect(`${name} ${basis}`).toMatch(/\S+ \S+/u);
    const [host] = view.tables;
    expect(host?.columns.map(({ basis }) => basis)).toEqual(['PSS', 'PSS', 'PSS', 'PSS', 'PSS', 'RSS']);
  });

  it('never has a figure of another basis in a table', () => {
    const byTarget = new Map(summary.memory.map((row) => [row.target, row]));
    for (const basis of ['pss', 'cgroup'] as const) {
      const table = view.tables.find(({ id }) => id === basis);
      for (const { target } of table?.rows ?? [])
        expect(byTarget.get(target)?.host.afterLoad?.basis).toBe(basis);
    }
  });

  it('marks a sum that counts shared pages more than once, and how many readings stand behind a figure', () => {
    const cells = view.tables[0]?.rows[0]?.cells;
    expect(cells?.[0]).toEqual({ text: '5.0\u00a0GiB', n: 1 });
    expect(cells?.at(-1)?.text).toMatch(/^≤\u00a0\d/u);
    expect(cells?.at(-1)?.n).toBe(122);
  });

  it('leaves out columns that nobody fills', () => {
    const cache = view.tables.find(({ id }) => id === 'kv');
    expect(cache?.columns.map(({ name, basis }) => `${name}, ${basis}`)).toEqual([
      'Cache, tokens, metrics',
      'Cache, size, tokens × declared bytes',
      'Most of it in use, metrics',
      'Preemptions, metrics',
    ]);
  });

  it('says of every target what was not measured, and why', () => {
    expect(view.gaps).toEqual([
      { target: 'beta', probe: 'process', why: 'platform: no /proc on darwin' },
      { target: 'beta', probe: 'prometheus', why: 'no metrics at <http://127.0.0.1:8001/metrics>' },
      {
        target: expect.any(String) as string,
        probe: 'process',
        why: 'remote: the server is on another machine, gpu.example',
      },
    ]);
    const none = { ...summary, memory: memoryRows([{ id: 'alpha' }], []) };
    expect(memoryView(none).gaps).toEqual([
      { target: 'alpha', probe: 'n/a', why: 'no memory probe is set for this target' },
    ]);
  });
});

describe('what servers counted, on the pages', () => {
  it('puts the times of the server before those seen here', () => {
    const [line] = serverLines(summary);
    expect(line).toMatchObject({ target: 'alpha', server: 'vllm', generationTokens: '97600', waiting: '7' });
    expect(line?.ttft).toMatch(/^p50 300\u00a0ms, n 610; here p50 \d+\u00a0ms$/u);
    expect(line?.tpot).toBe('n/a');
  });

  it('lists metrics that were asked for by name', () => {
    expect(namedLines(summary)).toEqual([
      {
        target: 'alpha',
        phase: 'quality',
        name: 'vllm:num_requests_swapped',
        first: '0',
        last: '122',
        peak: '122',
      },
    ]);
  });
});
