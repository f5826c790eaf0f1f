import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReplacement, replaceFile } from './replace-file.ts';

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

  it('says which file could not be written, with the exit code of storage', () => {
    const nowhere = path.join(folder, 'gone', 'summary.json');
    expect(() => openReplacement(nowhere)).toThrow(/cannot write summary\.json/u);
    expect(() => openReplacement(nowhere)).toThrow(expect.objectContaining({ exit: 5 }));
  });
});
