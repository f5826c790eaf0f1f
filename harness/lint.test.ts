import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

it('refuses the planted faults: a linter that finds nothing proves nothing', () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'),
      '--type-aware',
      '-c',
      '.oxlintrc.json',
      '--format',
      'json',
      'fixtures/lint',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  const codes = [...stdout.matchAll(/"code":\s*"([^"]+)"/gu)].map((found) => found[1]);
  for (const rule of [
    'no-floating-promises',
    'no-misused-promises',
    'await-thenable',
    'switch-exhaustiveness-check',
    'no-explicit-any',
    'no-non-null-assertion',
  ]) {
    expect(codes.join(' ')).toContain(rule);
  }
  expect(status).not.toBe(0);
});
