import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import { isSealed, openLine, sealLine } from './line.ts';
import { readLines } from './read-lines.ts';
import { redactor, redactRecord } from './redact.ts';
import { createRunFolder, findRun, pointLatest } from './run-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const texts = ['日本🙂', 'مرحبا', 'สวัสดี', 'नमस्ते', 'হ্যালো', 'a\u2028b', '\uD800 alone', 'İstanbul'];

describe('a sealed line', () => {
  it('has the checksum of its bytes', () => {
    expect(sealLine({ v: 1, cell: 'a', text: '日本🙂' }).toString('utf8')).toBe(
      '{"v":1,"cell":"a","text":"日本🙂","crc32":"9bfa8c37"}\n',
    );
  });

  it('is denied after a change of any one byte', () => {
    const line = sealLine({ v: 1, cell: 'a', text: 'สวัสดี' }).subarray(0, -1);
    expect(isSealed(line)).toBe(true);
    for (let at = 0; at < line.length; at += 1) {
      const changed = Buffer.from(line);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(isSealed(changed)).toBe(false);
    }
    expect(openLine(line)).toEqual({ v: 1, cell: 'a', text: 'สวัสดี' });
  });
});

describe('a journal', () => {
  const file = (): string => path.join(folder, 'samples.jsonl');
  const read = (): unknown[] => {
    const found: unknown[] = [];
    readLines(file(), (record) => found.push(record));
    return found;
  };

  it('gives back what was written, in every script', async () => {
    const journal = openJournal(file());
    for (const text of texts) journal.append({ v: 1, text });
    await journal.close();
    expect(read()).toEqual(texts.map((text) => ({ v: 1, text })));
  });

  it('reads a missing file as an empty one', () => {
    expect(read()).toEqual([]);
  });

  it('reads what others wrote behind its back', async () => {
    const journal = openJournal(file());
    journal.append({ v: 1 });
    appendFileSync(file(), 'not sealed\n');
    journal.append({ v: 2 });
    await journal.close();
    expect(read()).toEqual([{ v: 1 }, { v: 2 }]);
    truncateSync(file(), 3);
    expect(read()).toEqual([]);
  });
});

describe('run folders', () => {
  it('are never reused, and the newest is found', () => {
    const now = new Date('2026-01-02T03:04:05.678Z');
    const first = createRunFolder(folder, now);
    expect(path.basename(first)).toMatch(/^20260102T030405Z-[0-9a-f]{4}$/u);
    expect(createRunFolder(folder, now)).not.toBe(first);
    writeFileSync(path.join(first, 'manifest.json'), '{}');
    pointLatest(first);
    expect(findRun(folder, null)).toBe(first);
    expect(findRun(folder, path.basename(first))).toBe(first);
    expect(() => findRun(folder, 'nope')).toThrow(/there is no run "nope"/u);
  });
});

describe('secrets', () => {
  const redact = redactor(['sk-canary-0123456789abcdef', 'ollama', 'short']);

  it.each([
    'sk-canary-0123456789abcdef',
    encodeURIComponent('sk-canary-0123456789abcdef'),
    Buffer.from('sk-canary-0123456789abcdef').toString('base64'),
    '0123456789ab',
  ])('are cut out of a record: %s', (form) => {
    expect(JSON.stringify(redactRecord({ a: [`x ${form} y`], b: { c: form } }, redact))).not.toContain(form);
  });

  it('leave words alone that only look like placeholders, and records without secrets untouched', () => {
    const record = { text: 'I run ollama, short', n: 1 };
    expect(redactRecord(record, redact)).toBe(record);
  });
});

describe('a secret', () => {
  const key = 'sk-proj-AbCdEf0123456789ln_ylWZ9';
  const redact = redactor([key]);

  it.each([
    ['whole', key, '[secret]'],
    ['in part', `x${key.slice(3, 23)}y`, 'x[secret]y'],
    ['twice in a row', key + key, '[secret]'],
    ['in an address', encodeURIComponent(key), '[secret]'],
  ])('goes %s, with nothing of it left', (_, text, wanted) => {
    expect(redact(text)).toBe(wanted);
  });

  it.each(['', ':', 'user:', 'ab'])('goes from a base64 text that begins with %j', (before) => {
    const clean = redact(Buffer.from(`${before}${key}!`).toString('base64'));
    expect(clean).toContain('[secret]');
    expect(clean.replace('[secret]', '').length).toBeLessThan(16);
  });
});
