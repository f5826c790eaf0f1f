/** The embedded endpoint over real sockets, in this process and in one of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PersonError } from '../errors.ts';
import type { Cassette, CassetteAnswer, CassetteEntry } from './cassette.ts';
import { requestKey } from './request-key.ts';
import type { Served } from './listen.ts';
import { serveCassette } from './serve.ts';
import { startReplay, type ReplayProcess } from './spawn.ts';

const answers: Readonly<Record<string, string>> = {
  ar: 'السَّلامُ عليكم، القهوة بثلاثة دنانير.',
  th: 'กาแฟแก้วนี้ราคาหกสิบบาทครับ',
  hi: 'नमस्ते, कॉफ़ी की क़ीमत क्षमा सहित साठ रुपये है।',
  bn: 'কফির দাম ষাট টাকা, ধন্যবাদ।',
  ko: '커피는 사천 원입니다. 각별히 감사합니다.',
  zh: '咖啡三十元，𠮷祥如意👩‍👩‍👧‍👦。',
  ja: 'コーヒーは四百円です。が゛とう🇯🇵。',
  sw: "Kahawa ni shilingi mia mbili, ng'ombe hapana.",
  tr: 'İstanbul’da kahve yüz lira; ılık içilir.',
  am: 'ቡናው ሃያ ብር ነው።',
  'ko decomposed': '한국어 커피'.normalize('NFD'),
};

const graphemes = (text: string): string[] =>
  [...new Intl.Segmenter('und').segment(text)].map((part) => part.segment);
const question = (content: string): Record<string, unknown> => ({
  model: 'demo',
  messages: [{ role: 'user', content }],
});

function answerTo(
  content: string,
  fields: Partial<CassetteAnswer> & { readonly text: string },
): CassetteAnswer {
  const pieces = graphemes(fields.text).map((grapheme) => grapheme.length);
  return {
    key: requestKey(question(content)),
    finish: 'stop',
    pieces,
    firstMs: 0,
    pieceMs: 0,
    promptTokens: 5,
    completionTokens: 7,
    ...fields,
  };
}

const faultTo = (content: string, faultStatus: number): CassetteEntry => ({
  key: requestKey(question(content)),
  faultStatus,
  faultMessage: 'planted for the test',
});

function cassetteOf(entries: readonly CassetteEntry[]): Cassette {
  const byKey = new Map<string, CassetteEntry[]>();
  for (const entry of entries) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  return {
    header: { cassette: 1, model: 'demo', origin: 'authored', note: 'For the tests.' },
    entries: byKey,
  };
}

interface Choice {
  readonly delta?: { readonly role?: string; readonly content?: string; readonly refusal?: string };
  readonly message?: { readonly content: string | null; readonly refusal: string | null };
  readonly finish_reason: string | null;
}
interface Reply {
  readonly model?: string;
  readonly object: string;
  readonly choices: readonly Choice[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
  readonly error?: { readonly message: string; readonly type: string; readonly code: number };
}

let served: Served | null = null;
afterEach(async () => {
  await served?.close();
  served = null;
});

async function serve(...entries: readonly CassetteEntry[]): Promise<string> {
  served = await serveCassette(cassetteOf(entries), 0);
  return served.baseUrl;
}

const post = (baseUrl: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
  fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });

const streamed = (content: string, more: object = {}): Record<string, unknown> => ({
  ...question(content),
  stream: true,
  ...more,
});

interface Streamed {
  readonly response: Response;
  readonly chunks: readonly Reply[];
  /** ms from the request to each chunk. */
  readonly at: readonly number[];
  readonly done: boolean;
}

async function readStream(baseUrl: string, body: unknown): Promise<Streamed> {
  const started = performance.now();
  const response = await post(baseUrl, body);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const chunks: Reply[] = [];
  const at: number[] = [];
  let done = false;
  let rest = '';
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes as Uint8Array, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      expect(event).toMatch(/^data: /u);
      expect(done).toBe(false);
      if (event === 'data: [DONE]') done = true;
      else {
        chunks.push(JSON.parse(event.slice('data: '.length)) as Reply);
        at.push(performance.now() - started);
      }
    }
  }
  expect(rest).toBe('');
  return { response, chunks, at, done };
}

const contents = (chunks: readonly Reply[]): string[] =>
  chunks
    .flatMap((chunk) => chunk.choices.flatMap((choice) => choice.delta?.content ?? []))
    .filter((text) => text !== '');
const finishes = (chunks: readonly Reply[]): string[] =>
  chunks.flatMap((chunk) => chunk.choices.flatMap((choice) => choice.finish_reason ?? []));

describe('the embedded endpoint', () => {
  it('lists its one model, says where the answers come from, and answers to /health', async () => {
    const baseUrl = await serve();
    const models = await fetch(`${baseUrl}/models`);
    expect(models.status).toBe(200);
    expect(await models.json()).toEqual({
      object: 'list',
      data: [{ id: 'demo', object: 'model', created: 0, owned_by: 'replay (authored)' }],
    });
    expect((await fetch(new URL('/health', baseUrl))).status).toBe(200);
  });

  it.each(Object.entries(answers))(
    'streams %s one grapheme a chunk, whole and in order',
    async (language, text) => {
      const baseUrl = await serve(answerTo(language, { text }));
      const { response, chunks, done } = await readStream(baseUrl, streamed(language));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(contents(chunks)).toEqual(graphemes(text));
      expect(contents(chunks).join('')).toBe(text);
      expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
      expect(finishes(chunks)).toEqual(['stop']);
      expect(
        chunks.every((chunk) => chunk.model === 'demo' && chunk.object === 'chat.completion.chunk'),
      ).toBe(true);
      expect(done).toBe(true);
    },
  );

  it.each(Object.entries(answers))('gives %s whole when no stream is asked for', async (language, text) => {
    const baseUrl = await serve(answerTo(language, { text }));
    const response = await post(baseUrl, question(language));
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const reply = (await response.json()) as Reply;
    expect(reply.object).toBe('chat.completion');
    expect(reply.choices).toEqual([
      { index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop' },
    ]);
    expect(reply.usage).toEqual({ prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 });
  });

  it('sends the text in one chunk when the cassette names no pieces, and no chunk for an empty text', async () => {
    const { pieces: _, ...whole } = answerTo('whole', { text: 'ሰላም ለሁሉም' });
    const baseUrl = await serve(whole, answerTo('empty', { text: '' }));
    expect(contents((await readStream(baseUrl, streamed('whole'))).chunks)).toEqual(['ሰላም ለሁሉም']);
    const empty = await readStream(baseUrl, streamed('empty'));
    expect(contents(empty.chunks)).toEqual([]);
    expect(finishes(empty.chunks)).toEqual(['stop']);
  });

  it('sends usage in a stream only when asked, last and without a choice', async () => {
    const baseUrl = await serve(answerTo('q', { text: 'Sawa' }));
    for (const more of [
      {},
      { stream_options: {} },
      { stream_options: { include_usage: false } },
      { stream_options: null },
    ]) {
      const { chunks } = await readStream(baseUrl, streamed('q', more));
      expect(chunks.filter((chunk) => chunk.usage !== undefined)).toEqual([]);
    }
    const { chunks, done } = await readStream(
      baseUrl,
      streamed('q', { stream_options: { include_usage: true } }),
    );
    expect(chunks.filter((chunk) => chunk.usage !== undefined)).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    });
    expect(done).toBe(true);
  });

  it.each(['stop', 'length', 'content_filter', 'tool_calls'])(
    'passes the finish reason %s on, streamed or not',
    async (finish) => {
      const baseUrl = await serve(answerTo('q', { text: 'Evet', finish }));
      expect(finishes((await readStream(baseUrl, streamed('q'))).chunks)).toEqual([finish]);
      expect(((await (await post(baseUrl, question('q'))).json()) as Reply).choices[0]?.finish_reason).toBe(
        finish,
      );
    },
  );

  it('sends a refusal in its own field, streamed or not', async () => {
    const refusal = 'ขออภัย ฉันช่วยเรื่องนี้ไม่ได้';
    const baseUrl = await serve(answerTo('q', { text: '', refusal }));
    const { chunks } = await readStream(baseUrl, streamed('q'));
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.delta?.refusal ?? [])).toEqual([refusal]);
    expect(contents(chunks)).toEqual([]);
    expect(((await (await post(baseUrl, question('q'))).json()) as Reply).choices[0]?.message?.refusal).toBe(
      refusal,
    );
  });

  it('serves entries with one key in turn, from the start again after the last', async () => {
    const baseUrl = await serve(
      answerTo('q', { text: '하나' }),
      faultTo('q', 503),
      answerTo('q', { text: '둘' }),
    );
    const got: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const reply = (await (await post(baseUrl, question('q'))).json()) as Reply;
      got.push(reply.error?.message ?? reply.choices[0]?.message?.content ?? '');
    }
    expect(got).toEqual(['하나', 'planted for the test', '둘', '하나']);
  });
});

describe('the embedded endpoint says clearly', () => {
  const refused = async (response: Response): Promise<NonNullable<Reply['error']> & { status: number }> => {
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { error } = (await response.json()) as Reply;
    if (error === undefined) throw new Error('no error in the body');
    return { ...error, status: response.status };
  };

  it('that a request is not on the cassette, streamed or not, and what to do', async () => {
    const baseUrl = await serve(answerTo('known', { text: 'x' }));
    for (const body of [question('무엇?'), streamed('무엇?'), { ...question('known'), temperature: 1 }]) {
      const error = await refused(await post(baseUrl, body));
      expect(error).toMatchObject({ status: 422, code: 422, type: 'not_on_cassette' });
      expect(error.message).toContain('this cassette has no answer to that request');
      expect(error.message).toContain('--target');
    }
  });

  it('that it has no such model', async () => {
    const baseUrl = await serve(answerTo('q', { text: 'x' }));
    const error = await refused(await post(baseUrl, { ...question('q'), model: 'نموذج' }));
    expect(error).toMatchObject({
      status: 404,
      type: 'not_found_error',
      message: 'The model `نموذج` does not exist.',
    });
  });

  it.each([
    ['GET', '/v1/chat/completions'],
    ['POST', '/v1/models'],
    ['POST', '/v1/embeddings'],
    ['GET', '/'],
  ])('that there is nothing at %s %s', async (method, url) => {
    const baseUrl = await serve();
    const error = await refused(await fetch(new URL(url, baseUrl), { method }));
    expect(error).toMatchObject({ status: 404, message: `no such path: ${method} ${url}` });
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"model":"demo"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"สวัสดี"'],
  ])('that the body is %s', async (_what, body) => {
    const error = await refused(await post(await serve(), body));
    expect(error).toMatchObject({ status: 400, message: 'the request body is not a JSON object' });
  });

  it('that the body is too large, and takes the next request', async () => {
    const baseUrl = await serve(answerTo('q', { text: 'نعم' }));
    const error = await refused(await post(baseUrl, 'ش'.repeat(8 * 1024 * 1024 + 1)));
    expect(error).toMatchObject({ status: 413, message: 'the request body is over 16 MiB' });
    expect((await post(baseUrl, question('q'))).status).toBe(200);
  });

  it.each([503, 500, 429, 401])('status %i where the cassette plants it', async (status) => {
    const baseUrl = await serve(faultTo('q', status));
    for (const body of [question('q'), streamed('q')]) {
      expect(await refused(await post(baseUrl, body))).toMatchObject({
        status,
        code: status,
        message: 'planted for the test',
      });
    }
  });

  it('that the port is taken, to the person', async () => {
    const port = Number(new URL(await serve()).port);
    await expect(serveCassette(cassetteOf([]), port)).rejects.toThrow(PersonError);
    await expect(serveCassette(cassetteOf([]), port)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
    );
  });
});

describe('a planted cut', () => {
  it.each([true, false])(
    'comes in mid-answer, after the head and some bytes (stream: %s), and the next request is served',
    async (stream) => {
      const baseUrl = await serve(faultTo('q', 0), answerTo('q', { text: 'ดี' }));
      const response = await post(baseUrl, { ...question('q'), stream });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(
        stream ? /^text\/event-stream/u : /^application\/json/u,
      );
      let bytes = 0;
      await expect(
        (async () => {
          for await (const part of response.body ?? []) bytes += (part as Uint8Array).length;
        })(),
      ).rejects.toThrow();
      expect(bytes).toBeGreaterThan(0);
      expect((await post(baseUrl, question('q'))).status).toBe(200);
    },
  );
});

describe('pacing', () => {
  const text = answers['th'] ?? '';
  const paced = answerTo('q', { text, firstMs: 150, pieceMs: 30, pieces: [5, 5, 5, 5, text.length - 20] });

  it('keeps the first piece and the others back as the cassette says', async () => {
    const { chunks, at } = await readStream(await serve(paced), streamed('q'));
    const pieces = at.filter((_, index) => (chunks[index]?.choices[0]?.delta?.content ?? '') !== '');
    expect(pieces).toHaveLength(5);
    // A timer may fire a little early, never much; how late is the machine's affair.
    expect(pieces[0]).toBeGreaterThan(140);
    expect(pieces[4]).toBeGreaterThan(140 + 4 * 30);
    expect(pieces[4]).toBeLessThan(3000);
  });

  it('takes as long for an answer that is not streamed', async () => {
    const baseUrl = await serve(paced);
    const started = performance.now();
    await (await post(baseUrl, question('q'))).json();
    expect(performance.now() - started).toBeGreaterThan(140 + 4 * 30);
  });

  it('serves many at once without adding their waits up', async () => {
    const baseUrl = await serve(answerTo('q', { text, firstMs: 200 }));
    const started = performance.now();
    await Promise.all(Array.from({ length: 16 }, () => readStream(baseUrl, streamed('q'))));
    expect(performance.now() - started).toBeLessThan(16 * 200);
  });

  it.each([true, false])('survives a client that leaves before the answer (stream: %s)', async (stream) => {
    const baseUrl = await serve(answerTo('slow', { text, firstMs: 120 }), answerTo('q', { text: '좋아요' }));
    await expect(
      post(baseUrl, { ...question('slow'), stream }, AbortSignal.timeout(30)).then((response) =>
        response.text(),
      ),
    ).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await post(baseUrl, question('q'))).status).toBe(200);
  });
});

describe('closing', () => {
  it('cuts what is open, without waiting for the pacing, and nothing listens any more', async () => {
    const baseUrl = await serve(answerTo('slow', { text: 'x', firstMs: 60_000 }));
    const open = post(baseUrl, streamed('slow')).then((response) => response.text());
    await Promise.all([
      expect(open).rejects.toThrow(),
      new Promise((resolve) => setTimeout(resolve, 50)).then(() => served?.close()),
    ]);
    served = null;
    await expect(fetch(`${baseUrl}/models`)).rejects.toThrow();
  });
});

describe('where it listens', () => {
  it.each(['127.0.0.2', '::1'])('not on %s: on 127.0.0.1 alone', async (host) => {
    const port = Number(new URL(await serve()).port);
    const reach = (to: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host: to, port })
          .once('connect', () => resolve(true))
          .once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
      });
    expect(await reach('127.0.0.1')).toBe(true);
    expect(await reach(host)).toBe(false);
  });
});

const root = path.join(import.meta.dirname, '..', '..');
/** The program as built: what a user starts. */
const program = path.join(root, 'dist', 'main.js');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function save(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

function saveCassette(...entries: readonly CassetteEntry[]): string {
  const header = { cassette: 1, model: 'demo', origin: 'authored', note: 'مكتوب للاختبار' };
  return save(
    'demo.cassette.jsonl',
    [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}

const answers200 = (baseUrl: string): Promise<boolean> =>
  fetch(`${baseUrl}/models`).then(
    (response) => response.ok,
    () => false,
  );

async function until(holds: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const started = performance.now();
  while (performance.now() - started < limitMs) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

describe('the endpoint in a process of its own', () => {
  let replay: ReplayProcess | null = null;
  let parent: ChildProcess | null = null;
  afterEach(async () => {
    await replay?.stop();
    replay = null;
    parent?.kill('SIGKILL');
    parent = null;
  });

  it('is another process, answers as the cassette says, and is gone when stop returns', async () => {
    expect(existsSync(program)).toBe(true);
    const before = process.listenerCount('exit');
    replay = await startReplay(
      program,
      saveCassette(...Object.entries(answers).map(([language, text]) => answerTo(language, { text }))),
    );
    const { baseUrl, pid } = replay;
    expect(pid).not.toBe(process.pid);
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/u);
    for (const [language, text] of Object.entries(answers)) {
      expect(contents((await readStream(baseUrl, streamed(language))).chunks)).toEqual(graphemes(text));
    }
    await replay.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await answers200(baseUrl)).toBe(false);
    expect(process.listenerCount('exit')).toBe(before);
    // A second time does no harm: it is called on every way out.
    await replay.stop();
  });

  it('started by a person, outlives its input and ends well by SIGTERM, whatever answer is under way', async () => {
    // Beyond the limit of this test: waiting for the answer would be seen.
    const slow = saveCassette(answerTo('slow', { text: 'x', firstMs: 60_000 }));
    const child = spawn(process.execPath, [program, 'replay', slow], { stdio: ['ignore', 'pipe', 'ignore'] });
    parent = child;
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const baseUrl = /http:\S+/u.exec(line.toString())?.[0] ?? '';
    const open = post(baseUrl, streamed('slow')).then((response) => response.text());
    const cut = expect(open).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await answers200(baseUrl)).toBe(true);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await cut;
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends when its parent ends by %s', async (signal) => {
    const spawnModule = pathToFileURL(path.join(root, 'dist', 'replay', 'spawn.js')).href;
    const script = save(
      'parent.mjs',
      `import { startReplay } from ${JSON.stringify(spawnModule)};
       const { baseUrl } = await startReplay(process.argv[2], process.argv[3]);
       console.log(baseUrl);`,
    );
    parent = spawn(process.execPath, [script, program, saveCassette()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
    const baseUrl = first.toString().trim();
    expect(await answers200(baseUrl)).toBe(true);
    parent.kill(signal);
    expect(await until(async () => !(await answers200(baseUrl)), 10_000)).toBe(true);
  });

  it('says which line of the cassette is wrong', async () => {
    const file = save(
      'broken.cassette.jsonl',
      `${JSON.stringify({ cassette: 1, model: 'm', origin: 'authored', note: '' })}\n{"key":\n`,
    );
    await expect(startReplay(program, file)).rejects.toThrow(
      `the embedded endpoint for ${file} did not start - ${file}:2:1 this line of the cassette is not JSON`,
    );
  });
});

describe('starting the endpoint', () => {
  const fake = (code: string): string => save(`fake-${Math.random().toString(36).slice(2)}.mjs`, code);

  it('hands no secret of the environment on, and asks for a free port', async () => {
    const program = fake(`
      const told = { names: Object.keys(process.env), argv: process.argv.slice(2) };
      console.log('listening on http://127.0.0.1:1/' + encodeURIComponent(JSON.stringify(told)) + ' as x');
      setInterval(() => {}, 1000);`);
    process.env['CANARY_API_KEY'] = 'sk-canary';
    const replay = await startReplay(program, 'ملف.jsonl').finally(
      () => delete process.env['CANARY_API_KEY'],
    );
    await replay.stop();
    const told = JSON.parse(decodeURIComponent(new URL(replay.baseUrl).pathname.slice(1))) as {
      names: string[];
      argv: string[];
    };
    expect(told.names.toSorted()).toEqual(['NO_COLOR', 'PATH']);
    expect(told.argv).toEqual(['replay', 'ملف.jsonl', '--port', '0']);
  });

  it('waits for the whole address when the line comes in two parts', async () => {
    const program = fake(`
      process.stdout.write('listening on http://127.0.0.1:12');
      setTimeout(() => process.stdout.write('345/v1 as demo\\n'), 100);
      setInterval(() => {}, 1000);`);
    const replay = await startReplay(program, 'x');
    await replay.stop();
    expect(replay.baseUrl).toBe('http://127.0.0.1:12345/v1');
  });

  it.each([
    [
      'with its last words as the hint',
      `console.error('first'); console.error('الملف تالف'); process.exitCode = 3;`,
      ' - الملف تالف',
    ],
    ['without a hint when it said nothing', 'process.exitCode = 1;', ''],
  ])('fails when the program ends early, %s', async (_how, code, hint) => {
    const failure = await startReplay(fake(code), 'x.jsonl').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PersonError);
    expect((failure as PersonError).message).toBe(`the embedded endpoint for x.jsonl did not start${hint}`);
  });

  it('asks the program to end before it uses force', async () => {
    const note = path.join(folder, 'ended');
    const program = fake(`
      import { writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => {
        writeFileSync(${JSON.stringify(note)}, 'well');
        process.exit();
      });
      console.log('listening on http://127.0.0.1:1/v1 as obedient');
      setInterval(() => {}, 1000);`);
    const replay = await startReplay(program, 'x');
    await replay.stop();
    expect(existsSync(note)).toBe(true);
  });

  it('ends a program that does not heed the order', async () => {
    const program = fake(`
      process.on('SIGTERM', () => {});
      process.stdin.on('end', () => {});
      console.log('listening on http://127.0.0.1:1/v1 as deaf');
      setInterval(() => {}, 1000);`);
    const replay = await startReplay(program, 'x');
    await replay.stop();
    expect(() => process.kill(replay.pid, 0)).toThrow('ESRCH');
  });
});
