import { expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { memoryLines } from './memory-lines.ts';

it('is a line per basis, so that figures of two meanings never stand in one', () => {
  const { summary } = syntheticReport({ tests: 1, targets: 4 });
  const ids = summary.targets.map(({ id }) => id);
  expect(memoryLines(summary, ids)).toEqual([
    ['memory MiB, PSS after', '5632', 'n/a', 'n/a', 'n/a'],
    ['memory MiB, cgroup after', 'n/a', 'n/a', '7168', 'n/a'],
    ['GPU memory MiB, process, peak', '20272', 'n/a', '27644', 'n/a'],
    ['model MiB, estimate', 'n/a', 'n/a', 'n/a', '6144'],
  ]);
  expect(memoryLines({ ...summary, memory: [] }, ids)).toEqual([]);
});
