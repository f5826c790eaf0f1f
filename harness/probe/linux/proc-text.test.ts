import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  parseCount,
  parseCounts,
  parseGroups,
  parseListeners,
  parsePids,
  parseStat,
  readKilobytes,
} from './proc-text.ts';

const folder = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'probe', 'proc');
const captured = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('a line of /proc in kB', () => {
  const status = captured('status.txt');
  const rollup = captured('smaps_rollup.txt');

  it.each([
    ['VmRSS', 2048 * 1024],
    ['VmHWM', 4096 * 1024],
    ['VmSwap', 16 * 1024],
    // A prefix of a name is another name.
    ['Vm', null],
    ['RSS', null],
    ['Threads', null],
  ])('%s reads as %s bytes', (name, bytes) => {
    expect(readKilobytes(status, name)).toBe(bytes);
  });

  it('tells Pss from Pss_Anon, Pss_Dirty and Rss', () => {
    const of = (name: string) => readKilobytes(rollup, name);
    expect(of('Pss')).toBeGreaterThan(0);
    expect(new Set([of('Pss'), of('Pss_Anon'), of('Rss')]).size).toBe(3);
    expect(of('Pss')).toBe((of('Pss_Anon') ?? 0) + (of('Pss_File') ?? 0) + (of('Pss_Shmem') ?? 0));
  });

  it('reads zero as zero', () => {
    expect(readKilobytes(rollup, 'SwapPss')).toBe(0);
  });
});

describe('/proc/<pid>/stat', () => {
  it('counts its fields from the last bracket: a name may hold brackets and blanks', () => {
    expect(parseStat(captured('stat.txt'))).toEqual({ parent: 19_845, startTime: 227_543 });
  });

  it.each(['', '12 (cat', '12 (cat) S', 'not a stat at all) x y z'])('is nothing in %j', (text) => {
    expect(parseStat(text)).toBeNull();
  });
});

describe('/proc/net/tcp', () => {
  it('finds who listens, and no connection to or from the port', () => {
    expect(parseListeners(captured('tcp.txt'), 0x85b1)).toEqual(['146054']);
    expect(parseListeners(captured('tcp.txt'), 0x07e8)).toEqual(['1165']);
    expect(parseListeners(captured('tcp.txt'), 0x92c4)).toEqual([]);
  });

  it('reads the longer addresses of version 6', () => {
    expect(parseListeners(captured('tcp6.txt'), 8000)).toEqual(['51234']);
    expect(parseListeners(captured('tcp6.txt'), 800)).toEqual([]);
  });
});

describe('control groups', () => {
  it('have two paths in version 1 and one in version 2', () => {
    expect(parseGroups(captured('cgroup-v1.txt'))).toEqual({
      unified: '/',
      memory: '/process_api/c2247652e1ee',
    });
    expect(parseGroups(captured('cgroup-v2.txt'))).toMatchObject({ memory: null });
    expect(parseGroups(captured('cgroup-v2.txt')).unified).toMatch(/^\/system\.slice\/docker-4f2a/u);
  });

  it('count in lines of a name and a number', () => {
    const stat = parseCounts(captured('memory-stat-v2.txt'));
    expect(stat.get('anon')).toBe(16_781_312);
    expect(stat.has('file_')).toBe(false);
  });

  it('have no limit where they write max', () => {
    expect(parseCount('max\n')).toBeNull();
    expect(parseCount('4096\n')).toBe(4096);
  });
});

it('reads lists of pids, and nothing else as one', () => {
  expect(parsePids('12 34 \n')).toEqual([12, 34]);
  expect(parsePids('self 7 net 08x')).toEqual([7]);
});
