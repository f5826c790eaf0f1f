/** What is read of a journal that was cut or changed, and what becomes of the rest. */
import fc from 'fast-check';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchCalls } from '../../fixtures/crash/disk-calls.mjs';
import { sealLine } from './line.ts';
import { readLines } from './read-lines.ts';
import { findDamage } from './repair.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-damage-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const name = 'samples.jsonl';
const file = (): string => path.join(folder, name);
const texts = ['日本🙂', 'مرحبا\u2028', 'สวัสดี"}', 'नमस्ते\\', '{"v":1,"crc32":"00000000"}'];
const records = texts.map((text, at) => ({ v: 1, cell: `c${at}`, text }));
const lines = records.map(sealLine);
const whole = Buffer.concat(lines);

function readOf(bytes: Buffer): Record<string, unknown>[] {
  writeFileSync(file(), bytes);
  const found: Record<string, unknown>[] = [];
  readLines(file(), (record) => found.push(record));
  return found;
}

function repaired(bytes: Buffer): { readonly repairs: readonly string[]; readonly kept: number } {
  writeFileSync(file(), bytes);
  let kept = 0;
  const { repairs, mend } = findDamage(folder, name, () => (kept += 1));
  mend();
  return { repairs, kept };
}

const quarantined = (): string[] =>
  existsSync(path.join(folder, 'quarantine')) ? readdirSync(path.join(folder, 'quarantine')) : [];

describe('a journal cut at any byte', () => {
  const ends = [...whole.keys()].filter((at) => whole[at] === 10).map((at) => at + 1);

  it('gives every whole record before the cut, and nothing else', () => {
    for (let size = 0; size <= whole.length; size += 1)
      expect(readOf(whole.subarray(0, size))).toEqual(
        records.slice(0, ends.filter((end) => end <= size).length),
      );
  });

  it('loses the torn line at the repair, which keeps its bytes aside and says so', () => {
    for (let size = 0; size <= whole.length; size += 5) {
      const { repairs } = repaired(whole.subarray(0, size));
      const end = Math.max(0, ...ends.filter((at) => at <= size));
      expect(readFileSync(file()).length).toBe(end);
      if (end === size) {
        expect(repairs).toEqual([]);
        continue;
      }
      expect(repairs).toEqual([
        `${name}: ${size - end} bytes of an unfinished line at byte ${end} were cut off`,
      ]);
    }
    // One tail after the other stood at the same place: none was written over.
    for (const [at, start] of [0, ...ends].entries())
      if (at < ends.length)
        expect(quarantined().filter((entry) => entry.startsWith(`${name}-${start}`)).length).toBeGreaterThan(
          1,
        );
  });
});

describe('a journal with any byte changed', () => {
  it.each([0x01, 0x20, 0x80, 0xff])(
    'by %i gives all records but the one it stands in, and never one that was not written',
    (change) => {
      let start = 0;
      for (const [at, line] of lines.entries()) {
        for (let offset = 0; offset < line.length; offset += 1) {
          const bytes = Buffer.from(whole);
          bytes[start + offset] = (bytes[start + offset] ?? 0) ^ change;
          const found = readOf(bytes);
          const others = records.filter((_, other) => other !== at);
          // A line feed that was damaged costs nothing but at the end of the file, where it looks like a torn tail.
          const isFeed = offset === line.length - 1;
          const isLast = at === lines.length - 1;
          expect([at, offset, found]).toEqual([at, offset, isFeed && !isLast ? records : others]);
        }
        start += line.length;
      }
    },
  );

  it('is repaired in the middle by setting aside, told once, and cut only at the end', () => {
    const bytes = Buffer.from(whole);
    bytes[(lines[0]?.length ?? 0) + 12] = 0x58;
    const first = repaired(bytes);
    expect(first).toEqual({
      repairs: [
        `${name}: a damaged line at byte ${lines[0]?.length} was set aside; its cell counts as not asked`,
      ],
      kept: 4,
    });
    expect(readFileSync(file()).equals(bytes)).toBe(true);
    expect(quarantined()).toEqual([`${name}-${lines[0]?.length}`]);
    expect(repaired(bytes)).toEqual(first);
    expect(quarantined()).toHaveLength(1);
    // The last line, damaged but with its line feed, goes with the tail.
    bytes[whole.length - 4] = 0x58;
    expect(repaired(Buffer.concat([bytes, Buffer.from('{"v":1')])).repairs[1]).toMatch(
      /bytes of an unfinished line at byte \d+ were cut off/u,
    );
    expect(readFileSync(file()).length).toBe(whole.length - (lines.at(-1)?.length ?? 0));
  });

  it('is cut off only after its bytes lie aside on the disk', () => {
    const calls: string[] = [];
    writeFileSync(file(), whole.subarray(0, -5));
    const restore = watchCalls(folder, ({ operation, file: entry }) => {
      calls.push(`${operation} ${entry.replace(/\.[0-9a-f]+\.new$/u, '')}`);
      return undefined;
    });
    findDamage(folder, name, () => {}).mend();
    restore();
    const flushed = calls.findIndex((call) => call.startsWith('fsyncSync samples.jsonl-'));
    const cut = calls.indexOf(`truncateSync ${name}`);
    expect(flushed).toBeGreaterThan(-1);
    expect(cut).toBeGreaterThan(flushed);
    expect(calls.indexOf(`fsyncSync ${name}`)).toBeGreaterThan(cut);
  });

  it('keeps a whole line that was written behind a torn one', () => {
    const torn = Buffer.concat([whole.subarray(0, whole.length - 9), lines[0] ?? Buffer.alloc(0)]);
    expect(readOf(torn)).toEqual([...records.slice(0, 4), records[0]]);
    expect(repaired(torn).repairs).toEqual([
      expect.stringMatching(/a damaged line at byte \d+ was set aside; the 1 whole records in it were kept/u),
    ]);
  });
});

describe('any damage at all', () => {
  it('leaves records that were written, in their order, and no others', () => {
    const damage = fc.array(
      fc.record({
        at: fc.nat({ max: whole.length }),
        cut: fc.nat({ max: 40 }),
        bytes: fc.uint8Array({ maxLength: 20 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(damage, (changes) => {
        let bytes = whole;
        for (const { at, cut, bytes: more } of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + cut)]);
        const found = readOf(bytes);
        for (const record of found) expect(records).toContainEqual(record);
        const places = found.map(({ cell }) => Number(String(cell).slice(1)));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });

  it('does not make a record of bytes with a right checksum that are none', () => {
    const body = Buffer.from('{"v":1,"cell":oops');
    const sum = crc32(body).toString(16).padStart(8, '0');
    const line = Buffer.concat([body, Buffer.from(`,"crc32":"${sum}"}\n`)]);
    expect(readOf(Buffer.concat([line, whole]))).toEqual(records);
  });
});
