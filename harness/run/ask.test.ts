import { lateMs } from '../../fixtures/test/cpu-time.ts';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  lastChunk,
  sse as sseBytes,
  startFaultServer,
  streamThen,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import {
  cuts,
  startWireServer,
  type WireAnswer,
  type WireRequest,
  type WireServer,
} from '../../fixtures/servers/wire-server.ts';
import type { AttemptContext, Cell, Sample, Target } from '../types.ts';
import { createAsker } from './ask.ts';
import { startClock } from './clock.ts';

const target: Target = {
  id: 'wire',
  baseUrl: null,
  model: 'tiny-llama',
  replay: null,
  apiKeyEnv: null,
  dialect: 'auto',
  concurrency: 4,
  params: {},
  timeouts: {
    connectMs: 1000,
    firstContentMs: 2000,
    idleMs: 300,
    contentIdleMs: 600,
    totalMs: 4000,
    tailMs: 200,
  },
  attempts: 1,
  languages: null,
  license: null,
  memory: [],
  kvBytesPerToken: null,
  launch: null,
};

const cell: Cell = {
  key: 'k',
  suite: 's',
  test: 't',
  cluster: 't',
  language: 'sw',
  variant: null,
  target: 'wire',
  model: 'tiny-llama',
  repeat: 1,
  messages: [{ role: 'user', content: 'Say hello in Swahili.' }],
  request: { max_tokens: 24 },
  checks: [],
  metadata: {},
  observe: false,
};

const attempt = (): AttemptContext => ({
  attempt: 1,
  leg: 'leg-1',
  block: 0,
  turn: 'A',
  warmup: false,
  tSched: 0,
  signal: new AbortController().signal,
});

let server: WireServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function askWire(
  answer: WireAnswer | ((request: WireRequest) => WireAnswer),
  pieces: readonly number[] = cuts.awkward,
  apiKey: string | null = null,
): Promise<Sample> {
  server = await startWireServer(typeof answer === 'function' ? answer : () => answer, pieces);
  const asker = createAsker({
    target,
    baseUrl: server.baseUrl,
    apiKey,
    clock: startClock(),
    now: () => 0,
    userAgent: 'visavis/test',
    direct: true,
  });
  try {
    return await asker.ask(cell, attempt());
  } finally {
    await asker.close();
  }
}

const sse = (...events: string[]): WireAnswer => ({
  head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream',
  body: events.map((event) => `data: ${event}\n\n`).join(''),
});
const chunk = (delta: object, finish: string | null = null): string =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] });

describe('asking a recorded llama.cpp-family server', () => {
  it.each([
    ['whole', cuts.whole],
    ['cut at awkward places', cuts.awkward],
    ['byte by byte', cuts.bytes],
  ] as const)('reads text, usage and finish of a stream sent %s', async (_name, pieces) => {
    const sample = await askWire('chat.stream', pieces);
    expect(sample.status).toBe('ok');
    expect(sample.usage).toEqual({
      prompt: 22,
      completion: 24,
      reasoning: null,
      cached: 21,
      source: 'usage',
    });
    expect(sample.finishRaw).toBe('stop');
    // 24 tokens were allowed and 24 came: the server calls a cut answer finished.
    expect(sample.flags).toContain('finish-mislabelled');
    expect(sample.chunks).toBe(24);
    expect(sample.outcome).toMatchObject({ kind: 'answered', finish: 'stop' });
    const { t0, tHdr, tEvt1, tOut1, tLast, tDone } = sample.timing;
    const points = [t0, tHdr, tEvt1, tOut1, tLast, tDone].map((point) => point ?? Number.NaN);
    expect(points).toEqual(points.toSorted((a, b) => a - b));
  });

  it('takes tokens from the timings where usage is absent', async () => {
    const sample = await askWire('chat.stream.no-usage');
    expect(sample.usage.source).toBe('timings');
    expect(sample.usage.completion).toBeGreaterThan(0);
  });

  it('keeps constrained JSON with multi-byte strings whole', async () => {
    const sample = await askWire('chat.stream.json-schema', cuts.bytes);
    expect(sample.outcome.kind).toBe('answered');
    if (sample.outcome.kind === 'answered')
      expect(
        () => JSON.parse(sample.outcome.kind === 'answered' ? sample.outcome.text : '') as unknown,
      ).not.toThrow();
    expect(sample.flags).not.toContain('invalid-utf8');
  });

  it('reads plain JSON where a stream was asked, without inventing a first-token time', async () => {
    const sample = await askWire('chat');
    expect(sample.status).toBe('ok');
    expect(sample.flags).toContain('not-streamed');
    expect(sample.timing.tOut1).toBeNull();
    expect(sample.usage.source).toBe('usage');
  });

  it('names the 500 that answers a client mistake', async () => {
    const sample = await askWire('error.bad-schema');
    expect(sample.outcome).toMatchObject({ kind: 'failed', failure: { code: 'server-error', http: 500 } });
  });
});

describe('what is no answer', () => {
  it('is a stream that ends without a finish reason', async () => {
    const sample = await askWire(sse(chunk({ content: 'habari' })));
    expect(sample.outcome).toMatchObject({
      kind: 'failed',
      failure: { code: 'truncated' },
      partial: 'habari',
    });
  });

  it('is a connection destroyed in mid-answer', async () => {
    const sample = await askWire({
      head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream',
      body: `data: ${chunk({ content: 'ha' })}\n\n`,
      destroy: true,
    });
    expect(sample.outcome).toMatchObject({ kind: 'failed', failure: { code: 'reset-mid-stream' } });
  });

  it('is an error event inside HTTP 200', async () => {
    const sample = await askWire(
      sse(chunk({ content: 'a' }), JSON.stringify({ error: { message: 'boom', code: 500 } }), '[DONE]'),
    );
    expect(sample.outcome).toMatchObject({
      kind: 'failed',
      failure: { status: 'stream-error', code: 'server-error', message: 'boom' },
    });
  });

  it('is an `error:` field followed by [DONE]', async () => {
    const sample = await askWire({
      head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream',
      body: 'error: {"code":400,"message":"bad grammar"}\n\ndata: [DONE]\n\n',
    });
    expect(sample.outcome).toMatchObject({ kind: 'failed', failure: { message: 'bad grammar' } });
  });

  it('is a web page', async () => {
    const sample = await askWire({
      head: 'HTTP/1.1 200 OK\r\nContent-Type: text/html',
      body: '<html>log in</html>',
    });
    expect(sample.outcome).toMatchObject({ kind: 'failed', failure: { code: 'wrong-content-type' } });
  });

  it.each([
    [401, '{"error":{"message":"bad key"}}', 'auth', 'abort'],
    [404, '{"error":{"message":"The model `x` does not exist."}}', 'model-not-found', 'abort'],
    [404, '<html>not here</html>', 'bad-base-url', 'abort'],
    [429, '{"error":{"message":"slow down"}}', 'rate-limited', 'retry'],
    [400, '{"error":{"message":"maximum context length is 4096"}}', 'context-length', 'final'],
    [307, '', 'redirect', 'abort'],
  ])('is HTTP %i %s: %s', async (status, body, code, remedy) => {
    const sample = await askWire({ head: `HTTP/1.1 ${status} X\r\nContent-Type: text/plain`, body });
    expect(sample.outcome).toMatchObject({ kind: 'failed', failure: { code, remedy, http: status } });
  });

  it('is a stream that falls silent, and it is given up in time', async () => {
    const started = performance.now();
    const silent = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n' +
            `data: ${chunk({ content: 'a' })}\n\n`,
        ),
      );
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const port = (silent.address() as { port: number }).port;
    const asker = createAsker({
      target,
      baseUrl: `http://127.0.0.1:${port}/v1`,
      apiKey: null,
      clock: startClock(),
      now: () => 0,
      userAgent: 'x',
      direct: true,
    });
    const sample = await asker.ask(cell, attempt());
    await asker.close();
    silent.close();
    expect(sample.outcome).toMatchObject({
      kind: 'failed',
      failure: { status: 'timeout', code: 'timeout-idle' },
      partial: 'a',
    });
    expect(performance.now() - started).toBeLessThan(1500 + lateMs);
  });

  it('is a refused connection', async () => {
    const asker = createAsker({
      target,
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey: null,
      clock: startClock(),
      now: () => 0,
      userAgent: 'x',
      direct: true,
    });
    const sample = await asker.ask(cell, attempt());
    await asker.close();
    expect(sample.outcome).toMatchObject({ kind: 'failed', failure: { code: 'connect-refused' } });
  });
});

describe('what is sent', () => {
  it('is a streamed request with usage asked for, no compression, no client telemetry', async () => {
    await askWire('chat.stream');
    const request = server?.requests[0];
    expect(JSON.parse(request?.body ?? '')).toEqual({
      model: 'tiny-llama',
      messages: cell.messages,
      max_tokens: 24,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(request?.headers['accept-encoding']).toBe('identity');
    expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-stainless'))).toEqual([]);
    expect(request?.headers['authorization']).toBeUndefined();
  });

  it('carries images, tools and the choice of one through several turns', async () => {
    server = await startWireServer(
      () =>
        sse(
          chunk({ role: 'assistant', content: null }),
          chunk({
            tool_calls: [{ index: 0, id: 'c1', function: { name: 'read_sign', arguments: '{"text":' } }],
          }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: '"ទ្វារចូល"}' } }] }),
          chunk({}, 'tool_calls'),
          '[DONE]',
        ),
      cuts.bytes,
    );
    const image = { sha256: 'f00d', mediaType: 'image/png', name: 'sign.png', bytes: 3, detail: null };
    const tools = [{ type: 'function', function: { name: 'read_sign', parameters: { type: 'object' } } }];
    const choice = { type: 'function', function: { name: 'read_sign' } };
    const asker = createAsker({
      target,
      baseUrl: server.baseUrl,
      apiKey: null,
      images: { f00d: 'data:image/png;base64,AAAA' },
      clock: startClock(),
      now: () => 0,
      userAgent: 'visavis/test',
      direct: true,
    });
    const sample = await asker.ask(
      {
        ...cell,
        messages: [
          { role: 'system', content: 'Read signs.' },
          { role: 'user', content: 'តើនេះជាអ្វី?\uFFFC', images: [image] },
          { role: 'assistant', content: 'A sign.' },
          { role: 'user', content: 'Call the tool.' },
        ],
        request: { tools, tool_choice: choice, parallel_tool_calls: false },
      },
      attempt(),
    );
    await asker.close();
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      model: 'tiny-llama',
      messages: [
        { role: 'system', content: 'Read signs.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'តើនេះជាអ្វី?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
        { role: 'assistant', content: 'A sign.' },
        { role: 'user', content: 'Call the tool.' },
      ],
      tools,
      tool_choice: choice,
      parallel_tool_calls: false,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(sample.outcome).toMatchObject({
      kind: 'answered',
      text: '',
      finish: 'tool_calls',
      toolCalls: [{ id: 'c1', name: 'read_sign', arguments: '{"text":"ទ្វារចូល"}' }],
    });
    expect(sample.flags).toEqual([]);
    // A call is an answer: its first piece is the first token.
    expect(sample.timing.tAns1).toBe(sample.timing.tOut1);
  });

  it('carries the key where there is one', async () => {
    await askWire('chat.stream', cuts.whole, 'sk-secret-1234');
    expect(server?.requests[0]?.headers['authorization']).toBe('Bearer sk-secret-1234');
  });
});

describe('texts of every script', () => {
  it.each([
    'שלום עולם',
    'مرحبا بالعالم',
    'नमस्ते दुनिया',
    '你好，世界',
    'こんにちは',
    '안녕하세요',
    'สวัสดีชาวโลก',
    'হ্যালো',
    'ሰላም',
    'Merhaba İstanbul',
    '👨‍👩‍👧',
  ])('arrive unharmed byte by byte: %s', async (text) => {
    const half = Math.floor(text.length / 2);
    const sample = await askWire(
      sse(
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: text.slice(0, half) }),
        chunk({ content: text.slice(half) }),
        chunk({}, 'stop'),
        '[DONE]',
      ),
      cuts.bytes,
    );
    expect(sample.outcome).toMatchObject({ kind: 'answered', text });
  });
});

describe('calls that wait for a socket', () => {
  it('are timed from when their own head was written', async () => {
    server = await startWireServer(() => 'chat.stream', cuts.whole);
    const clock = startClock();
    const narrow = { ...target, concurrency: 1 };
    const asker = createAsker({
      target: narrow,
      baseUrl: server.baseUrl,
      apiKey: null,
      clock,
      now: () => 0,
      userAgent: 'visavis/test',
      direct: true,
    });
    try {
      const samples = await Promise.all([1, 2, 3].map(() => asker.ask(cell, attempt())));
      const timings = samples
        .map((sample) => sample.timing)
        .toSorted((a, b) => (a.t0 ?? Number.NaN) - (b.t0 ?? Number.NaN));
      for (const [index, timing] of timings.entries()) {
        expect(timing.t0).not.toBeNull();
        expect(timing.t0 ?? Number.NaN).toBeLessThanOrEqual(timing.tHdr ?? Number.NaN);
        expect(timing.t0 ?? Number.NaN).toBeGreaterThan(timings[index - 1]?.tHdr ?? 0);
      }
    } finally {
      await asker.close();
    }
  });
});

describe('a stream that was held back', () => {
  const tokens = Array.from({ length: 10 }, (_, at) => sseBytes(chunk({ content: `字${at}` })));
  const end = sseBytes(
    chunk({}, 'stop'),
    '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":10}}',
    '[DONE]',
  );
  const waitMs = 600;

  async function flagsOf(script: Script): Promise<readonly string[]> {
    const slow = await startFaultServer(script);
    const asker = createAsker({
      target,
      baseUrl: slow.baseUrl,
      apiKey: null,
      clock: startClock(),
      now: () => 0,
      userAgent: 'visavis/test',
      direct: true,
    });
    try {
      return (await asker.ask(cell, attempt())).flags;
    } finally {
      await asker.close();
      await slow.close();
    }
  }

  it('is known by its one burst after a long wait', async () => {
    const flags = await flagsOf(
      streamThen(async (line) => {
        await line.pause(waitMs);
        line.chunk(tokens.join('') + end);
        line.write(lastChunk);
      }),
    );
    expect(flags).toEqual(['fake-stream']);
  });

  it('is not taken for a short answer after a long wait', async () => {
    const flags = await flagsOf(
      streamThen(async (line) => {
        await line.pause(waitMs);
        for (const token of tokens.slice(0, 4)) {
          line.chunk(token);
          await line.pause(1);
        }
        line.chunk(tokens.slice(4).join('') + end);
        line.write(lastChunk);
      }),
    );
    expect(flags).toEqual([]);
  });
});
