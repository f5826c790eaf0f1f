import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileSuite } from '../../fixtures/security/hostile-suites.ts';
import { loadHostile } from '../../fixtures/security/load-hostile.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Ten thousand: `npm run fuzz`.
it('no suite, however broken, ends the program, and every refusal has its place', async () => {
  await fc.assert(
    fc.asyncProperty(hostileSuite, async (suite) => {
      expect(await loadHostile(suite, path.join(folder, 'one'))).toEqual([]);
    }),
    { numRuns: 300, endOnFailure: true },
  );
});

it('a thousand bombs of the kind that ends Node.js at the second are one refusal each', async () => {
  for (let count = 0; count < 20; count += 1)
    expect(
      await loadHostile({ kind: 'bomb', yaml: '['.repeat(50_000), files: {} }, path.join(folder, 'one')),
    ).toEqual([]);
});
