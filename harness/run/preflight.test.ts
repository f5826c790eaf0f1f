import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  html,
  scriptModel,
  startDialectServer,
  type DialectServer,
  type ScriptName,
} from '../../fixtures/servers/dialect-server.ts';
import {
  cuts,
  startWireServer,
  type WireAnswer,
  type WireRequest,
  type WireServer,
} from '../../fixtures/servers/wire-server.ts';
import { formatProblem } from '../errors.ts';
import type { Message, Target } from '../types.ts';
import { preflight, type PreflightOptions, type PreflightResult } from './preflight.ts';

const open: WireServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const target: Target = {
  id: 'asked',
  baseUrl: null,
  model: 'some-model',
  replay: null,
  apiKeyEnv: null,
  dialect: 'auto',
  concurrency: 1,
  params: {},
  timeouts: {
    connectMs: 1000,
    firstContentMs: 1500,
    idleMs: 300,
    contentIdleMs: 600,
    totalMs: 2000,
    tailMs: 200,
  },
  attempts: 1,
  languages: null,
  license: null,
  memory: [],
  kvBytesPerToken: null,
  launch: null,
};

/** Looks at an address; waits of the code under test are noted, not waited. */
async function look(
  baseUrl: string,
  more: Partial<PreflightOptions> = {},
): Promise<PreflightResult & { waits: number[]; lines: string[] }> {
  const waits: number[] = [];
  const result = await preflight({
    target,
    baseUrl,
    apiKey: null,
    userAgent: 'visavis/test',
    direct: true,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...more,
  });
  return { ...result, waits, lines: result.problems.map(formatProblem) };
}

async function script(
  name: ScriptName,
  change?: (request: WireRequest, number: number) => WireAnswer | null,
): Promise<DialectServer> {
  const server = await startDialectServer(name, change, cuts.whole);
  open.push(server);
  return server;
}

const said = (status: number, body: unknown, headers = ''): WireAnswer => ({
  head: `HTTP/1.1 ${status} Said\r\nContent-Type: application/json${headers}`,
  body: JSON.stringify(body),
});
const calls = (answer: WireAnswer) => (request: WireRequest) => (request.method === 'POST' ? answer : null);
const sse = (body: string): WireAnswer => ({
  head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream',
  body,
});

describe('a server in order', () => {
  it.each(['vllm', 'llama.cpp', 'ollama', 'sglang', 'tgi', 'lmstudio', 'generic'] as const)(
    '%s: nothing to say',
    async (name) => {
      const server = await script(name);
      const { problems, facts, waits } = await look(server.baseUrl, {
        target: { ...target, model: scriptModel[name] },
      });
      if (name === 'llama.cpp') {
        // It answers for any name with the model it has.
        expect(problems.map((problem) => problem.code)).toEqual(['model-not-listed']);
      } else expect(problems).toEqual([]);
      expect(facts).toMatchObject({ dialect: name, usageInStream: true, full: false });
      expect(waits).toEqual([]);
    },
  );

  it('costs two calls of one token', async () => {
    const server = await script('vllm');
    await look(server.baseUrl, { target: { ...target, model: scriptModel.vllm } });
    expect(server.asked().map((body) => [body['max_tokens'], body['stream']])).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  it('sends what the run will send', async () => {
    const server = await script('tgi');
    await look(server.baseUrl, {
      target: { ...target, model: scriptModel.tgi, params: { top_p: 0.9, stop: '。', max_tokens: 900 } },
    });
    for (const body of server.asked())
      expect(body).toMatchObject({ top_p: 0.9, stop: ['。'], max_tokens: 1 });
  });
});

describe('nobody there', () => {
  it('a refused connection is tried three times in three seconds', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { facts, problems, lines, waits } = await look(`http://127.0.0.1:${port}/v1`);
    expect(facts).toBeNull();
    expect(waits).toEqual([1500, 1500]);
    expect(problems).toMatchObject([{ severity: 'error', code: 'connect-refused' }]);
    expect(lines).toEqual([
      `target asked: nothing listens on 127.0.0.1:${port} (tried 3 times) - start the server, or correct baseUrl`,
    ]);
  });

  it('a server that comes up in between is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    let late: WireServer | null = null;
    const { problems, facts } = await look(`http://127.0.0.1:${port}/v1`, {
      target: { ...target, model: 'tiny-llama' },
      wait: async () => {
        if (late !== null) return;
        late = await startWireServer(
          ({ method, body }) =>
            method === 'GET' ? 'models' : body.includes('"stream":true') ? 'chat.stream' : 'chat',
          cuts.whole,
          port,
        );
        open.push(late);
      },
    });
    expect(facts).not.toBeNull();
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('https where the port speaks http', async () => {
    const server = createHttpServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { problems } = await look(`https://127.0.0.1:${port}/v1`);
    await new Promise((resolve) => server.close(resolve));
    expect(problems).toMatchObject([
      { severity: 'error', code: 'tls', hint: 'the port speaks plain http: write http:// in baseUrl' },
    ]);
  });

  it('a port that hangs up', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { problems } = await look(`http://127.0.0.1:${port}/v1`);
    await new Promise((resolve) => server.close(resolve));
    expect(problems).toMatchObject([{ severity: 'error', code: 'reset-before-headers' }]);
    expect(problems[0]?.hint).toContain('https');
  });
});

describe('one line for each fault, with the way out', () => {
  it.each<[string, WireAnswer, Partial<Target>, string, RegExp]>([
    [
      'no key',
      said(401, { error: { message: 'Missing bearer authentication' } }),
      {},
      'auth',
      /^target asked: HTTP 401: .*Missing bearer.* - the server wants a key: name the variable that holds it in apiKeyEnv, or its file in apiKeyFile$/u,
    ],
    [
      'a wrong key',
      said(401, { error: { message: 'Incorrect API key' } }),
      { apiKeyEnv: 'QWEN_API_KEY' },
      'auth',
      / - is the key in QWEN_API_KEY right/u,
    ],
    ['no right', said(403, { detail: 'not for you' }), {}, 'forbidden', /HTTP 403: not for you/u],
    [
      'an unknown parameter',
      said(400, { error: { message: 'Unrecognized request argument supplied: top_k' } }),
      { params: { top_k: 5 } },
      'bad-request-param',
      /top_k - is it one of the params of the target \(top_k\)\?$/u,
    ],
    [
      'a redirect',
      { head: 'HTTP/1.1 307 Moved\r\nLocation: https://other.example/v1/chat/completions', body: '' },
      {},
      'redirect',
      /https:\/\/other\.example.* - redirects are not followed/u,
    ],
    [
      'a login page',
      html(200),
      {},
      'wrong-content-type',
      /HTTP 200 with HTML in place of JSON - is there a login page/u,
    ],
    [
      'no quota',
      said(429, { error: { code: 'insufficient_quota', message: 'insufficient_quota' } }),
      {},
      'quota',
      /raise the quota/u,
    ],
    [
      'a stream that is cut',
      sse('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'),
      {},
      'truncated',
      /no answer would count as complete/u,
    ],
    ['an empty stream', sse(''), {}, 'empty-stream', /is empty/u],
    [
      'an error in the stream',
      sse('data: {"error":{"message":"out of memory","code":500}}\n\n'),
      {},
      'server-error',
      /out of memory/u,
    ],
    [
      'a port of https',
      {
        head: 'HTTP/1.1 400 Bad\r\nContent-Type: text/plain',
        body: 'The plain HTTP request was sent to HTTPS port',
      },
      {},
      'invalid-request',
      /the port speaks https - write https:/u,
    ],
  ])('%s', async (_name, answer, own, code, line) => {
    const server = await script('generic', calls(answer));
    const { problems, lines } = await look(server.baseUrl, { target: { ...target, ...own } });
    expect(problems).toMatchObject([{ severity: 'error', code }]);
    expect(lines[0]).toMatch(line);
    expect(lines[0]).not.toContain('\n');
  });

  it('an unknown model: the names that are there', async () => {
    const server = await script('ollama');
    const { problems, lines } = await look(server.baseUrl, {
      target: { ...target, model: 'qwen2.5' },
    });
    expect(problems).toMatchObject([{ severity: 'error', code: 'model-not-found' }]);
    expect(lines[0]).toBe(
      "target asked: the server does not know the model qwen2.5: model 'qwen2.5' not found - it lists llama3.2:latest, qwen2.5:7b",
    );
    // Streaming it would be the same again.
    expect(server.asked()).toHaveLength(1);
  });

  it('a base URL without /v1: the right one is looked for and named', async () => {
    const server = await script('vllm');
    const { problems, lines } = await look(server.baseUrl.replace('/v1', ''), {
      target: { ...target, model: scriptModel.vllm },
    });
    expect(problems).toMatchObject([{ severity: 'error', code: 'bad-base-url' }]);
    expect(lines[0]).toContain(` - the API is at ${server.baseUrl}: write that in baseUrl`);
  });

  it('404 with HTML and no API next to it: a question', async () => {
    const server = await startWireServer(() => html(404), cuts.whole);
    open.push(server);
    const { lines } = await look(server.baseUrl.replace('/v1', ''));
    expect(lines).toEqual([
      'target asked: HTTP 404 with HTML in place of JSON - is /v1 missing from the base URL?',
    ]);
  });

  it('a server that never answers', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        if (text.includes('GET /') && text.endsWith('\r\n\r\n')) {
          socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}');
          text = '';
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { problems } = await look(`http://127.0.0.1:${port}/v1`, {
      target: { ...target, timeouts: { ...target.timeouts, firstContentMs: 150 } },
    });
    await new Promise((resolve) => server.close(resolve));
    expect(problems).toMatchObject([{ severity: 'error', code: 'timeout-first' }]);
  });
});

describe('a server that is busy', () => {
  it('is given a moment, and taken when it answers', async () => {
    let busy = true;
    const server = await script('vllm', ({ method }) => {
      if (method !== 'POST' || !busy) return null;
      busy = false;
      return said(
        503,
        { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
        '\r\nRetry-After: 2',
      );
    });
    const { problems, waits } = await look(server.baseUrl, {
      target: { ...target, model: scriptModel.vllm },
    });
    expect(waits).toEqual([2000]);
    expect(problems).toEqual([]);
  });

  it('is a warning when it stays so: the run waits by itself', async () => {
    const server = await script(
      'tgi',
      calls(said(429, { error: 'Model is overloaded', error_type: 'overloaded' })),
    );
    const { problems, waits, lines } = await look(server.baseUrl, {
      target: { ...target, model: scriptModel.tgi },
    });
    expect(waits).toEqual([1000]);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'rate-limited' }]);
    expect(lines[0]).toContain('HTTP 429: Model is overloaded');
  });

  it('is broken when it fails at "Hello" twice', async () => {
    const server = await script('llama.cpp', calls('error.bad-schema'));
    const { problems } = await look(server.baseUrl);
    expect(problems).toMatchObject([{ severity: 'error', code: 'server-error' }]);
  });
});

describe('what a run would lack', () => {
  it('usage, where stream_options is refused', async () => {
    const server = await script('strict');
    const { problems } = await look(server.baseUrl);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'no-usage' }]);
    expect(problems[0]?.hint).toContain('stream_options');
  });

  it('streams, finish reasons, a limit that is kept, a model that is listed', async () => {
    const whole = said(200, {
      choices: [{ index: 0, message: { content: 'a b c' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 9 },
    });
    const inOnePiece = await script('generic', calls(whole));
    const first = await look(inOnePiece.baseUrl, { target: { ...target, model: 'another' } });
    expect(first.problems.map((problem) => problem.code)).toEqual([
      'not-streamed',
      'limit-ignored',
      'model-not-listed',
    ]);
    expect(first.lines[2]).toContain('it lists some-model');

    const endless = await script(
      'generic',
      calls(
        sse(
          'data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\ndata: [DONE]\n\n',
        ),
      ),
    );
    const second = await look(endless.baseUrl);
    expect(second.problems.map((problem) => problem.code)).toEqual(['no-finish-reason', 'streamed']);
    expect(second.problems.every((problem) => problem.severity === 'warning')).toBe(true);
  });
});

/** A paragraph of each script; the cut of two thirds must fall between characters in all of them. */
const paragraphs: Readonly<Record<string, string>> = {
  ar: 'يرجى إرسال قهوتين إلى نيروبي ',
  th: 'กรุณาส่งกาแฟสองแก้วไปที่ไนโรบี ',
  hi: 'कृपया नैरोबी में दो कॉफ़ी भेजें ',
  bn: 'দয়া করে নাইরোবিতে দুটি কফি পাঠান ',
  zh: '请送两杯咖啡到内罗毕 ',
  ja: 'ナイロビまでコーヒーを二つお願いします ',
  ko: '나이로비로 커피 두 잔 보내 주세요 ',
  sw: 'Tafadhali tuma kahawa mbili Nairobi ',
  tr: 'Lütfen Nairobi’ye iki kahve gönderin ',
  am: 'እባክዎን ሁለት ቡና ወደ ናይሮቢ ይላኩ ',
  emoji: '👩‍👩‍👧‍👦☕🙂 ',
};

describe('the longest prompt', () => {
  const of = (content: string): Message[] => [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content },
  ];

  it.each(Object.keys(paragraphs))('%s: nothing to say when it fits', async (language) => {
    const server = await script('vllm');
    const text = (paragraphs[language] ?? '').repeat(90);
    const { problems } = await look(server.baseUrl, {
      target: { ...target, model: scriptModel.vllm },
      longestPrompt: of(text),
    });
    expect(problems).toEqual([]);
    const [, , whole, shorter] = server.asked();
    expect(JSON.stringify(whole)).toContain(text.trim());
    const short = (shorter?.['messages'] as Message[] | undefined)?.[1]?.content ?? '';
    expect(short).not.toMatch(/\p{Surrogate}/u);
    expect(text.startsWith(short)).toBe(true);
    expect(Array.from(short).length / Array.from(text).length).toBeCloseTo(2 / 3, 1);
  });

  it('is sent without its images', async () => {
    const server = await script('vllm');
    await look(server.baseUrl, {
      target: { ...target, model: scriptModel.vllm },
      longestPrompt: of(`\uFFFC${'请看图 '.repeat(300)}`),
    });
    expect(server.asked()).toHaveLength(4);
    expect(JSON.stringify(server.asked())).not.toContain('\uFFFC');
  });

  it('is not sent when it is short', async () => {
    const server = await script('vllm');
    await look(server.baseUrl, {
      target: { ...target, model: scriptModel.vllm },
      longestPrompt: of('two coffees'),
    });
    expect(server.asked()).toHaveLength(2);
  });

  it('is suspected to be cut when as much is counted as the context holds', async () => {
    const server = await script('ollama');
    const { problems, lines } = await look(server.baseUrl, {
      target: { ...target, model: scriptModel.ollama },
      longestPrompt: of('word '.repeat(9000)),
    });
    expect(problems).toMatchObject([{ severity: 'warning', code: 'prompt-truncated-suspect' }]);
    expect(lines[0]).toContain('4096 tokens counted, and the context is 4096');
  });

  it('is suspected to be cut when two thirds of it count the same', async () => {
    const server = await script('generic', ({ method, body }) =>
      method === 'POST' && body.length > 2000
        ? sse(
            'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"length"}],"usage":{"prompt_tokens":971,"completion_tokens":1}}\n\ndata: [DONE]\n\n',
          )
        : null,
    );
    const { problems, lines } = await look(server.baseUrl, { longestPrompt: of('word '.repeat(3000)) });
    expect(problems).toMatchObject([{ severity: 'warning', code: 'prompt-truncated-suspect' }]);
    expect(lines[0]).toContain('971 tokens counted, and 971 for two thirds of it');
  });

  it('is said to be too long when the server says so', async () => {
    const server = await script('llama.cpp');
    const { problems } = await look(server.baseUrl, {
      target: { ...target, model: 'qwen.gguf' },
      longestPrompt: of('word '.repeat(5000)),
    });
    expect(problems).toMatchObject([{ severity: 'warning', code: 'context-length' }]);
    expect(problems[0]?.hint).toContain('larger context');
  });
});

describe('stopping', () => {
  it('says nothing of a fault when it was stopped', async () => {
    const stop = new AbortController();
    const server = await script('vllm');
    const { problems } = await look(server.baseUrl, {
      target: { ...target, model: scriptModel.vllm },
      signal: stop.signal,
      say: (line) => {
        if (line.startsWith('a stream')) stop.abort();
      },
    });
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('before anything was asked: nothing is sent', async () => {
    const server = await script('vllm');
    const result = await look(server.baseUrl, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ facts: null, problems: [] });
    expect(server.requests).toEqual([]);
  });
});
