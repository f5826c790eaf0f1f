import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../fixtures/aggregate/synthetic-run.ts';
import { syntheticGates } from '../../fixtures/report/synthetic-gates.ts';
import { hostile } from '../../fixtures/report/synthetic-report.ts';
import { gateNames } from '../aggregate/gates/names.ts';
import { loadTargets } from '../suite/targets.ts';
import type { GateResult, Summary } from '../types.ts';
import { annotationLines, sayInCi } from './annotations.ts';
import { gateLines } from './gate-lines.ts';
import { checkGates, exitOf, gatesOfFlags } from './gates.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-gates-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const names = gateNames(
  ['ar', 'th', 'ja'].map((language) => ({
    target: 'qwen',
    language,
    checks: [{ ...check, metric: 'ถูกต้อง' }],
  })),
  ['qwen'],
  false,
);

describe('--gate', () => {
  it('is an expression, or a file with one on each line', () => {
    const file = write('gates.txt', '# ไทย\n\nqwen.score >= 0.5\r\n  qwen[th].ถูกต้อง >= 80%\n');
    expect(gatesOfFlags(['all-pass', file])).toMatchObject([
      { expression: 'all-pass', from: '--gate' },
      { expression: 'qwen.score >= 0.5', from: `${file}:3:1` },
      { expression: 'qwen[th].ถูกต้อง >= 80%', from: `${file}:4:3` },
    ]);
  });

  it.each([
    ['all-pas', '--gate "all-pas": no such file, and no gate - did you mean "all-pass"?'],
    [
      'gates.txt',
      '--gate "gates.txt": no such file, and no gate - as in --gate "qwen.score >= 0.8", or --gate all-pass',
    ],
  ])('that is neither is told: %s', (flag, message) => {
    expect(() => gatesOfFlags([flag])).toThrow(message);
  });

  it('refuses a file without a gate, and one that is no text', () => {
    expect(() => gatesOfFlags([write('empty.txt', '# nothing\n')])).toThrow('no gate in the file');
    const file = path.join(folder, 'bytes.txt');
    writeFileSync(file, Buffer.from([0x71, 0xff, 0xfe]));
    expect(() => gatesOfFlags([file])).toThrow('the file is not UTF-8');
  });

  it('tells every fault with its place and what was meant', () => {
    const file = write('faulty.txt', 'qwen.score >= 0.5\n qwen[tha].score >= 0.5\nqwem.score >= 1\n');
    expect(() => checkGates(gatesOfFlags([file, 'qwen.ถูกตอง >= 1']), names)).toThrow(
      [
        `${file}:2:7 no language "tha" - did you mean "th"?`,
        `${file}:3:1 no target "qwem" - did you mean "qwen"?`,
        '--gate "qwen.ถูกตอง >= 1":1:6 no figure and no metric "ถูกตอง" - did you mean "ถูกต้อง"?',
      ].join('\n'),
    );
  });
});

describe('gates of a targets file', () => {
  const file = (gates: string): string =>
    write('targets.yaml', `targets: [{ id: qwen, baseUrl: "http://127.0.0.1:1/v1", model: m }]\n${gates}`);

  it('keep their places, in quotes or not', async () => {
    const { targets } = await loadTargets(file('gates:\n  - qwen[th].score >= 0.5\n  - "*.errors <= 0"\n'));
    expect(targets?.gates?.map(({ expression, place }) => [expression, place.line, place.column])).toEqual([
      ['qwen[th].score >= 0.5', 3, 5],
      ['*.errors <= 0', 4, 6],
    ]);
    expect(() =>
      checkGates([...(targets?.gates ?? [])].slice(0, 1), { ...names, languages: ['ar'] }),
    ).toThrow(`${folder}/targets.yaml:3:10 no language "th"`);
  });

  it.each([
    ['gates: all-pass\n', 'gates: expected a list, got "all-pass"'],
    ['gates: [1]\n', 'a gate: expected text, got 1'],
    ['gates: [""]\n', 'a gate is empty'],
  ])('that are none are told: %s', async (gates, message) => {
    const { problems } = await loadTargets(file(gates));
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });
});

describe('the exit code', () => {
  const summary = (complete: boolean, ...states: GateResult['state'][]): Pick<Summary, 'run' | 'gates'> => ({
    run: { complete } as Summary['run'],
    gates: states.map((state) => ({ ...(syntheticGates('')[0] as GateResult), state })),
  });
  it.each([
    [0, summary(true)],
    [0, summary(true, 'pass')],
    [1, summary(true, 'pass', 'fail')],
    [1, summary(true, 'inconclusive')],
    // What is not complete decides before any gate.
    [6, summary(false, 'fail')],
    [6, summary(false)],
  ])('is %i', (code, found) => {
    expect(exitOf(found)).toBe(code);
  });
});

describe('what a build server is told', () => {
  const gates = hostile.flatMap((text) => syntheticGates(text));

  it('is one command a line, whatever names stand in a gate', () => {
    const lines = annotationLines({ gates: syntheticGates('a,b:c%d\n::error::x') });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^::error title=gate not held%3A alpha\[th\]\."a%2Cb%3Ac%25d %3A%3Aerror%3A%3Ax" >= 0\.6::The/u,
    );
    expect(lines[1]).toMatch(/^::warning title=gate undecided%2C not passed%3A beta - alpha/u);
    expect(lines[2]).toMatch(/^::notice title=gate held%3A alpha\.score >= 0\.6::The score of alpha/u);
  });

  it('names ten of a kind, and how many more there are', () => {
    const lines = annotationLines({ gates });
    expect(lines).toHaveLength(30);
    expect(lines[9]).toBe('::error title=gate not held::8 more: see the log or summary.md.');
    for (const line of lines) expect(line).not.toMatch(/[\n\r\u2028\u0000-\u001f\u202e]/u);
  });

  it('is nothing but on GitHub, where the summary of the step is added to', () => {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const streams = { warn: say, command: say };
    write('summary.md', '## สวัสดี\n');
    const page = write('step.md', 'before\n');
    const summary = { gates } as unknown as Summary;
    sayInCi(streams, folder, summary, { GITHUB_STEP_SUMMARY: page });
    expect(said).toEqual([]);
    sayInCi(streams, folder, summary, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page });
    expect(said).toHaveLength(30);
  });

  it('stays off a step whose summary is full or cannot be written', () => {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const streams = { warn: say, command: say };
    write('summary.md', 'x'.repeat(600));
    const page = write('full.md', 'y'.repeat(1024 * 1024 - 100));
    const summary = { gates: [] } as unknown as Summary;
    for (const where of [page, path.join(folder, 'no', 'such', 'folder')])
      sayInCi(streams, folder, summary, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: where });
    expect(said).toHaveLength(2);
    expect(said[0]).toContain('is full');
    expect(said[1]).toContain('could not be written');
  });
});

describe('a terminal', () => {
  it('shows each gate behind a word of ours, made safe', () => {
    const lines = gateLines({ gates: syntheticGates('::error::\u001b[2J\u202e') }, (_style, text) => text);
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'gate pass',
      ' ',
      'gate fail',
      ' ',
      'gate undecided',
      ' ',
    ]);
    expect(lines.join('')).not.toMatch(/[\u001b\u202e]/u);
  });
});
