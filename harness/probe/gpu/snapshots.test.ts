import { describe, expect, it } from 'vitest';
import { Snapshots } from './snapshots.ts';

const header = 'gpu_uuid, pid, used_gpu_memory [MiB], process_name\n';
const reader = () => new Snapshots((row) => `${row.get('gpu_uuid') ?? ''} ${row.get('pid') ?? ''}`);
const used = (snapshots: Snapshots, now: number) =>
  snapshots.take(now)?.map((row) => row.get('used_gpu_memory')) ?? null;

describe('an endless print', () => {
  it('is cut where a row comes again', () => {
    const snapshots = reader();
    snapshots.push(`${header}G, 1, 10, a\nG, 2, 20, b\nG, 1, 11, a\n`, 0);
    expect(used(snapshots, 0)).toEqual(['10', '20']);
    expect(used(snapshots, 0)).toBeNull();
  });

  it('is cut by a silence too, since the last look has nothing after it', () => {
    const snapshots = reader();
    snapshots.push(`${header}G, 1, 10, a\n`, 0);
    expect(used(snapshots, 100)).toBeNull();
    expect(used(snapshots, 200)).toEqual(['10']);
  });

  it('keeps the newest of several looks', () => {
    const snapshots = reader();
    snapshots.push(`${header}G, 1, 10, a\nG, 1, 11, a\nG, 1, 12, a\nG, 1, 13, a\n`, 0);
    expect(used(snapshots, 0)).toEqual(['12']);
    expect(used(snapshots, 300)).toEqual(['13']);
  });

  it('waits for the rest of a line that was cut', () => {
    const snapshots = reader();
    snapshots.push(`${header}G, 1, 1`, 0);
    expect(used(snapshots, 500)).toBeNull();
    snapshots.push('234, a\n', 600);
    expect(used(snapshots, 900)).toEqual(['1234']);
  });
});
