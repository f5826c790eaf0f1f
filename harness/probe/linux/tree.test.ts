import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { fakeFiles, fakeProcess } from '../../../fixtures/probe/fake-files.ts';
import { systemFiles } from './files.ts';
import { isAlive, processOf, treeOf } from './tree.ts';

describe('a tree of processes', () => {
  it('holds the root, its children by any of its threads, and theirs', () => {
    const files = fakeFiles({
      texts: {
        ...fakeProcess(10, { 'task/10/children': '11 ', 'task/15/children': '12 ' }),
        ...fakeProcess(11, { parent: 10, 'task/11/children': '13 ' }),
        ...fakeProcess(12, { parent: 10, 'task/12/children': '' }),
        ...fakeProcess(13, { parent: 11, 'task/13/children': '' }),
        ...fakeProcess(99, { 'task/99/children': '' }),
      },
    });
    const pids = treeOf(files, { pid: 10, startTime: 100 }).map(({ pid }) => pid);
    expect(pids.toSorted((a, b) => a - b)).toEqual([10, 11, 12, 13]);
    expect(pids[0]).toBe(10);
  });

  it('is empty when the number belongs to another process now', () => {
    const files = fakeFiles({ texts: fakeProcess(10, { start: 500, 'task/10/children': '' }) });
    expect(treeOf(files, { pid: 10, startTime: 100 })).toEqual([]);
    expect(isAlive(files, { pid: 10, startTime: 500 })).toBe(true);
  });

  it('leaves out a child that ended between the list and the look', () => {
    const files = fakeFiles({ texts: fakeProcess(10, { 'task/10/children': '11 ' }) });
    expect(treeOf(files, { pid: 10, startTime: 100 })).toHaveLength(1);
  });

  it('follows parents where the kernel keeps no lists of children', () => {
    const files = fakeFiles({
      texts: {
        ...fakeProcess(10, { 'task/10/comm': 'a' }),
        ...fakeProcess(11, { parent: 10, 'task/11/comm': 'b' }),
        ...fakeProcess(12, { parent: 11, 'task/12/comm': 'c' }),
        ...fakeProcess(13, { parent: 1, 'task/13/comm': 'd' }),
      },
    });
    expect(treeOf(files, { pid: 10, startTime: 100 }).map(({ pid }) => pid)).toEqual([10, 11, 12]);
  });

  it.runIf(process.platform === 'linux')('sees a real child come and go', async () => {
    const root = processOf(systemFiles, process.pid);
    if (root === null) throw new Error('this process is there');
    const child = spawn('sleep', ['30']);
    await once(child, 'spawn');
    const pids = () => treeOf(systemFiles, root).map(({ pid }) => pid);
    expect(pids()).toContain(child.pid);
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    expect(pids()).not.toContain(child.pid);
  });
});
