import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../../../fixtures/probe/fake-files.ts';
import { containerGroup, groupOf } from './container.ts';
import { groupFigures, groupPids } from './group.ts';

const folder = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'probe', 'proc');
const captured = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const mebibyte = 1024 ** 2;

describe('memory of a control group', () => {
  // Captured while a process held 64 MiB of shared memory and a mapped file of 32 MiB: the mapped pages are 96 MiB.
  it.each([
    [
      'version 2',
      {
        'memory.stat': captured('memory-stat-v2.txt'),
        'memory.peak': '135528448\n',
        'memory.swap.current': '0\n',
      },
    ],
    [
      'version 1',
      { 'memory.stat': captured('memory-stat-v1.txt'), 'memory.max_usage_in_bytes': '135528448\n' },
    ],
  ])('counts mapped shared memory once, %s', (_version, files) => {
    const texts = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/g/${name}`, text]));
    const figures = groupFigures(fakeFiles({ texts: { ...texts, '/g/cgroup.procs': '5\n6\n' } }), '/g');
    expect(figures).toMatchObject({
      basis: 'cgroup',
      bytes: 16_781_312 + 96 * mebibyte,
      anonShmemBytes: 16_781_312 + 64 * mebibyte,
      fileBytes: 32 * mebibyte,
      swapBytes: 0,
      peakBytes: 135_528_448,
      processes: 2,
    });
  });

  it('knows no peak rather than a peak of zero on a kernel that keeps none', () => {
    const files = fakeFiles({ texts: { '/g/memory.stat': captured('memory-stat-v2.txt') } });
    expect(groupFigures(files, '/g')).toMatchObject({ peakBytes: null, swapBytes: null });
  });

  it('is nothing where the folder is none', () => {
    expect(groupFigures(fakeFiles({}), '/g')).toBeNull();
    expect(groupFigures(fakeFiles({ texts: { '/g/memory.stat': 'nonsense\n' } }), '/g')).toBeNull();
  });

  it('has the processes of the groups below it too', () => {
    const files = fakeFiles({
      texts: { '/g/cgroup.procs': '5\n', '/g/inner/cgroup.procs': '6\n7\n', '/g/inner/memory.stat': '' },
    });
    expect(groupPids(files, '/g')).toEqual([5, 6, 7]);
  });
});

describe('the group of a container', () => {
  const id = '4f2a9c1b7d3e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8';
  const scope = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
  const files = fakeFiles({
    texts: {
      [`${scope}/memory.stat`]: captured('memory-stat-v2.txt'),
      '/sys/fs/cgroup/memory.stat': '',
      '/proc/8/cgroup': captured('cgroup-v2.txt'),
      '/proc/9/cgroup': captured('cgroup-v1.txt'),
      '/sys/fs/cgroup/memory/process_api/c2247652e1ee/memory.stat': captured('memory-stat-v1.txt'),
    },
  });

  it('is found by the beginning of its id', async () => {
    expect(await containerGroup(files, id.slice(0, 12))).toEqual({ found: scope });
  });

  it('follows from one of its processes, in both versions', () => {
    expect(groupOf(files, 8)).toBe(scope);
    expect(groupOf(files, 9)).toBe('/sys/fs/cgroup/memory/process_api/c2247652e1ee');
    expect(groupOf(files, 10)).toBeNull();
  });
});
