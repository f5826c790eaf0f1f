import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchCalls } from '../../fixtures/crash/disk-calls.mjs';
import { openReplacement, replaceFile, sweepDrafts } from './replace-file.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-replace-'));
  file = path.join(folder, 'findings.jsonl');
  writeFileSync(file, 'पुराना');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a replacement', () => {
  it('is not seen before it is whole', () => {
    const replacement = openReplacement(file);
    for (let piece = 0; piece < 100; piece++) replacement.write(Buffer.from('新'.repeat(10_000)));
    expect(readFileSync(file, 'utf8')).toBe('पुराना');
    replacement.commit();
    expect(readFileSync(file, 'utf8')).toBe('新'.repeat(1_000_000));
    expect(readdirSync(folder)).toEqual(['findings.jsonl']);
    replacement.discard();
    expect(readFileSync(file, 'utf8')).toHaveLength(1_000_000);
  });

  it('leaves the old file and no other when it is given up', () => {
    const replacement = openReplacement(file);
    replacement.write(Buffer.from('x'));
    replacement.discard();
    replacement.discard();
    expect(readFileSync(file, 'utf8')).toBe('पुराना');
    expect(readdirSync(folder)).toEqual(['findings.jsonl']);
  });

  it('leaves the old file and no other when what it is made of breaks', () => {
    function* breaking(): Generator<Buffer> {
      yield Buffer.from('x');
      throw new Error('จบ');
    }
    expect(() => replaceFile(file, breaking())).toThrow('จบ');
    expect(readFileSync(file, 'utf8')).toBe('पुराना');
    expect(readdirSync(folder)).toEqual(['findings.jsonl']);
  });

  it('is on the disk before it takes the place of the old file, and so is its name', () => {
    const calls: string[] = [];
    const restore = watchCalls(folder, ({ operation, file: name }) => {
      calls.push(`${operation} ${name === path.basename(folder) ? 'folder' : 'file'}`);
      return undefined;
    });
    replaceFile(file, 'ใหม่');
    restore();
    expect(calls).toEqual([
      'openSync file',
      'writeSync file',
      'fsyncSync file',
      'closeSync file',
      'renameSync file',
      'openSync folder',
      'fsyncSync folder',
      'closeSync folder',
    ]);
  });

  it.each(['openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync'])(
    'leaves the old file and no other where the disk refuses %s, with exit 5',
    (refused) => {
      const restore = watchCalls(folder, ({ operation, file: name }) =>
        operation === refused && name !== path.basename(folder) ? { error: 'ENOSPC' } : undefined,
      );
      expect(() => replaceFile(file, 'ใหม่')).toThrow(expect.objectContaining({ exit: 5 }));
      restore();
      expect(readFileSync(file, 'utf8')).toBe('पुराना');
      expect(readdirSync(folder)).toEqual(['findings.jsonl']);
    },
  );

  it('sweeps away drafts that nobody will finish, and no others', () => {
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const name of ['summary.json.0a1b2c3d.new', 'summary.json.ffffffff.new', 'notes.new'])
      writeFileSync(path.join(folder, name), '{');
    utimesSync(path.join(folder, 'summary.json.0a1b2c3d.new'), old, old);
    utimesSync(path.join(folder, 'notes.new'), old, old);
    sweepDrafts(folder, Date.now());
    expect(readdirSync(folder).toSorted()).toEqual([
      'findings.jsonl',
      'notes.new',
      'summary.json.ffffffff.new',
    ]);
  });

  it('says which file could not be written, with the exit code of storage', () => {
    const nowhere = path.join(folder, 'gone', 'summary.json');
    expect(() => openReplacement(nowhere)).toThrow(/cannot write summary\.json/u);
    expect(() => openReplacement(nowhere)).toThrow(expect.objectContaining({ exit: 5 }));
  });
});
