import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cell, check, manifest } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Cell } from '../types.ts';
import { writeManifest } from './manifest.ts';
import { hashLines, sealedLines } from './plan-file.ts';
import { recall } from './recall.ts';
import { files } from './run-folder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'visavis-recall-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a plan that is read back', () => {
  it('holds what all targets were asked once, and each cell as it was written', () => {
    const schema = { type: 'object', properties: { city: { const: 'ไนโรบี' } } };
    const asked = (target: string, language: string): Cell =>
      cell({
        target,
        language,
        messages: [{ role: 'user', content: language === 'ar' ? 'قهوتان إلى نيروبي' : '请送两杯咖啡' }],
        request: { temperature: target === 'gamma' ? 1 : 0, response_format: schema },
        checks: [{ ...check, params: { schema } }],
        metadata: { origin: 'translated' },
      });
    const cells = ['ar', 'zh'].flatMap((language) =>
      ['alpha', 'beta', 'gamma'].map((target) => asked(target, language)),
    );
    const lines = [...sealedLines(cells.map(({ key, ...fields }) => ({ v: 1, cell: key, ...fields })))];
    writeFileSync(path.join(folder, files.plan), Buffer.concat(lines));
    writeManifest(folder, manifest({ planHash: hashLines(lines) }));
    const { plan } = recall(folder);
    expect(plan.cells).toEqual(cells);
    const distinct = (of: (one: Cell) => object) => new Set(plan.cells.map(of)).size;
    expect([
      distinct(({ messages }) => messages),
      distinct(({ request }) => request),
      distinct(({ checks }) => checks),
      distinct(({ metadata }) => metadata),
    ]).toEqual([2, 2, 1, 1]);
  });
});
