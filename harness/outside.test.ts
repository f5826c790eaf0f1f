/**
 * Where the program touches the world outside of it, file by file. Whoever opens another way must write it down here, and
 * be asked why. What must be nowhere: code out of text, settings read unasked, checks of certificates switched off.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .toSorted();

/** What a file may import, and who may. */
const doors: Readonly<Record<string, readonly string[]>> = {
  // Servers that an operator's file names, our own endpoint, a vendor's tool: each a list of words, no shell.
  child_process: ['probe/tool.ts', 'replay/spawn.ts', 'run/launch.ts'],
  // One line of our own around a pattern, ended by the engine.
  vm: ['score/checks/native-pattern.ts'],
  worker_threads: ['cli/judges/thread.ts', 'cli/judges/worker.ts', 'probe/watch.ts', 'probe/worker.ts'],
  net: [
    'probe/server/get-page.ts',
    'replay/listen.ts',
    'run/connect.ts',
    'run/launch.ts',
    'run/link-local.ts',
    'run/skip-continue.ts',
    'run/transport.ts',
  ],
  http: ['probe/server/get-page.ts', 'replay/listen.ts', 'replay/paced.ts', 'replay/serve.ts'],
  https: ['probe/server/get-page.ts'],
  tls: ['probe/server/get-page.ts', 'run/connect.ts'],
  dns: ['probe/server/get-page.ts', 'run/connect.ts'],
  undici: ['run/get-json.ts', 'run/transport.ts'],
  dgram: [],
  http2: [],
  inspector: [],
  cluster: [],
  repl: [],
};

/** What must be nowhere, or only there. */
const banned: readonly (readonly [what: string, pattern: RegExp, except: readonly string[]])[] = [
  [
    'code from a string',
    /(?<!\.)\beval\s*\(|\bnew Function\b|\bFunction\s*\(|\bset(?:Timeout|Interval)\(\s*['"`]/u,
    [],
  ],
  ['a module named by data', /\bimport\(\s*[^'")\s]/u, ['cli/judges/thread.ts']],
  ['a command line for a shell', /\bshell:\s*true|\bexec(?:Sync)?\(\s*[`'"]/u, []],
  ['settings read unasked', /loadEnvFile|dotenv|['"`/]\.env['"`]/u, []],
  ['certificates not checked', /rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED/u, ['cli/credentials.ts']],
  ['a file of the build server', /GITHUB_(?:ENV|OUTPUT|PATH|STATE)/u, []],
  ['requests of Node.js itself, which follow redirects', /(?<![.\w])fetch\(/u, []],
  ['a server that others can reach', /(?<!this)\.listen\((?![^)]*'127\.0\.0\.1')/u, []],
  [
    'words past the one way to the terminal',
    /process\.std(?:out|err)\.write|console\./u,
    ['cli/paced.ts', 'cli/schema.ts'],
  ],
];

const sources = new Map(
  files.map((file) => [
    file,
    readFileSync(path.join(root, file), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
      .replaceAll(/(^|\s)\/\/.*$/gmu, '$1'),
  ]),
);

function importers(name: string, all: ReadonlyMap<string, string>): string[] {
  const pattern = new RegExp(
    String.raw`from\s*['"](?:node:)?${name}(?:/promises)?['"]|import\(\s*['"](?:node:)?${name}`,
    'u',
  );
  return [...all].filter(([, source]) => pattern.test(source)).map(([file]) => file);
}

describe('the world outside', () => {
  it.each(Object.entries(doors))(
    'is reached by node:%s from the files that are written down',
    (name, allowed) => {
      expect(importers(name, sources)).toEqual(allowed);
    },
  );

  it.each(banned)('is never reached by %s', (_, pattern, except) => {
    const found = [...sources].filter(([, source]) => pattern.test(source)).map(([file]) => file);
    expect(found).toEqual(except);
  });

  it.each([
    ['vm', `import { Script } from 'node:vm';`],
    ['child_process', `const { spawn } = await import('node:child_process');`],
    ['dns', `import { lookup } from 'node:dns/promises';`],
  ])('would be seen through a new door to %s', (name, source) => {
    expect(importers(name, new Map([['x.ts', source]]))).toEqual(['x.ts']);
  });

  it.each([
    'eval(answer)',
    'new Function(answer)',
    'setTimeout("x()", 1)',
    'await import(name)',
    "spawn('x', { shell: true })",
    'process.loadEnvFile()',
    '{ rejectUnauthorized: false }',
    "appendFileSync(process.env['GITHUB_ENV'] ?? '', text)",
    'await fetch(url)',
    'server.listen(8080)',
    'console.log(answer)',
    'process.stderr.write(answer)',
  ])('would be seen in: %s', (source) => {
    expect(banned.filter(([, pattern]) => pattern.test(source))).not.toEqual([]);
  });
});
