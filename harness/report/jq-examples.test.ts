/** The examples of `reports/README.md` are run as they stand there; where jq is absent, their fields are looked up. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { renderJson } from './json.ts';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'reports/README.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n(jq [^\n]+)\n```/gu)].map(([, command]) => command ?? '');
const noJq = spawnSync('jq', ['--version']).status !== 0;

const report = syntheticReport();
const folder = mkdtempSync(path.join(tmpdir(), 'visavis-jq-'));
writeFileSync(path.join(folder, 'summary.json'), renderJson(report));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string): string =>
  execFileSync('/bin/sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
const example = (words: string): string => {
  const found = commands.find((command) => command.includes(words));
  if (found === undefined) throw new Error(`no example with ${words}`);
  return found;
};

/** Names of every property that the schema knows, at any depth. */
function knownFields(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  const { properties } = value as { readonly properties?: object };
  for (const name of Object.keys(properties ?? {})) found.add(name);
  for (const each of Object.values(value)) knownFields(each, found);
  return found;
}

describe('the examples of reports/README.md', () => {
  it('are ten or more, and name only fields that the schema has', () => {
    expect(commands.length).toBeGreaterThanOrEqual(10);
    const schema = readFileSync(path.join(root, 'harness/report/summary.schema.json'), 'utf8');
    const known = knownFields(JSON.parse(schema));
    const own = new Set(['json']);
    for (const command of commands) {
      const fields = [...command.matchAll(/\.([a-zA-Z]\w*)/gu)].map(([, name]) => name ?? '');
      expect(fields.filter((name) => !known.has(name) && !own.has(name))).toEqual([]);
      expect(fields.length).toBeGreaterThan(1);
    }
  });

  it.skipIf(noJq).each(commands)('runs and says something: %s', (command) => {
    expect(run(command).trim()).not.toMatch(/^(?:null)?$/u);
  });

  it.skipIf(noJq)('say what the summary says', () => {
    const { scores, kinds, verdict } = report.summary;
    const overall = scores.filter(
      (row) => row.language === null && row.suite === null && row.metric === null,
    );
    const table = run(example('@tsv')).trim().split('\n');
    expect(table.map((line) => line.split('\t').slice(0, 2))).toEqual(
      overall.map(({ target, score }) => [target, String(score.value)]),
    );
    expect(run(example('.verdict.winner')).trim().split('\n')).toEqual([
      verdict.winner,
      ...verdict.sentences,
    ]);
    const lost = run(example('"no-answer"')).trim().split('\n');
    expect(lost.reduce((sum, line) => sum + Number(line.split('\t')[2]), 0)).toBe(
      kinds.filter(({ kind }) => kind === 'no-answer').reduce((sum, { count }) => sum + count, 0),
    );
  });
});
