/** Gates and earlier runs, as a user meets them: a process of its own, real sockets, real folders. */
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChatServer, type ChatServer } from '../../fixtures/servers/chat-server.ts';
import { runProgram, type Ran } from '../../fixtures/test/start-program.ts';
import type { RunComparison, Summary } from '../types.ts';

let folder = '';
let server: ChatServer;
/** Answers as the model of the day does. */
let day = 1;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-compare-'));
  writeFileSync(
    path.join(folder, 'greet.yaml'),
    [
      'languages: [th, ar, hi]',
      'prompt: "{{word}}"',
      'tests_from: ./greet.jsonl',
      'defaults: { assert: [{ type: equals, value: "{{word}}" }] }',
      '',
    ].join('\n'),
  );
  const words = { th: 'สวัสดี', ar: 'مرحبا', hi: 'नमस्ते' };
  const lines = Array.from({ length: 12 }, (_each, item) =>
    JSON.stringify({
      id: `greet-${item}`,
      in: Object.fromEntries(
        Object.entries(words).map(([language, word]) => [language, { word: `${word} ${item}` }]),
      ),
    }),
  );
  writeFileSync(path.join(folder, 'greet.jsonl'), `${lines.join('\n')}\n`);
  // On the second day it no longer knows the Thai of the first four items, and says so in an unfriendly way.
  server = await startChatServer(({ body }) => {
    const asked = body.messages.at(-1)?.content ?? '';
    const forgot = day === 2 && /^สวัสดี [0-3]$/u.test(asked);
    return { text: forgot ? `::error::\u001b[2J${asked}?` : asked };
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  runProgram(args, { env });

const reports = (): string => path.join(folder, 'reports');
const ask = (...more: string[]): string[] => [
  'eval',
  path.join(folder, 'greet.yaml'),
  '--target',
  `gw=${server.baseUrl}#model`,
  '--no-preflight',
  '--quiet',
  '-o',
  reports(),
  ...more,
];
const summaryOf = (name: string): Summary =>
  JSON.parse(readFileSync(path.join(reports(), name, 'summary.json'), 'utf8')) as Summary;

describe('two days of one model', () => {
  let first = '';
  let second = '';
  const runs = (): string[] => readdirSync(reports()).filter((name) => name.startsWith('2'));

  it('a gate that cannot be read stops the run before anything is asked', async () => {
    const { code, err } = await run(ask('--gate', 'gm.score >= 0.8', '--gate', 'gw - baseline >= 0'));
    expect(code).toBe(3);
    expect(err).toContain('no target "gm" - did you mean "gw"?');
    expect(err).toContain('there is no earlier run to compare with - name one with --baseline RUN');
    expect(server.asked).toHaveLength(0);
  }, 60_000);

  it('validate reads the gates of a targets file beside the suites', async () => {
    const file = path.join(folder, 'targets.yaml');
    const target = '{ id: gw, baseUrl: "http://127.0.0.1:1/v1", model: m }';
    writeFileSync(
      file,
      `targets: [${target}]\ngates:\n  - gw[tha].score >= 0.5\n  - gw - baseline >= -0.02 by ci\n`,
    );
    const { code, err } = await run(['validate', path.join(folder, 'greet.yaml'), '-c', file]);
    expect(code).toBe(3);
    expect(err).toContain(`${file}:3:8 no language "tha" - did you mean "th"?`);
    expect(err).not.toContain('baseline');
  }, 60_000);

  it('on the first the gates hold', async () => {
    const { code, out } = await run(ask('--gate', 'gw.score >= 0.9', '--gate', 'all-pass'));
    expect([code, out.match(/^gate pass /gmu)?.length]).toEqual([0, 2]);
    first = runs()[0] ?? '';
  }, 60_000);

  it('on the second they do not, and the build server is told so in its own words', async () => {
    day = 2;
    const page = path.join(folder, 'step.md');
    const { code, out, err } = await run(
      ask(
        '--baseline',
        'latest',
        '--gate',
        'gw[*] - baseline >= -0.02 by ci',
        '--gate',
        'gw[th].score >= 0.8',
      ),
      { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page },
    );
    expect(code).toBe(1);
    second = runs().find((name) => name !== first) ?? '';
    const { gates, sinceEarlier } = summaryOf(second);
    expect(gates.map(({ state }) => state)).toEqual(['inconclusive', 'fail']);
    expect(sinceEarlier).toMatchObject({ earlier: { id: first }, common: 36, added: 0, gone: 0 });
    expect(sinceEarlier?.changes.list.map(({ test, language, change }) => [test, language, change])).toEqual(
      [0, 1, 2, 3].map((item) => [`greet-${item}`, 'th', 'worse']),
    );
    // Every place says the same sentence.
    const sentence = gates[1]?.sentence ?? '';
    expect(sentence).toContain('66.7 %');
    expect(out).toContain(sentence);
    expect(err).toContain('::error title=gate not held%3A gw[th].score >= 0.8::');
    expect(err).toContain('::warning title=gate undecided%2C not passed%3A gw[*] - baseline');
    const file = (name: string): string => readFileSync(path.join(reports(), second, name), 'utf8');
    expect(file('summary.md')).toContain(sentence);
    expect(file('report.html')).toContain(sentence);
    expect(file('junit.xml')).toContain(sentence);
    expect(readFileSync(page, 'utf8')).toContain(sentence);
  }, 60_000);

  it('compare explains what changed, and leaves with 0 unless a gate says otherwise', async () => {
    // A run that was cut off while it wrote is read as far as it goes.
    appendFileSync(path.join(reports(), first, 'samples.jsonl'), '{"v":1,"cell":"torn');
    const words = ['compare', first, second, '-o', reports()];
    const [plain, github, json, markdown, gated] = await Promise.all([
      run(words),
      run(words, { GITHUB_ACTIONS: 'true' }),
      run([...words, '--json']),
      run([...words, '--markdown']),
      run([...words, '--gate', 'gw - baseline >= -0.02']),
    ]);
    expect([plain, github, json, markdown, gated].map((ran) => ran?.code)).toEqual([0, 0, 0, 0, 1]);
    expect(plain?.err).toContain('unfinished last line skipped');
    expect(plain?.out).toContain('worse: greet › greet-0 [th] gw');
    expect(plain?.out).toContain('│   then passed, 100.0\u00a0%: สวัสดี 0');
    expect(plain?.out).toContain(
      String.raw`│   now  wrong answer, 0.0${'\u00a0'}%: ::error::\u{1B}[2Jสวัสดี 0?`,
    );
    expect(github?.out).toMatch(/^::stop-commands::([0-9a-f]{32})\n│ worse:[\s\S]*\n::\1::$/mu);
    for (const line of github?.out.split('\n') ?? []) expect(line).not.toMatch(/^::error/u);
    const { comparison } = JSON.parse(json?.out ?? '') as { comparison: RunComparison };
    expect(comparison).toEqual(summaryOf(second).sinceEarlier);
    expect(markdown?.out).toContain('| worse | gw | greet › greet-0 (Thai) | passed, 100.0');
    expect(gated?.out).toContain('gate fail gw - baseline >= -0.02');
    expect(
      JSON.parse((await run([...words.slice(0, 2), first, '--json', '-o', reports()])).out),
    ).toMatchObject({
      comparison: { changes: { distinct: 0 } },
    });
  }, 90_000);

  it('the second day is told the same when the first is gone', async () => {
    const derived = ['summary.json', 'report.html', 'junit.xml', 'summary.md'];
    const read = (): string[] =>
      derived.map((name) => readFileSync(path.join(reports(), second, name), 'utf8'));
    const before = read();
    rmSync(path.join(reports(), first), { recursive: true });
    for (const name of derived) rmSync(path.join(reports(), second, name));
    expect((await run(['report', second, '-o', reports()])).code).toBe(1);
    expect(read()).toEqual(before);
    // A resume asks nothing, keeps what it is compared with, and may claim something else.
    const asked = server.asked.length;
    const { code } = await run([
      'eval',
      '--resume',
      second,
      '-o',
      reports(),
      '--quiet',
      '--gate',
      'gw - baseline >= -0.2',
    ]);
    expect([code, server.asked.length]).toEqual([0, asked]);
    rmSync(path.join(reports(), second, 'earlier.jsonl'));
    const lost = await run(['report', second, '-o', reports()]);
    expect(lost.code).toBe(5);
    expect(lost.err).toContain('earlier.jsonl is not there - take the copy again: visavis eval --resume');
  }, 90_000);
});
