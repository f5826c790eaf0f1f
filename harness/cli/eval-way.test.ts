/**
 * The program from end to end, where it is about the way to a server, the process itself, or the place where a run is
 * gone on with.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
  delta,
  json,
  sse,
  startFaultServer,
  streamHead,
  streamOf,
  type FaultServer,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import { pageText } from '../../fixtures/report/unpack-page.ts';
import { faultTarget } from '../../fixtures/servers/fault-bench.ts';
import { runProgram, startProgram } from '../../fixtures/test/start-program.ts';
import { readLines } from '../record/read-lines.ts';
import type { Manifest, RunEvent, Sample, Summary } from '../types.ts';
import { descriptorWarnings } from './descriptors.ts';

const root = path.join(import.meta.dirname, '..', '..');
const suite = path.join(root, 'fixtures', 'e2e', 'sums.yaml');
const closers: (() => Promise<void>)[] = [];
let place = '';
let reports = '';
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-way-'));
  reports = path.join(place, 'reports');
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(place, { recursive: true, force: true });
});

async function serve(decide: (request: ChatRequest, number: number) => ChatAnswer): Promise<ChatServer> {
  const server = await startChatServer(decide);
  closers.push(server.close);
  return server;
}

const folderIn = (folder: string): string =>
  path.join(folder, readdirSync(folder).find((name) => name.startsWith('2')) ?? '');
const read = (name: string, folder = reports): string =>
  readFileSync(path.join(folderIn(folder), name), 'utf8');
const summary = (): Summary => JSON.parse(read('summary.json')) as Summary;
const manifest = (): Manifest => JSON.parse(read('manifest.json')) as Manifest;
function samples(folder = reports): Sample[] {
  const found: Sample[] = [];
  readLines(path.join(folderIn(folder), 'samples.jsonl'), (record) =>
    found.push(record as unknown as Sample),
  );
  return found;
}

function happened(folder = reports): RunEvent[] {
  const found: RunEvent[] = [];
  readLines(path.join(folderIn(folder), 'readings.jsonl'), (record) => {
    if (record['kind'] === 'event') found.push(record as unknown as RunEvent);
  });
  return found;
}

/** At the target: this process may be held up as well. */
const happenedThere = (): RunEvent[] => happened().filter(({ target }) => target === 'a');

/** Everything in the run folder. */
/** A file of the folder, and what a page carries packed. */
const readWhole = (name: string): string => (name === 'report.html' ? pageText(read(name)) : read(name));
const wholeFolder = (): string =>
  readdirSync(folderIn(reports), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readWhole(name))
    .join('\n');

const eval_ = (...words: string[]): string[] => ['eval', ...words, '--no-preflight', '-o', reports];

describe('rows 106 and 107: a process that was stopped and woken', () => {
  it.each([300, 2300])('for %i ms', { retry: 2 }, async (stoppedMs) => {
    const server = await serve(() => ({ text: '5', delayMs: 120 }));
    const { child, ended } = startProgram(eval_(suite, '--target', `a=${server.baseUrl}#m`, '-j', '2'));
    while (server.served.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, stoppedMs));
    child.kill('SIGCONT');
    const { code } = await ended;
    expect(code).toBe(0);
    const tainted = samples().filter(({ flags }) => flags.includes('tainted'));
    expect(tainted.length).toBeGreaterThan(0);
    // The first of all may have been held up by the start of the program.
    expect(tainted.length).toBeLessThan(10);
    // Every view says so.
    const [overall] = summary().speed;
    expect(overall).toMatchObject({ tainted: tainted.length, e2eMs: { n: 30 - tainted.length } });
    expect(summary().notes.map((note) => note.code)).toContain('tainted');
    for (const name of ['rows.csv', 'summary.md', 'report.html'])
      expect([name, readWhole(name).includes('tainted')]).toEqual([name, true]);
    expect(read('junit.xml')).toMatch(/<property name="flags" value="[^"]*tainted/u);
    // Two seconds and more are an event too.
    const asleep = happened().filter(({ event }) => event === 'sleep');
    if (stoppedMs > 2000) expect(asleep).toMatchObject([{ target: null, phase: 'quality', leg: 'leg-1' }]);
  });
});

describe('row 110: a heap that is nearly full', () => {
  it('ends the targets with 2, loses no answer, and can be gone on with', { retry: 1 }, async () => {
    const server = await serve(() => ({ text: '5', delayMs: 250 }));
    const words = eval_(suite, '--target', `a=${server.baseUrl}#m`, '-j', '1');
    const { code, err } = await runProgram(words, {
      node: [
        '--max-old-space-size=256',
        '--max-semi-space-size=1',
        '--require',
        path.join(root, 'fixtures/e2e/ballast.cjs'),
      ],
      env: { BALLAST_MB: '196' },
    });
    expect(err).toMatch(/target a: heap-limit: the memory of this process is nearly full/u);
    expect(err).toMatch(/go on with: visavis eval --resume /u);
    expect(code).toBe(2);
    const before = samples();
    expect(before.length).toBe(server.served.length);
    expect(before.length).toBeLessThan(30);
    expect(manifest().legs.at(-1)).toMatchObject({ end: 'aborted', exitCode: 2 });
    // Scoring needs memory that is not there: it waits for the resume.
    expect(readdirSync(folderIn(reports))).not.toContain('findings.jsonl');
    const more = await runProgram(['eval', '--resume', '--no-preflight', '-o', reports]);
    expect(more.code).toBe(0);
    expect(samples()).toHaveLength(30);
    expect(server.served).toHaveLength(30);
  });
});

describe('row 108: SIGTERM', () => {
  it(
    'with a hundred in flight: 143, nothing of them on record, and the rest can be asked',
    { retry: 1 },
    async () => {
      let isOver = false;
      const server = await serve((_request, number) => ({
        text: '5',
        delayMs: isOver ? 1 : number <= 20 ? 20 : 60_000,
      }));
      const words = eval_(
        suite,
        '--target',
        `a=${server.baseUrl}#m`,
        '-j',
        '100',
        '--languages',
        'en',
        '--repeat',
        '50',
        '--grace',
        '0',
      );
      const { child, ended } = startProgram(words);
      while (server.asked.length < 120) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill('SIGTERM');
      const { code, err } = await ended;
      expect(code).toBe(143);
      expect(err).toMatch(/interrupted; go on with: visavis eval --resume/u);
      expect(manifest().legs.at(-1)).toMatchObject({ end: 'interrupted', exitCode: 143 });
      const before = samples();
      expect(before.every(({ status }) => status === 'ok')).toBe(true);
      expect(before.length).toBeLessThanOrEqual(20);
      isOver = true;
      const more = await runProgram(['eval', '--resume', '--no-preflight', '-o', reports]);
      expect(more.code).toBe(0);
      const after = samples();
      expect([after.length, new Set(after.map(({ cell }) => cell)).size]).toEqual([150, 150]);
    },
  );
});

describe('row 104: a server that dies in the middle of a run', () => {
  /** Says what the sum is, whatever was asked. */
  const answer: Script = async (line) => {
    await line.pause(15);
    const [, a = 0, b = 0] = /(\d+) \+ (\d+)/u.exec(line.request.body) ?? [];
    const sum = String(Number(a) + Number(b));
    return streamOf(sse(delta({ content: sum }), delta({}, 'stop'), '[DONE]'))(line);
  };
  /** Answers so many, then closes every socket in mid-answer and is gone. */
  async function dyingServer(after: number): Promise<{ port: number; gone: Promise<void> }> {
    let die = (): void => {};
    const gone = new Promise<void>((resolve) => (die = resolve));
    const server = await startFaultServer((line) => {
      if (line.number <= after) return answer(line);
      line.write(streamHead);
      line.chunk(sse(delta({ content: '4' })));
      return void server.close().then(die);
    });
    return { port: server.port, gone };
  }
  async function again(port: number): Promise<void> {
    const server = await startFaultServer(answer, { port });
    closers.push(server.close);
  }
  const targetsFor = (port: number, more: string): string => {
    const file = path.join(place, 'targets.yaml');
    writeFileSync(
      file,
      `targets: [{ id: a, model: m, baseUrl: "http://127.0.0.1:${port}/v1", concurrency: 2, ${more} }]\n`,
    );
    return file;
  };
  const overall = () =>
    summary().scores.find((row) => row.language === null && row.suite === null && row.metric === null);

  it('and comes back is waited for: every question is answered, none is scored as wrong', async () => {
    const { port, gone } = await dyingServer(10);
    const { ended } = startProgram(eval_(suite, '-c', targetsFor(port, 'retry: { attempts: 4 }')));
    await gone;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await again(port);
    const { code } = await ended;
    expect(code).toBe(0);
    expect(overall()?.score).toMatchObject({ value: 1, n: 30, missing: 0 });
    const lost = samples().filter(({ status }) => status !== 'ok');
    expect(lost.length).toBeGreaterThan(0);
    expect(
      lost.map(({ outcome }) => (outcome.kind === 'failed' ? outcome.failure.remedy : '')),
    ).not.toContain('final');
  });

  it('and stays away ends the target with 2; what was not answered is missing, and asked when it is back', async () => {
    const { port } = await dyingServer(10);
    const file = targetsFor(port, 'retry: { maxOutageMs: 1000 }');
    const { code, err } = await runProgram(eval_(suite, '-c', file));
    expect(err).toMatch(/a does not answer; waiting for it/u);
    expect(err).toMatch(/target a: outage: no answer for \d+ seconds/u);
    expect(code).toBe(2);
    // Why there are no more answers stands where a reader looks for it.
    const down = { event: 'breaker-open', target: 'a', ms: null, because: 'connect-refused' };
    expect(happenedThere()).toMatchObject([{ ...down, phase: 'quality', leg: 'leg-1' }]);
    expect(summary().events?.counts).toContainEqual({
      target: 'a',
      event: 'breaker-open',
      count: 1,
      totalMs: null,
    });
    expect(pageText(read('report.html'))).toContain('did not answer and was waited for');
    // One more may have been under way when it died.
    const { value, n = 0, missing } = overall()?.score ?? {};
    expect([value, n > 7 && n < 11, n + (missing ?? 0)]).toEqual([1, true, 30]);
    await again(port);
    const more = await runProgram(['eval', '--resume', '--no-preflight', '-o', reports]);
    expect(more.code).toBe(0);
    expect(summary().events?.list.list.find(({ target }) => target === 'a')).toMatchObject(down);
    expect(overall()?.score).toMatchObject({ value: 1, n: 30, missing: 0 });
    // What broke off in the first start is known in the second.
    expect(samples().some(({ flags }) => flags.includes('retried-after-output'))).toBe(true);
  });
});

describe('a server that asks for patience', () => {
  it('is waited for, and the report says for how long', async () => {
    const server = await startFaultServer((line) =>
      line.number === 4
        ? json(429, { error: { message: 'slow down' } }, { 'retry-after-ms': '700' })(line)
        : streamOf(sse(delta({ content: '5' }, 'stop'), '[DONE]'))(line),
    );
    closers.push(server.close);
    const words = eval_(suite, '--target', `a=http://127.0.0.1:${server.port}/v1#m`, '-j', '1');
    expect((await runProgram(words)).code).toBe(0);
    expect(
      samples()
        .map(({ status }) => status)
        .filter((status) => status !== 'ok'),
    ).toEqual(['http-error']);
    const [event, ...others] = happenedThere();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ event: 'cool-down', target: 'a', because: 'rate-limited, HTTP 429' });
    expect(event?.ms).toBeGreaterThanOrEqual(700);
    const { events } = summary();
    expect(events?.counts).toContainEqual({ target: 'a', event: 'cool-down', count: 1, totalMs: event?.ms });
    const start = Date.parse(manifest().createdAt);
    expect(events?.list.list.find(({ target }) => target === 'a')).toMatchObject({
      atMs: (event?.at ?? 0) - start,
      phase: 'quality',
    });
    expect(pageText(read('report.html'))).toContain('asked for patience');
  });
});

describe('more connections than open files', () => {
  it.each([
    [[512, 512], 1024, 1],
    [[512, 448], 1024, 0],
    [[1024], null, 0],
  ])('%j of %s', (concurrency, limit, lines) => {
    const targets = concurrency.map((count) => ({ ...faultTarget, concurrency: count }));
    expect(descriptorWarnings(targets, limit)).toHaveLength(lines);
  });
});

describe('what is risky is said loudly, and on the report', () => {
  async function tlsServer(): Promise<FaultServer> {
    const folder = path.join(root, 'fixtures', 'tls');
    const server = await startFaultServer(
      (line) =>
        line.request.method === 'GET'
          ? json(404, { error: { message: 'no such page' } })(line)
          : streamOf(sse(delta({ content: '5' }), delta({}, 'stop'), '[DONE]'))(line),
      {
        tls: {
          key: readFileSync(path.join(folder, 'selfsigned.key.pem')),
          cert: readFileSync(path.join(folder, 'selfsigned.cert.pem')),
        },
      },
    );
    closers.push(server.close);
    return server;
  }
  const targetsFile = (line: string): string => {
    const file = path.join(place, 'targets.yaml');
    writeFileSync(file, `targets:\n  - { id: a, model: m, ${line} }\n`);
    return file;
  };

  it('certificates that are not checked', async () => {
    const server = await tlsServer();
    const words = ['eval', suite, '--limit', '1', '--target', `a=${server.baseUrl}#m`, '-o', reports];
    const refused = await runProgram(words);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/target a: TLS with 127.*caFile/u);
    rmSync(reports, { recursive: true });
    const { code, err } = await runProgram(words, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(code).toBe(0);
    expect(err).toMatch(/^warning NODE_TLS_REJECT_UNAUTHORIZED=0: no certificate is checked/mu);
    expect(manifest().warnings.join()).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0');
    // Markdown and HTML escape what is between the words.
    for (const name of ['summary.json', 'summary.md', 'report.html'])
      expect([name, /NODE.{1,2}TLS.{1,2}REJECT.{1,2}UNAUTHORIZED/u.test(read(name))]).toEqual([name, true]);
  });

  it('none, where the authority is named in caFile', async () => {
    const server = await tlsServer();
    cpSync(path.join(root, 'fixtures', 'tls', 'selfsigned.cert.pem'), path.join(place, 'own.pem'));
    const file = targetsFile(`baseUrl: "${server.baseUrl}", caFile: ./own.pem`);
    const { code, err } = await runProgram(['eval', suite, '--limit', '1', '-c', file, '-o', reports]);
    expect(err).not.toMatch(/warning NODE_TLS|error/u);
    expect(code).toBe(0);
    expect(samples()).toHaveLength(10);
    expect(read('manifest.json')).not.toContain('own.pem');
    const probed = await runProgram(['probe', 'a', '-c', file, '--json']);
    expect(probed.code).toBe(0);
  });

  it.each([
    ['a file that is not there', 'caFile: ./none.pem', '', /target a: its caFile cannot be read: ENOENT/u],
    [
      'a file without a certificate',
      'caFile: ./x.pem',
      'hello',
      /x\.pem holds no certificate that can be read/u,
    ],
    [
      'a certificate that is broken',
      'caFile: ./x.pem',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /x\.pem holds no certificate that can be read/u,
    ],
    [
      'a key file that is not there',
      'apiKeyFile: ./none.key',
      '',
      /target a: its apiKeyFile cannot be read: ENOENT/u,
    ],
    ['an empty key file', 'apiKeyFile: ./x.pem', '\n', /target a needs a key, and x\.pem is empty/u],
    [
      'a key of two lines',
      'apiKeyFile: ./x.pem',
      'abc\ndef\n',
      /the key in x\.pem holds a character that no header/u,
    ],
  ])('%s: 3, before anything is asked', async (_what, line, content, wanted) => {
    writeFileSync(path.join(place, 'x.pem'), content);
    const file = targetsFile(`baseUrl: "https://127.0.0.1:9/v1", ${line}`);
    const { code, err } = await runProgram(['eval', suite, '-c', file, '-o', reports]);
    expect(err).toMatch(wanted);
    expect(code).toBe(3);
    expect(readdirSync(place)).not.toContain('reports');
  });

  it('a key in a file is sent, and reaches no file of the run however the server repeats it', async () => {
    const key = 'file-canary-key-0123456789';
    writeFileSync(path.join(place, 'a.key'), `${key}\n`);
    const server = await serve(({ headers }, number) =>
      number % 3 === 0
        ? { status: 400, message: `maximum context length for ${String(headers['authorization'])}` }
        : { text: `5 ${key} ${Buffer.from(key).toString('base64')}` },
    );
    const file = targetsFile(`baseUrl: "${server.baseUrl}", apiKeyFile: ./a.key`);
    const { code, out, err } = await runProgram(['eval', suite, '-c', file, '--no-preflight', '-o', reports]);
    expect(code).toBe(6);
    expect(server.asked[0]?.headers['authorization']).toBe(`Bearer ${key}`);
    const everything = wholeFolder() + out + err;
    expect(everything).toContain('[secret]');
    expect(everything).not.toContain('canary');
    expect(everything).not.toContain(Buffer.from(key).toString('base64').slice(0, 20));
  });

  it('a link-local address: 2, and the key that permits it is named', async () => {
    for (const looks of [[], ['--no-preflight']]) {
      rmSync(reports, { recursive: true, force: true });
      const words = ['eval', suite, '--target', 'a=http://169.254.169.254/v1#m', '-o', reports, ...looks];
      const { code, err } = await runProgram(words);
      expect(code).toBe(2);
      expect(err).toMatch(/169\.254\.169\.254.*allowLinkLocal: true/u);
    }
  });

  it('fields that the dialect of a target does not take', async () => {
    const server = await serve(() => ({ text: '5' }));
    const own = path.join(place, 'own.yaml');
    writeFileSync(
      own,
      readFileSync(suite, 'utf8').replace(
        'max_tokens: 16 }',
        'max_tokens: 16, ignore_eos: false, min_tokens: 1 }',
      ),
    );
    const file = path.join(place, 'targets.yaml');
    writeFileSync(
      file,
      `targets:\n  - { id: olly, model: m, dialect: ollama, baseUrl: "${server.baseUrl}" }\n` +
        `  - { id: vera, model: m2, dialect: vllm, baseUrl: "${server.baseUrl}" }\n`,
    );
    const { code, err } = await runProgram(eval_(own, '-c', file, '--limit', '1'));
    expect(code).toBe(0);
    const line = 'target olly: Ollama does not take ignore_eos, min_tokens: left out';
    expect(err.split('\n').filter((text) => text.startsWith('warning'))).toEqual([`warning ${line}`]);
    expect(manifest().warnings).toEqual([line]);
    expect(read('summary.json')).toContain(line);
    const bodies = server.asked.map(({ body }) => [body.model, 'ignore_eos' in body]);
    expect(new Set(bodies.map((body) => body.join(' ')))).toEqual(new Set(['m false', 'm2 true']));
  });
});

describe('a run that is gone on with from elsewhere', () => {
  /** A project with suites and targets of its own, half of a run in it. */
  async function begin(): Promise<{ project: string; server: ChatServer; run: string }> {
    let count = 0;
    const server = await serve(() => ((count += 1) <= 5 ? { text: '5' } : { status: 401, message: 'no' }));
    const project = path.join(place, 'project');
    mkdirSync(path.join(project, 'suites', 'own'), { recursive: true });
    // A schema beside the folder of the suite: found only from where the run began.
    writeFileSync(path.join(project, 'suites', 'any.schema.json'), '{}');
    writeFileSync(
      path.join(project, 'suites', 'own', 'sums.yaml'),
      readFileSync(suite, 'utf8').replace(
        '    - { type: number',
        '    - { type: is-json, schema: ../any.schema.json, threshold: 0 }\n    - { type: number',
      ),
    );
    writeFileSync(
      path.join(project, 'own-targets.yaml'),
      `targets: [{ id: a, model: m, baseUrl: "${server.baseUrl}", concurrency: 1 }]\n`,
    );
    const words = ['eval', 'suites/own', '-c', 'own-targets.yaml', '--no-preflight'];
    const { code, err } = await runProgram(words, { cwd: project });
    expect(err).not.toMatch(/changed since/u);
    expect(code).toBe(2);
    count = -1000;
    return { project, server, run: folderIn(path.join(project, 'reports')) };
  }
  const resume = (run: string, cwd: string, ...more: string[]) =>
    runProgram(['eval', '--resume', run, '--no-preflight', ...more], { cwd });

  it('finds its suites and targets where it began, and keeps its plan', async () => {
    const { run, project, server } = await begin();
    // Another project of the same shape lies where the command is given.
    const other = path.join(place, 'other');
    mkdirSync(path.join(other, 'suites', 'own'), { recursive: true });
    writeFileSync(path.join(other, 'suites', 'own', 'sums.yaml'), 'description: not this one');
    writeFileSync(path.join(other, 'own-targets.yaml'), 'targets: []');
    const { code, err, out } = await resume(path.relative(other, run), other);
    expect(err).toMatch(new RegExp(`the suites and targets of this run are taken from ${project}`, 'u'));
    expect(err).not.toMatch(/changed since|orphaned/u);
    expect(code).toBe(0);
    expect(out.trim().split('\n').at(-1)).toBe(path.join(run, 'report.html'));
    expect(samples(path.join(project, 'reports')).filter(({ status }) => status === 'ok')).toHaveLength(30);
    expect(server.served).toHaveLength(30);
    // Nothing in the folder is an absolute path.
    for (const name of ['manifest.json', 'plan.jsonl', 'samples.jsonl', 'summary.json'])
      expect(readFileSync(path.join(run, name), 'utf8')).not.toContain(place);
  });

  it('finds them where the whole project was moved to', async () => {
    const { project, run } = await begin();
    const moved = path.join(place, 'moved');
    renameSync(project, moved);
    const { code, err } = await resume(path.join(moved, path.relative(project, run)), place);
    expect(err).toContain(`taken from ${moved}`);
    expect(code).toBe(0);
  });

  it('finds them here, where the run folder alone has travelled', async () => {
    const { project, run } = await begin();
    const away = path.join(place, 'far', 'away', 'run');
    cpSync(run, away, { recursive: true });
    const { code, err } = await resume(away, project);
    expect(err).not.toMatch(/orphaned/u);
    expect(code).toBe(0);
  });

  it('says where it looked when they are in neither place', async () => {
    const { project, run } = await begin();
    const away = path.join(place, 'far', 'away', 'run');
    cpSync(run, away, { recursive: true });
    const nowhere = path.join(place, 'nowhere');
    mkdirSync(nowhere);
    const { code, err } = await resume(away, nowhere);
    expect(code).toBe(3);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('suites/own, own-targets.yaml');
    expect(err).toContain(`looked for in ${path.join(place, 'far')} and ${nowhere}`);
    // Named again, they are found.
    const again = await runProgram(
      [
        'eval',
        path.join(project, 'suites', 'own'),
        '-c',
        path.join(project, 'own-targets.yaml'),
        '--resume',
        away,
        '--no-preflight',
      ],
      { cwd: nowhere },
    );
    expect(again.err).not.toMatch(/orphaned/u);
  });

  it('takes what is given today from here, and the rest from there', async () => {
    const { run, server } = await begin();
    const here = path.join(place, 'here');
    mkdirSync(here);
    writeFileSync(
      path.join(here, 'new.yaml'),
      `targets: [{ id: a, model: m, baseUrl: "${server.baseUrl}", concurrency: 2 }]\n`,
    );
    const { code, err } = await resume(run, here, '-c', 'new.yaml');
    expect(err).not.toMatch(/orphaned/u);
    expect(code).toBe(0);
  });

  it('changes nothing when there is nothing left to ask', async () => {
    const { run, project } = await begin();
    expect((await resume(run, project)).code).toBe(0);
    const before = readFileSync(path.join(run, 'manifest.json'), 'utf8');
    const { code, err } = await resume(run, place);
    expect(code).toBe(0);
    expect(err).toMatch(/no request was sent/u);
    expect(readFileSync(path.join(run, 'manifest.json'), 'utf8')).toBe(before);
  });
});
