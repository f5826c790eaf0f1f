/** What is installed, what is published, and what the build server may do: read from the files that decide it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const read = (...parts: string[]): string => readFileSync(path.join(root, ...parts), 'utf8');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const installed = Object.entries(packages).filter(([name]) => name !== '');
const atRuntime = installed.filter(([, { dev }]) => dev !== true);

describe('what is installed', () => {
  it('is named by its exact version', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(version))).toEqual([]);
    for (const [name, version] of Object.entries(all))
      expect(packages[`node_modules/${name}`]?.version).toBe(version);
  });

  it('is known by its hash, and comes from the one registry', () => {
    const odd = installed.filter(
      ([, { integrity, resolved, link }]) =>
        !/^sha512-[\w+/]{86}==$/u.test(integrity ?? '') ||
        link === true ||
        // Without an address it is the registry of npm, whatever mirror stands in for it.
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    );
    expect(odd.map(([name]) => name)).toEqual([]);
  });

  it('runs nothing on its way in, and is JavaScript alone, as far as the program needs it', () => {
    expect(atRuntime.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    expect(atRuntime.filter(([, { os, cpu }]) => os !== undefined || cpu !== undefined)).toEqual([]);
    const native = atRuntime.flatMap(([folder]) =>
      existsSync(path.join(root, folder))
        ? readdirSync(path.join(root, folder)).filter(
            (file) => file === 'binding.gyp' || file.endsWith('.node'),
          )
        : [],
    );
    expect(native).toEqual([]);
  });

  it('has a use: each package that the program depends on has a door', () => {
    const fence = read('harness', 'architecture.test.ts');
    expect(
      Object.keys(manifest.dependencies).filter((name) => !new RegExp(`'?${name}'?: \\[`, 'u').test(fence)),
    ).toEqual([]);
  });

  it('may be installed without scripts: ours only sets a hook for those who commit', () => {
    const own = Object.keys(manifest.scripts).filter((name) =>
      /^(?:pre|post)?install$|^(?:pre|post)?prepare$/u.test(name),
    );
    expect(own).toEqual(['prepare']);
    expect(manifest.scripts['prepare']).toBe('simple-git-hooks || exit 0');
  });
});

describe('what is published', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [pack] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const published = pack.files.map((file) => file.path).toSorted();

  it('beside the program is what it needs, and nothing else', () => {
    expect(published.filter((file) => !file.startsWith('dist/'))).toMatchInlineSnapshot(`
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "fixtures/demo/README.md",
        "fixtures/demo/alpha.cassette.jsonl",
        "fixtures/demo/beta.cassette.jsonl",
        "package.json",
        "suites/CHECKS.md",
        "suites/arithmetic.yaml",
        "suites/instructions.yaml",
        "suites/order.schema.json",
        "suites/orders.yaml",
        "suites/reading.yaml",
        "suites/suite.schema.json",
        "suites/targets.yaml",
        "suites/translation.yaml",
      ]
    `);
  });

  it('of the program is every file of it, built, and no test', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => `dist/${file.split(path.sep).join('/').replace(/\.ts$/u, '.js')}`);
    const built = published.filter((file) => file.startsWith('dist/'));
    expect(sources.filter((file) => !built.includes(file))).toEqual([]);
    expect(
      built.filter((file) => !/^dist\/[\w/.-]+\.(?:js|json)$/u.test(file) || file.includes('.test.')),
    ).toEqual([]);
    // What an earlier build left behind goes before a package is made.
    expect(manifest.scripts['prepack']).toMatch(/rmSync\('dist'/u);
  });
});

describe('the build server', () => {
  const folder = path.join(root, '.github', 'workflows');
  const workflows = readdirSync(folder).map(
    (name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const,
  );

  it.each(workflows)('%s may read and nothing else, and runs what is pinned', (_, text) => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n(?! )/mu);
    const used = [...text.matchAll(/uses:\s*(\S+)/gu)].map(([, action]) => action ?? '');
    expect(used.filter((action) => !/@[0-9a-f]{40}$/u.test(action))).toEqual([]);
    expect(text).not.toMatch(/pull_request_target|workflow_run|secrets\.|permissions:\s*write/u);
    expect(text.match(/npm (?:ci|install|i)\b(?!.*--ignore-scripts)/gu) ?? []).toEqual([]);
    if (text.includes('actions/checkout')) expect(text).toContain('persist-credentials: false');
    // What a fork writes into a title or a branch must not become a part of a command.
    expect(text).not.toMatch(/\$\{\{\s*github\.(?:event|head_ref)/u);
  });

  it('may say who it is only where a package is published, by no token, behind an environment', () => {
    const own = workflows.filter(([, text]) => text.includes('id-token'));
    expect(own.map(([name]) => name)).toEqual(['release.yml']);
    const [[, text] = ['', '']] = own;
    expect(text).toMatch(/^ {4}environment: npm$/mu);
    expect(text).toMatch(/npm publish .*--ignore-scripts.*--provenance/u);
    expect(text).not.toMatch(/NODE_AUTH_TOKEN|NPM_TOKEN/u);
    // Nothing but a tag starts it: no pull request, no branch.
    expect(text).toMatch(/^on:\n {2}push: \{ tags: \['v\*'\] \}\npermissions:/mu);
  });

  it('runs no script of a package where it runs the tests, either', () => {
    expect(read('.ci', 'run')).toMatch(/^npm ci --ignore-scripts$/mu);
  });

  it('asks for known faults, for signatures, and for a list of what is inside', () => {
    const all = workflows.map(([, text]) => text).join('\n');
    for (const command of ['npm audit --omit=dev', 'npm audit signatures', 'npm run osv', 'npm sbom'])
      expect(all).toContain(command);
  });
});

it('a way to report a fault in private stands in the root', () => {
  expect(read('SECURITY.md')).toMatch(/private vulnerability report/iu);
});
