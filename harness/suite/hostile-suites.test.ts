import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileSuite } from '../../fixtures/security/hostile-suites.ts';
import { loadHostile } from '../../fixtures/security/load-hostile.ts';
import { collectProblems } from './problem-list.ts';
import { readYaml } from './yaml.ts';

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

// The parser overflows at 800 levels or so; what it does then is not always an error that can be caught.
it.each(['[', '{a: ', '[{b: ', '- ', '? ', '- ? ', 'a: ', '-\t', 'a:\n{pad}'])(
  'nesting by %j is seen before anything is parsed',
  (level) => {
    for (const depth of [70, 900, 20_000]) {
      if (level.includes('{pad}') && depth > 900) continue;
      const text = Array.from({ length: depth }, (_, at) => level.replace('{pad}', ' '.repeat(at + 1))).join(
        '',
      );
      const problems = collectProblems('s.yaml');
      expect(readYaml('s.yaml', text, problems)).toBeNull();
      expect(problems.all().map(({ message }) => message)).toEqual(['nested deeper than 64 levels']);
    }
  },
);
