/** What a build server hears of a run in which every text from outside is a command to it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandsIn, heardByGitHub } from '../../fixtures/security/ci-runner.ts';
import { commandTexts } from '../../fixtures/security/texts.ts';
import { startChatServer } from '../../fixtures/servers/chat-server.ts';
import { runProgram } from '../../fixtures/test/start-program.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-ci-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

// JSON is YAML, and lets any text be written.
const suiteOf = (tests: readonly object[]): string =>
  JSON.stringify({ languages: ['en'], prompt: '{{q}}', tests });
const inGitHub = { GITHUB_ACTIONS: 'true' };

/** No command is heard in what was said: by any machine, but for the orders to GitHub to stop and to go on listening. */
function expectSilence(said: string): void {
  expect(heardByGitHub(said)).toEqual([]);
  const orders = /^::(?:stop-commands::[0-9a-f]{32}|[0-9a-f]{32}::)$/u;
  expect(commandsIn(said).filter((line) => !orders.test(line))).toEqual([]);
}

describe('a build server', () => {
  it('hears nothing of problems, of names of files, of prompts', async () => {
    const names = ['::error::a.yaml', 'b\n::error::b.yaml', '##[error]c.yaml', '##vso[task.complete]d.yaml'];
    mkdirSync(path.join(place, 'bad'));
    for (const name of names)
      writeFileSync(
        path.join(place, 'bad', name),
        JSON.stringify({ languages: ['en'], [`${commandTexts[0] ?? ''}`]: 1 }),
      );
    writeFileSync(
      path.join(place, 'bad', 'z.yaml'),
      suiteOf(
        commandTexts.map((text) => ({ id: text, [text]: text, assert: [{ type: text, [text]: text }] })),
      ),
    );
    writeFileSync(
      path.join(place, 'good.yaml'),
      suiteOf(
        commandTexts.map((q, at) => ({
          id: String(at),
          vars: { q },
          observe: true,
          metadata: { [`m${at}`]: q },
        })),
      ),
    );
    // As a folder of its own, its files stand at the start of a line.
    for (const env of [{}, inGitHub]) {
      const start = { cwd: path.join(place, 'bad'), env };
      const validated = await runProgram(['validate', '.'], start);
      expect(validated.code).toBe(3);
      expectSilence(validated.out);
      expectSilence(validated.err);
      expect(/^::stop-commands::[0-9a-f]{32}$/mu.test(validated.err)).toBe(env === inGitHub);
    }
    const asked = await runProgram(['eval', '.', '--target', 'a=http://127.0.0.1:9/v1#m'], {
      cwd: path.join(place, 'bad'),
      env: inGitHub,
    });
    expect(asked.code).toBe(3);
    expect(asked.err).toMatch(/^│ ::error::a\.yaml:1:\d+ /mu);
    expectSilence(asked.err);
    const dry = ['eval', 'good.yaml', '--target', 'a=http://127.0.0.1:9/v1#m', '--dry-run'];
    for (const words of [dry, [...dry, '--json']]) {
      const { code, out, err } = await runProgram(words, { cwd: place, env: inGitHub });
      expect(code).toBe(0);
      expectSilence(out);
      expectSilence(err);
    }
  });

  it('hears nothing of what servers say', async () => {
    const server = await startChatServer((_, number) =>
      number % 2 === 0
        ? { status: 400, message: commandTexts[number % commandTexts.length] ?? '' }
        : { text: commandTexts.join('\n') },
    );
    try {
      writeFileSync(
        path.join(place, 'good.yaml'),
        suiteOf(
          commandTexts
            .slice(0, 12)
            .map((q, at) => ({ id: String(at), vars: { q }, assert: [{ type: 'contains', value: 'x' }] })),
        ),
      );
      const target = `a=${server.baseUrl}###[error]m`;
      for (const words of [[], ['--json']]) {
        const { out, err } = await runProgram(
          ['eval', 'good.yaml', '--target', target, '-o', place, ...words],
          { cwd: place, env: inGitHub },
        );
        expect(out).toContain('report.html');
        expectSilence(out);
        expectSilence(err);
      }
    } finally {
      await server.close();
    }
  });
});

it('the machine of this test hears commands, and stops and goes on when it is told to', () => {
  expect(heardByGitHub('a\n::error::b\n  ::set-output name=x::y\nc ##[error]d')).toHaveLength(3);
  expect(heardByGitHub('::stop-commands::abc\n::error::b\n##[error]d\n::abc::\n::error::e')).toEqual([
    '::error::e',
  ]);
  expect(heardByGitHub('::stop-commands::abc\n::error::b')).toEqual(['it was never told to listen again']);
});
