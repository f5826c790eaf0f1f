/** Paths that a suite may write, through every door that opens files: nothing outside of the root is opened, whatever stands there. */
import { spawnSync } from 'node:child_process';
import fs, { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finePaths, links, refusedPaths } from '../../fixtures/security/paths.ts';
import { formatProblem } from '../errors.ts';
import { checks } from '../score/checks/index.ts';
import { transformProblem } from '../score/transform.ts';
import { loadSuites } from './load.ts';
import { loadTargets } from './targets.ts';

const canary = 'canary-of-the-outside-7f3a';
let place = '';
let root = '';
let outside = '';
beforeAll(() => {
  place = realpathSync(mkdtempSync(path.join(tmpdir(), 'visavis-paths-')));
  root = path.join(place, 'root');
  outside = path.join(place, 'outside');
  mkdirSync(path.join(root, 'inner'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(path.join(outside, 'secret.json'), JSON.stringify({ title: canary, type: 'object' }));
  writeFileSync(
    path.join(outside, 'secret.jsonl'),
    `${JSON.stringify({ id: canary, vars: { q: canary } })}\n`,
  );
  writeFileSync(path.join(outside, 'secret.png'), `\u0089PNG\r\n\u001a\n${canary}`, 'latin1');
  writeFileSync(path.join(outside, 'secret.yaml'), `${canary}: [\n`);
  for (const name of finePaths) writeFileSync(path.resolve(root, name), '{"type":"object"}');
  for (const [name, to] of Object.entries(links))
    symlinkSync(to.replaceAll('{outside}', outside), path.join(root, name));
  spawnSync('mkfifo', [path.join(root, 'pipe.json')]);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Real paths that were opened or whose folder was listed since the test began. */
let touched: string[] = [];
const kept = { openSync: fs.openSync, readFileSync: fs.readFileSync, readdirSync: fs.readdirSync };
beforeEach(() => {
  touched = [];
  const note = (file: unknown): void => {
    try {
      touched.push(realpathSync(String(file)));
    } catch {
      // There is nothing to be read.
    }
  };
  for (const name of ['openSync', 'readFileSync', 'readdirSync'] as const) {
    const real = kept[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        note(args[0]);
        return real(...args);
      },
    });
  }
  syncBuiltinESMExports();
});
afterEach(() => {
  Object.assign(fs, kept);
  syncBuiltinESMExports();
});

const outsideRoot = (): string[] => touched.filter((file) => file !== root && !file.startsWith(`${root}/`));

/** The doors by which a suite names a file: the text before its path, and after it. JSON is YAML, and lets any path be written. */
const doors = {
  schema: {
    start: '{"languages":["en"],"prompt":"x","tests":[',
    one: (file: string, at: number) => `{"id":"${at}","assert":[{"type":"is-json","schema":${file}}]}`,
    end: ']}',
  },
  'response format': {
    start: '{"languages":["en"],"prompt":"x","tests":[{"id":"a","observe":true}],"variants":{',
    one: (file: string, at: number) => `"${at}":{"response_format":${file}}`,
    end: '}}',
  },
  tools: {
    start: '{"languages":["en"],"prompt":"x","tests":[{"id":"a","observe":true}],"variants":{',
    one: (file: string, at: number) => `"${at}":{"tools":${file}}`,
    end: '}}',
  },
  'data set': {
    start: '{"languages":["en"],"prompt":"{{q}}","tests_from":[',
    one: (file: string) => file,
    end: ']}',
  },
  image: {
    start: '{"languages":["en"],"tests":[',
    one: (file: string, at: number) =>
      `{"id":"${at}","observe":true,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":${file}}}]}]}`,
    end: ']}',
  },
} as const;

type Door = (typeof doors)[keyof typeof doors];

/** Loads a suite that names all of them by one door, each on a line of its own; what is said of each, and everything that came of it. */
async function load(
  written: readonly string[],
  { start, one, end }: Door,
): Promise<{ said: string[]; all: string }> {
  const file = path.join(root, 's.yaml');
  const lines = written.map((form, at) => one(JSON.stringify(form.replaceAll('{outside}', outside)), at));
  writeFileSync(file, `${start}\n${lines.join(',\n')}\n${end}`);
  const { suites, problems } = await loadSuites([file], checks, transformProblem);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const said = written.map(
    (_, at) => errors.find(({ place }) => place?.line === at + 2)?.message ?? 'nothing',
  );
  return { said, all: JSON.stringify({ suites, problems }) };
}

describe.each(Object.entries(doors))('as a %s', (_, door) => {
  it(`none of ${refusedPaths.length} hostile paths leads anywhere`, async () => {
    const { said, all } = await load(refusedPaths, door);
    expect(refusedPaths.filter((_form, at) => said[at] === 'nothing')).toEqual([]);
    expect(outsideRoot()).toEqual([]);
    expect(all).not.toContain(canary);
  });
});

it('names in any script are fine, and paths that come back in', async () => {
  const { said } = await load(finePaths, doors.schema);
  expect(finePaths.filter((_, at) => said[at] !== 'nothing')).toEqual([]);
});

describe('the suite itself', () => {
  it.each([
    ['a link to a file outside', (): string => path.join(outside, 'secret.yaml'), 'leads out of root/'],
    ['a link to the environment', (): string => '/proc/self/environ', 'leads out of root/'],
    ['a link to nothing', (): string => path.join(root, 'none'), 'ENOENT'],
    ['a link to itself', (): string => 'evil.yaml', 'ELOOP'],
    ['a pipe', (): string => path.join(root, 'pipe.json'), 'is not an ordinary file'],
  ])('is not read as %s', async (_what, to, why) => {
    const file = path.join(root, 'evil.yaml');
    symlinkSync(to(), file);
    for (const given of [file, root]) {
      const { problems } = await loadSuites([given], checks, transformProblem);
      const said = problems.map(formatProblem).filter((line) => line.includes('evil.yaml'));
      // A link that leads nowhere is no suite when it is named.
      expect(said.join('\n')).toMatch(
        /E(?:NOENT|LOOP)/u.test(why) && given === file ? /no suite/u : new RegExp(why, 'u'),
      );
      expect(JSON.stringify(problems)).not.toContain(canary);
      expect(outsideRoot()).toEqual([]);
    }
    rmSync(file);
  });

  it('is not looked for behind a link out of the working directory', async () => {
    const before = process.cwd();
    process.chdir(root);
    symlinkSync(outside, path.join(root, 'suites'));
    try {
      const { problems } = await loadSuites(['suites'], checks, transformProblem);
      expect(problems.map(formatProblem)).toEqual([
        'suites is a link that leads out of the working directory - name the place that it leads to, if that is meant',
      ]);
      expect(outsideRoot()).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(path.join(root, 'suites'));
    }
  });

  it('is one of a thousand at most', async () => {
    const many = path.join(place, 'many');
    mkdirSync(many);
    for (let count = 0; count <= 1000; count += 1) writeFileSync(path.join(many, `${count}.yaml`), '');
    const { problems } = await loadSuites([many], checks, transformProblem);
    expect(problems.map(({ message }) => message)).toContain('more than 1000 suites');
  });
});

it('a targets file that cannot be opened is said, not thrown', async () => {
  const { targets, problems } = await loadTargets(path.join(root, 'round.json'));
  expect(targets).toBeNull();
  expect(problems.map(({ message }) => message)).toEqual(['the file cannot be opened (ELOOP)']);
});

it('the trap of this test catches what it is for', () => {
  fs.readFileSync(path.join(outside, 'secret.json'));
  expect(outsideRoot()).toContain(path.join(outside, 'secret.json'));
});
