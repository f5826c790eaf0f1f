/** The program as a user starts it: a process of its own, real sockets, a real folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startChatServer,
  type ChatAnswer,
  type ChatRequest,
  type ChatServer,
} from '../../fixtures/servers/chat-server.ts';
import {
  scriptModel,
  startDialectServer,
  type DialectServer,
} from '../../fixtures/servers/dialect-server.ts';
import { pageText } from '../../fixtures/report/unpack-page.ts';
import { readLines } from '../record/read-lines.ts';
import type { Finding, Manifest, Sample, Summary } from '../types.ts';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, 'dist', 'main.js');
const suite = path.join('fixtures', 'e2e', 'sums.yaml');

let reports = '';
let server: ChatServer | null = null;
beforeEach(() => {
  reports = mkdtempSync(path.join(tmpdir(), 'visavis-e2e-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(reports, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ran> } {
  // The look before the run has tests of its own, below.
  const looks = args[0] !== 'eval' || args.includes('--look') ? [] : ['--no-preflight'];
  const words = [program, ...args.filter((word) => word !== '--look'), ...looks];
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise<Ran>((resolve) => child.once('exit', (code) => resolve({ code, out, err })));
  return { child, ended };
}

const run = (args: readonly string[], env?: Record<string, string>): Promise<Ran> => start(args, env).ended;

const native: Readonly<Record<string, string>> = {
  ar: '٠١٢٣٤٥٦٧٨٩',
  hi: '०१२३४५६७८९',
  bn: '০১২৩৪৫৬৭৮৯',
  th: '๐๑๒๓๔๕๖๗๘๙',
};

/** Adds like a child that writes the digits of its country; the other model is wrong about 17. */
function adder({ body }: ChatRequest): ChatAnswer {
  const [, a = '0', b = '0'] = /(\d+) \+ (\d+)/u.exec(body.messages.at(-1)?.content ?? '') ?? [];
  const sum = Number(a) + Number(b);
  const language = /كم/u.test(body.messages[0]?.content ?? '')
    ? 'ar'
    : /कितना/u.test(body.messages[0]?.content ?? '')
      ? 'hi'
      : 'en';
  const digits = String(body.model === 'weak' && sum === 17 ? 18 : sum);
  return {
    text: digits.replaceAll(/\d/gu, (digit) => native[language]?.[Number(digit)] ?? digit),
    delayMs: 15,
  };
}

const both = (): string[] => [
  '--target',
  `strong=${server?.baseUrl ?? ''}#strong`,
  '--target',
  `weak=${server?.baseUrl ?? ''}#weak`,
];
const folderOf = (): string =>
  path.join(reports, readdirSync(reports).find((name) => name.startsWith('2')) ?? '');
const read = (name: string): string => readFileSync(path.join(folderOf(), name), 'utf8');
const summary = (): Summary => JSON.parse(read('summary.json')) as Summary;
const manifest = (): Manifest => JSON.parse(read('manifest.json')) as Manifest;
function samples(): Sample[] {
  const found: Sample[] = [];
  readLines(path.join(folderOf(), 'samples.jsonl'), (record) => found.push(record as unknown as Sample));
  return found;
}

describe('visavis eval', () => {
  it('asks two endpoints, scores native digits right, and writes every file of the run folder', async () => {
    server = await startChatServer(adder);
    const { code, out, err } = await run(['eval', suite, ...both(), '-o', reports, '-j', '4']);
    expect(err).not.toMatch(/error/u);
    expect(code).toBe(0);
    expect(server.served).toHaveLength(60);
    expect(server.peak()).toBeLessThanOrEqual(4);
    expect(readdirSync(folderOf()).toSorted()).toEqual([
      'findings.jsonl',
      'junit.xml',
      'manifest.json',
      'plan.jsonl',
      'readings.jsonl',
      'report.html',
      'rows.csv',
      'samples.jsonl',
      'summary.json',
      'summary.md',
    ]);
    expect(out.trim().split('\n').at(-1)).toBe(path.join(folderOf(), 'report.html'));
    const overall = summary().scores.filter(
      (row) => row.language === null && row.suite === null && row.metric === null,
    );
    expect(overall.map((row) => [row.target, row.score.value?.toFixed(3), row.score.n])).toEqual([
      ['strong', '1.000', 30],
      ['weak', '0.667', 30],
    ]);
    expect(
      summary()
        .kinds.filter((kind) => kind.kind === 'wrong-answer')
        .reduce((sum, kind) => sum + kind.count, 0),
    ).toBe(10);
    expect(manifest().legs).toMatchObject([{ id: 'leg-1', end: 'complete', sent: 60, phase: 'quality' }]);
    const [seen] = summary().run.machine;
    expect(seen?.after?.at).toBeGreaterThanOrEqual(seen?.before.at ?? Number.POSITIVE_INFINITY);
    expect(readFileSync(path.join(reports, 'latest', 'report.html'), 'utf8')).toBe(read('report.html'));
  });

  it('makes the derived files again byte for byte, offline', async () => {
    server = await startChatServer(adder);
    await run(['eval', suite, ...both(), '-o', reports]);
    await server.close();
    const derived = ['findings.jsonl', 'summary.json', 'report.html', 'rows.csv', 'junit.xml', 'summary.md'];
    const first = derived.map(read);
    for (const name of derived) rmSync(path.join(folderOf(), name));
    expect((await run(['score', 'latest', '-o', reports])).code).toBe(0);
    expect(derived.map(read)).toEqual(first);
    for (const name of derived.slice(1)) rmSync(path.join(folderOf(), name));
    expect((await run(['report', 'latest', '-o', reports])).code).toBe(0);
    expect(derived.map(read)).toEqual(first);
  });

  it('goes on after kill -9 without losing or doubling an acknowledged answer', async () => {
    server = await startChatServer(adder);
    const args = ['eval', suite, ...both(), '-o', reports, '-j', '3'];
    const { child, ended } = start(args);
    const until = Date.now() + 20_000;
    while (server.served.length < 20 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    await ended;
    const acknowledged = samples().map((sample) => sample.cell);
    expect(acknowledged.length).toBeGreaterThan(10);
    const before = server.asked.length;
    const { code, err } = await run(['eval', '--resume', '-o', reports]);
    expect(err).toMatch(/abandoned lock/u);
    expect(code).toBe(0);
    const all = samples().map((sample) => sample.cell);
    expect(new Set(all).size).toBe(60);
    expect(all).toHaveLength(60);
    expect(server.asked.length - before).toBe(60 - acknowledged.length);
    // Killed with three in flight: at most those were asked twice.
    expect(server.asked.length - 60).toBeLessThanOrEqual(3);
    expect(summary().run.complete).toBe(true);
  });

  it('sends nothing and changes nothing when a finished run is resumed', async () => {
    server = await startChatServer(adder);
    await run(['eval', suite, ...both(), '-o', reports]);
    const before = [
      'manifest.json',
      'plan.jsonl',
      'samples.jsonl',
      'readings.jsonl',
      'summary.json',
      'report.html',
    ].map(read);
    const asked = server.asked.length;
    expect((await run(['eval', '--resume', '-o', reports])).code).toBe(0);
    expect(server.asked.length).toBe(asked);
    expect(
      ['manifest.json', 'plan.jsonl', 'samples.jsonl', 'readings.jsonl', 'summary.json', 'report.html'].map(
        read,
      ),
    ).toEqual(before);
  });

  it('stops on an interrupt with 130, and the run can be resumed', async () => {
    server = await startChatServer((request) => ({ ...adder(request), delayMs: 40 }));
    const { child, ended } = start(['eval', suite, ...both(), '-o', reports, '-j', '2']);
    while (server.served.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/--resume/u);
    expect(manifest().legs.at(-1)?.end).toBe('interrupted');
    expect((await run(['eval', '--resume', '-o', reports])).code).toBe(0);
    expect(samples()).toHaveLength(60);
  });

  it('keeps an outage apart from wrong answers, exits 6, and asks again on resume', async () => {
    let down = true;
    server = await startChatServer((request) =>
      down && request.body.model === 'weak' && (request.body.messages[0]?.content ?? '').includes('9 + 8')
        ? { status: 400, message: 'maximum context length' }
        : adder(request),
    );
    const { code } = await run(['eval', suite, ...both(), '-o', reports]);
    expect(code).toBe(6);
    const weak = summary().scores.find(
      (row) => row.target === 'weak' && row.language === null && row.suite === null && row.metric === null,
    );
    expect(weak?.score).toMatchObject({ value: 1, n: 20, missing: 10 });
    expect(
      summary()
        .kinds.filter((kind) => kind.kind === 'no-answer')
        .map((kind) => kind.code),
    ).toContain('context-length');
    down = false;
    const asked = server.asked.length;
    expect((await run(['eval', '--resume', '-o', reports])).code).toBe(6);
    expect(server.asked.length).toBe(asked);
    expect((await run(['eval', '--resume', '--retry-errors', '-o', reports])).code).toBe(0);
    expect(server.asked.length).toBe(asked + 10);
  });
});

describe('the look before the run', () => {
  let dialect: DialectServer | null = null;
  afterEach(async () => {
    await dialect?.close();
    dialect = null;
  });
  const target = (model = scriptModel.vllm): string[] => ['--target', `a=${dialect?.baseUrl ?? ''}#${model}`];

  it('keeps what the server said of itself in the manifest, and then asks', async () => {
    dialect = await startDialectServer('vllm');
    const { code } = await run(['eval', '--look', suite, ...target(), '--limit', '1', '-o', reports]);
    expect(code).toBe(0);
    expect(manifest().targets[0]?.facts).toMatchObject({ dialect: 'vllm', usageInStream: true });
    expect(samples()).toHaveLength(10);
    // Two small questions, and the ten of the plan.
    expect(dialect.asked()).toHaveLength(12);
  });

  it('stops at a model that is not there: 2, with the names there are, nothing of the plan sent, resumable', async () => {
    dialect = await startDialectServer('vllm');
    const { code, err } = await run(['eval', '--look', suite, ...target('qwen'), '-o', reports]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error target a: .*qwen.*Llama-3\.1-70B/mu);
    expect(err).toMatch(/nothing was sent.*--resume/u);
    expect(samples()).toEqual([]);
    const more = await run(['eval', '--look', suite, ...target(), '--resume', '-o', reports]);
    expect(more.code).toBe(0);
  });

  it('stops where nothing listens', async () => {
    const { code, err } = await run([
      'eval',
      '--look',
      suite,
      '--target',
      'a=http://127.0.0.1:9/v1#m',
      '-o',
      reports,
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(/target a: nothing listens on 127\.0\.0\.1:9/u);
  });

  it('does not ask a strict gateway for what it refused', async () => {
    dialect = await startDialectServer('strict');
    const { code } = await run([
      'eval',
      '--look',
      suite,
      ...target(scriptModel.strict),
      '--limit',
      '1',
      '-o',
      reports,
    ]);
    expect(code).toBe(0);
    expect(manifest().targets[0]?.facts).toMatchObject({ streamOptions: false });
    expect(dialect.asked().at(-1)).not.toHaveProperty('stream_options');
  });

  it('asks a server of the dialect openai with its own limit field', async () => {
    dialect = await startDialectServer('openai');
    const { code } = await run([
      'eval',
      '--look',
      suite,
      ...target(scriptModel.openai),
      '--limit',
      '1',
      '-o',
      reports,
    ]);
    expect(code).toBe(0);
    const fields = dialect.asked().at(-1);
    expect(fields).toHaveProperty('max_completion_tokens');
    expect(fields).not.toHaveProperty('max_tokens');
  });
});

describe('visavis probe', () => {
  it.each(['vllm', 'llama.cpp', 'ollama', 'sglang', 'tgi', 'lmstudio'] as const)(
    'tells what %s can do',
    async (name) => {
      const dialect = await startDialectServer(name);
      try {
        const words = ['probe', `a=${dialect.baseUrl}#${scriptModel[name]}`];
        const { code, out } = await run([...words, '--json']);
        expect(code).toBe(0);
        expect(JSON.parse(out)).toMatchObject({ target: 'a', facts: { dialect: name } });
        const table = await run(words);
        expect(table.out).toMatch(/context, tokens/u);
        expect(table.out).toMatch(/json_schema/u);
      } finally {
        await dialect.close();
      }
    },
  );

  it.each([
    ['nobody', /has no target "nobody" - there are: alpha, beta/u, 3],
    ['alpha', /is an embedded endpoint/u, 3],
    ['a=http://127.0.0.1:9/v1#m', /nothing listens on 127\.0\.0\.1:9/u, 2],
  ])('of %s is one clear line', async (named, wanted, exit) => {
    const { code, err } = await run(['probe', named]);
    expect(code).toBe(exit);
    expect(err).toMatch(wanted);
  });
});

describe('a run that is gone on with', () => {
  it('keeps what an earlier resume added, and names its folder in a way that works', async () => {
    server = await startChatServer((request) =>
      request.body.model === 'weak' && (request.body.messages[0]?.content ?? '').includes('9 + 8')
        ? { status: 401, message: 'no' }
        : adder(request),
    );
    const [flag = '', strong = '', , weak = ''] = both();
    await run(['eval', suite, flag, strong, '-o', reports]);
    const { err, code } = await run(['eval', '--resume', flag, strong, flag, weak, '-o', reports]);
    expect(code).toBe(2);
    expect(err).toMatch(/30 new, 0 orphaned, 30 kept/u);
    const [, folder = ''] = /visavis eval --resume (\S+)/u.exec(err) ?? [];
    const again = await run(['eval', '--resume', folder]);
    expect(again.err).not.toMatch(/orphaned/u);
    expect(manifest().targets.map((target) => target.id)).toEqual(['strong', 'weak']);
  });

  it('takes the limits of today, and says where a target moved', async () => {
    server = await startChatServer((request) =>
      (request.body.messages[0]?.content ?? '').includes('9 + 8')
        ? { status: 400, message: 'maximum context length' }
        : adder(request),
    );
    const file = path.join(reports, 'targets.yaml');
    const write = (baseUrl: string, share: number): void =>
      writeFileSync(
        file,
        `targets: [{ id: a, baseUrl: "${baseUrl}", model: strong }]\nmaxErrorRate: ${share}\n`,
      );
    write(server.baseUrl, 0);
    expect((await run(['eval', suite, '-c', file, '-o', reports])).code).toBe(6);
    write(server.baseUrl.replace('127.0.0.1', 'localhost'), 0.5);
    const { code, err } = await run(['eval', '--resume', '-o', reports]);
    expect(code).toBe(0);
    expect(err).toMatch(
      /target a is asked at http:\/\/localhost:\d+\/v1 now; its earlier answers came from http:\/\/127/u,
    );
  });

  it('survives a kill between the manifest and the plan of a changed suite', async () => {
    server = await startChatServer(adder);
    await run(['eval', suite, ...both(), '--limit', '1', '-o', reports]);
    const old = read('plan.jsonl');
    expect((await run(['eval', suite, ...both(), '--resume', '-o', reports, '--limit', '2'])).code).toBe(0);
    // As it lies there when the process ends between the two.
    writeFileSync(path.join(folderOf(), 'plan.jsonl'), old);
    const report = await run(['report', 'latest', '-o', reports]);
    expect(report.err).toMatch(/plan\.jsonl is the one before the last change/u);
    expect((await run(['eval', '--resume', '-o', reports])).code).toBe(0);
    expect(read('plan.jsonl').split('\n')).toHaveLength(41);
    rmSync(path.join(folderOf(), 'plan.jsonl'));
    const gone = await run(['report', 'latest', '-o', reports]);
    expect(gone.code).toBe(5);
    expect(gone.err).toMatch(/plan\.jsonl is not there/u);
  });
});

describe('nobody reads on', () => {
  it('is no reason to stop the run', async () => {
    server = await startChatServer(adder);
    const { child, ended } = start(['eval', suite, ...both(), '-o', reports]);
    child.stderr?.destroy();
    child.stdout?.destroy();
    const { code } = await ended;
    expect(code).toBe(0);
    expect(samples()).toHaveLength(60);
  });
});

describe('words that are none', () => {
  it.each([
    [['evl'], /^there is no command and no suite "evl" - did you mean "eval"\?$/mu],
    [['validat', 'suites'], /did you mean "validate"\?/u],
    [
      ['eval', 'suites/ordrs.yaml'],
      /^there is no suite suites\/ordrs\.yaml - did you mean "suites\/orders\.yaml"\?$/mu,
    ],
    [['eval', '--gates'], /unknown option '--gates'/u],
    [['eval', '--target', 'x'], /^--target x: an id and = are missing/mu],
    [['eval', '--languages', 'xx', suite], /^no suite has the language "xx" - there are: en, zh/mu],
    [['eval', '--filter-tests', '(', suite], /^--filter-tests: not a pattern/mu],
    [['score', 'nosuch'], /^there is no run "nosuch"/mu],
  ])('%j: 3, and one line', async (words, wanted) => {
    const { code, err, out } = await run(words);
    expect(code).toBe(3);
    expect(err).toMatch(wanted);
    expect(err).not.toMatch(/^\s+at /mu);
    expect(out).toBe('');
  });
});

describe('bad input ends in one clear line and the right exit code', () => {
  it('a wrong key: 2, after one request, resumable; the key is nowhere in the folder', async () => {
    server = await startChatServer(({ headers }) =>
      headers['authorization'] === 'Bearer good-key-123456'
        ? { text: '5' }
        : { status: 401, message: `Incorrect API key provided: ${String(headers['authorization'])}` },
    );
    const { code, err, out } = await run(
      ['eval', suite, '--target', `a=${server.baseUrl}#m`, '-o', reports],
      { A_API_KEY: 'bad-canary-key-0123456789' },
    );
    expect(code).toBe(2);
    expect(server.asked).toHaveLength(1);
    expect(err).toMatch(/target a: auth: the key was refused/u);
    for (const name of readdirSync(folderOf())) expect(read(name)).not.toContain('canary-key');
    expect(pageText(read('report.html'))).not.toContain('canary-key');
    expect(err + out).not.toContain('canary-key');
    const [, again = ''] = /go on with: visavis (eval --resume .*)/u.exec(err) ?? [];
    expect(again).toContain(` --target a=${server.baseUrl}#m`);
    expect((await run(again.split(' '), { A_API_KEY: 'good-key-123456' })).code).toBe(0);
  });

  it('a key that no header can carry: 3, before anything is asked', async () => {
    const { code, err } = await run(['eval', suite, '--target', 'a=http://127.0.0.1:9/v1#m', '-o', reports], {
      A_API_KEY: 'secret-canary-key\n',
    });
    expect(code).toBe(3);
    expect(err).toMatch(/the key in A_API_KEY holds a character that no header can carry/u);
    expect(err).not.toContain('canary');
  });

  it('a file where the reports belong: 5', async () => {
    const file = path.join(reports, 'file');
    writeFileSync(file, '');
    const { code, err } = await run(['eval', suite, '--target', 'a=http://127.0.0.1:9/v1#m', '-o', file]);
    expect(code).toBe(5);
    expect(err).toMatch(/^cannot make a run folder in .*EEXIST.*name another place/mu);
  });

  it('nothing listens: 2', async () => {
    const { code, err } = await run(['eval', suite, '--target', 'a=http://127.0.0.1:9/v1#m', '-o', reports]);
    expect(code).toBe(2);
    expect(err).toMatch(/connect-refused: nothing listens on 127\.0\.0\.1:9/u);
  });

  it('a model that does not exist: 2', async () => {
    server = await startChatServer(() => ({ status: 404, message: 'The model `m` does not exist.' }));
    const { code, err } = await run(['eval', suite, '--target', `a=${server.baseUrl}#m`, '-o', reports]);
    expect(code).toBe(2);
    expect(err).toMatch(/model-not-found: The model `m` does not exist/u);
  });

  it('an empty answer and prose without a number are wrong answers, not errors: 0', async () => {
    server = await startChatServer((_request, number) => ({
      text: number % 2 === 0 ? '' : 'I would rather talk about the weather.',
    }));
    const { code } = await run(['eval', suite, '--target', `a=${server.baseUrl}#m`, '-o', reports]);
    expect(code).toBe(0);
    const kinds = new Map(summary().kinds.map((kind) => [kind.kind, 0]));
    for (const kind of summary().kinds) kinds.set(kind.kind, (kinds.get(kind.kind) ?? 0) + kind.count);
    expect(kinds).toEqual(
      new Map([
        ['empty', 15],
        ['wrong-answer', 15],
      ]),
    );
  });

  it.each([
    ['a missing suite', ['suites/ordres.yaml'], /ordres\.yaml.*orders\.yaml/u],
    ['an unknown option', ['--languagse', 'en'], /unknown option '--languagse'/u],
    ['a target without a model', ['--target', 'a=http://127.0.0.1:1/v1'], /#/u],
    ['a language nobody has', [suite, '--languages', 'xx'], /no suite has the language "xx"/u],
    ['a run that is not there', ['--resume', 'nope'], /there is no run "nope"/u],
  ])('%s: 3', async (_name, args, message) => {
    const { code, err } = await run(['eval', ...args, '-o', reports]);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /u);
    expect(code).toBe(3);
  });

  it('a YAML mistake: 3, with file, line and column', async () => {
    const file = path.join(reports, 'bad.yaml');
    writeFileSync(file, readFileSync(path.join(root, suite), 'utf8').replace('assert:', 'asserts:'));
    const { code, err } = await run(['validate', file]);
    expect(code).toBe(3);
    expect(err).toMatch(/bad\.yaml:\d+:\d+ unknown key "asserts".*did you mean "assert"/u);
  });

  it('a folder in use: 4', async () => {
    server = await startChatServer((request) => ({ ...adder(request), delayMs: 100 }));
    const { child, ended } = start(['eval', suite, ...both(), '-o', reports, '-j', '1']);
    while (server.served.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await run(['eval', '--resume', '-o', reports]);
    expect(second.code).toBe(4);
    expect(second.err).toMatch(new RegExp(`process ${child.pid ?? 0} on`, 'u'));
    child.kill('SIGKILL');
    await ended;
  });
});

describe('the embedded endpoint', () => {
  // On a machine that stutters all the way, no time of so few answers may be left.
  it('serves the demonstration, says so, and is measured', { retry: 2 }, async () => {
    const { code, out, err } = await run([
      'eval',
      'suites/arithmetic.yaml',
      '--languages',
      'ar,ja,th',
      '--limit',
      '3',
      '-o',
      reports,
    ]);
    expect(code).toBe(0);
    expect(err).toMatch(/alpha: The answers of alpha were authored/u);
    expect(out).toMatch(/authored/u);
    expect(summary().run.demo).toBe(true);
    const { evidence, metrics } = summary();
    expect(evidence.numbers.map(({ language, n }) => [language, n])).toEqual(
      ['ar', 'ja', 'th', 'ar', 'ja', 'th'].map((language) => [language, 3]),
    );
    expect(evidence.languages).toHaveLength(8);
    for (const { signature } of metrics.flatMap((metric) => metric.signatures))
      expect(signature).toMatch(/\|impl:visavis-\d+\.\d+\.\d+$/u);
    for (const { host } of summary().memory) {
      expect(host.idle?.bytes ?? 0).toBeGreaterThan(5e6);
      expect(host.peakUpper?.bytes ?? 0).toBeGreaterThan(10e6);
    }
    for (const row of summary().speed.filter((one) => one.language === null))
      expect(row.ttftMs.p50 ?? 0).toBeGreaterThan(5);
    const findings: Finding[] = [];
    readLines(path.join(folderOf(), 'findings.jsonl'), (record) =>
      findings.push(record as unknown as Finding),
    );
    expect(findings.length).toBeGreaterThan(17);
  });

  it('shows the plan without asking anybody', async () => {
    const { code, out } = await run(['eval', '--dry-run', 'suites/arithmetic.yaml', '-o', reports]);
    expect(code).toBe(0);
    expect(out).toMatch(/\d+ cells would be asked/u);
    expect(readdirSync(reports)).toEqual([]);
  });
});
