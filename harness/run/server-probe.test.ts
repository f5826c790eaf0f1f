import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  html,
  scriptModel,
  startDialectServer,
  type DialectServer,
  type ScriptName,
} from '../../fixtures/servers/dialect-server.ts';
import { cuts, startWireServer, type WireServer } from '../../fixtures/servers/wire-server.ts';
import type { Target } from '../types.ts';
import { describeFacts } from './describe-facts.ts';
import { openPages } from './get-json.ts';
import { probeServer, type ServerFacts } from './server-probe.ts';
import type { ProbeOptions } from './server-session.ts';

const open: WireServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

function targetOf(model: string, params: Target['params'] = {}): Target {
  return {
    id: 'asked',
    baseUrl: null,
    model,
    replay: null,
    apiKeyEnv: null,
    dialect: 'auto',
    concurrency: 1,
    params,
    timeouts: {
      connectMs: 1000,
      firstContentMs: 3000,
      idleMs: 500,
      contentIdleMs: 1000,
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
}

function optionsFor(server: WireServer, model: string, more: Partial<ProbeOptions> = {}): ProbeOptions {
  return {
    target: targetOf(model),
    baseUrl: server.baseUrl,
    apiKey: null,
    userAgent: 'visavis/test',
    direct: true,
    ...more,
  };
}

async function probeScript(
  name: ScriptName,
  more: Partial<ProbeOptions> = {},
  pieces: readonly number[] = cuts.awkward,
): Promise<{ facts: ServerFacts; server: DialectServer }> {
  const server = await startDialectServer(name, () => null, pieces);
  open.push(server);
  const { facts } = await probeServer(optionsFor(server, scriptModel[name], more));
  return { facts, server };
}

describe('a server is known by the keys of its pages', () => {
  it.each([
    [
      'vllm',
      {
        dialect: 'vllm',
        contextTokens: 4096,
        version: '0.10.1',
        slots: null,
        firstEvent: 'role-empty',
        finishWithText: false,
      },
    ],
    [
      'llama.cpp',
      {
        dialect: 'llama.cpp',
        contextTokens: 4096,
        contextFrom: '/props: default_generation_settings.n_ctx',
        version: 'b6510-703f9e32',
        fingerprint: 'b6510-703f9e32',
        slots: 4,
        firstEvent: 'role-null',
        reasoningField: 'reasoning_content',
      },
    ],
    [
      'ollama',
      {
        dialect: 'ollama',
        // Read after the first call: before it, nothing was in memory.
        contextTokens: 4096,
        quantization: 'Q4_K_M',
        version: '0.12.6',
        firstEvent: 'role-text',
        models: ['llama3.2:latest', 'qwen2.5:7b'],
      },
    ],
    [
      'sglang',
      {
        dialect: 'sglang',
        contextTokens: 131072,
        slots: 256,
        version: '0.5.6',
        quantization: 'fp8',
        firstEvent: 'role-empty',
      },
    ],
    [
      'tgi',
      {
        dialect: 'tgi',
        contextTokens: 4096,
        slots: 128,
        version: '3.1.2-dev0',
        firstEvent: 'role-text',
        finishWithText: true,
      },
    ],
    [
      'lmstudio',
      {
        dialect: 'lmstudio',
        // What is loaded, not what the model could.
        contextTokens: 4096,
        quantization: 'Q4_K_M',
        version: null,
        modelCount: 2,
      },
    ],
    [
      'generic',
      { dialect: 'generic', detectedBy: null, contextTokens: null, version: null, modelListed: true },
    ],
  ] as const)('%s', async (name, expected) => {
    const { facts, server } = await probeScript(name);
    expect(facts).toMatchObject({
      endpoint: server.baseUrl,
      model: scriptModel[name],
      streams: true,
      streamOptions: true,
      usageInStream: true,
      limitField: 'max_tokens',
      limitHonoured: true,
      finishAtLimit: 'length',
      full: false,
      ignoreEos: null,
      jsonSchema: null,
      ...expected,
    });
    for (const body of server.asked()) {
      expect(body['max_tokens']).toBe(1);
      expect(body).not.toHaveProperty('max_completion_tokens');
      expect(body).not.toHaveProperty('ignore_eos');
    }
    // Two calls of one token, and no more.
    expect(server.asked().map((body) => body['stream'])).toEqual([false, true]);
  });

  it('gives the same facts for every way of cutting the bytes', async () => {
    for (const name of ['vllm', 'llama.cpp', 'tgi'] as const) {
      const [whole, bytes] = await Promise.all([
        probeScript(name, {}, cuts.whole),
        probeScript(name, {}, cuts.bytes),
      ]);
      expect({ ...bytes.facts, endpoint: '' }).toEqual({ ...whole.facts, endpoint: '' });
    }
  });

  it('a recorded llama.cpp relative, with a foreign list beside its model list', async () => {
    const server = await startWireServer(({ method, path, body }) => {
      if (method === 'GET')
        return path === '/v1/models' ? 'models' : path === '/props' ? 'props' : 'error.not-found';
      return body.includes('"stream":true') ? 'chat.stream' : 'chat';
    });
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, 'tiny-llama'));
    expect(facts).toMatchObject({
      dialect: 'llama.cpp',
      detectedBy: '/props: total_slots, default_generation_settings',
      contextTokens: 1024,
      slots: 2,
      models: ['tiny-llama'],
      software: 'ik_llama.cpp',
      finishAtLimit: 'stop',
      limitHonoured: false,
      firstEvent: 'role-null',
    });
  });

  it('a given dialect wins, and nobody is asked who they are', async () => {
    const { facts, server } = await probeScript('generic', { dialect: 'tgi' });
    expect(facts).toMatchObject({ dialect: 'tgi', detectedBy: 'given' });
    expect(server.requests.map((request) => request.path)).not.toContain('/props');
  });

  it('is never taken in by a status: a page for every path is no sign', async () => {
    const server = await startDialectServer('generic', ({ method, path }) =>
      method === 'GET' && path !== '/v1/models'
        ? { head: 'HTTP/1.1 200 OK\r\nContent-Type: application/json', body: '{"ok":true}' }
        : null,
    );
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, scriptModel.generic));
    expect(facts).toMatchObject({ dialect: 'generic', detectedBy: null });
  });

  it('is known although its page comes with an error status', async () => {
    const server = await startDialectServer('generic', ({ path }) =>
      path === '/props'
        ? {
            head: 'HTTP/1.1 503 Busy\r\nContent-Type: application/json',
            body: '{"total_slots":1,"default_generation_settings":{"n_ctx":0}}',
          }
        : null,
    );
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, scriptModel.generic));
    // A context of 0 is none that could be.
    expect(facts).toMatchObject({ dialect: 'llama.cpp', slots: 1, contextTokens: null });
  });
});

describe('what a server refuses', () => {
  it('stream_options: the stream is asked once without', async () => {
    const { facts, server } = await probeScript('strict');
    expect(facts).toMatchObject({
      dialect: 'generic',
      models: null,
      modelListed: null,
      streamOptions: false,
      usageInStream: false,
      streams: true,
    });
    expect(server.asked().map((body) => body['stream_options'])).toEqual([
      undefined,
      { include_usage: true },
      undefined,
    ]);
  });

  it('max_tokens by name: the other name is learned from the refusal', async () => {
    const server = await startDialectServer('openai');
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, scriptModel.openai, { full: true }));
    expect(facts).toMatchObject({ dialect: 'generic', limitField: 'max_completion_tokens' });
    const limits = server.asked().map((body) =>
      Object.keys(body)
        .filter((key) => key.startsWith('max_'))
        .join('+'),
    );
    expect(limits[0]).toBe('max_tokens');
    expect(new Set(limits.slice(1))).toEqual(new Set(['max_completion_tokens']));
  });

  it('a limit that leaves no room to think: asked again with more', async () => {
    const server = await startDialectServer('generic', ({ method, body }) =>
      method === 'POST' && /"max_tokens":1\b/u.test(body)
        ? {
            head: 'HTTP/1.1 400 Bad\r\nContent-Type: application/json',
            body: '{"error":{"message":"Could not finish because max_tokens was reached, try a higher one"}}',
          }
        : null,
    );
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, scriptModel.generic));
    expect(facts).toMatchObject({ limitField: 'max_tokens', streams: true, finishAtLimit: 'stop' });
  });

  it('the plain call: streams are still tried', async () => {
    const server = await startDialectServer('generic', ({ body }) =>
      body.includes('"stream":false')
        ? {
            head: 'HTTP/1.1 400 Bad\r\nContent-Type: application/json',
            body: '{"error":"only streams are served here"}',
          }
        : null,
    );
    open.push(server);
    const { facts, plain } = await probeServer(optionsFor(server, scriptModel.generic));
    expect(plain?.outcome.kind).toBe('failed');
    expect(facts.streams).toBe(true);
  });
});

describe('the full probe', () => {
  it.each([
    [
      'vllm',
      {
        continuousUsage: true,
        ignoreEos: true,
        jsonSchema: 'enforced',
        seed: true,
        logprobs: true,
        tools: 'called',
        promptWindow: 'refused',
        promptTokens: null,
      },
    ],
    [
      'llama.cpp',
      {
        continuousUsage: false,
        ignoreEos: true,
        jsonSchema: 'enforced',
        tools: 'called',
        promptWindow: 'refused',
      },
    ],
    [
      'ollama',
      {
        continuousUsage: false,
        ignoreEos: false,
        jsonSchema: 'enforced',
        tools: 'called',
        promptWindow: 'cut',
        promptWords: 8000,
        promptTokens: 4096,
      },
    ],
    [
      'sglang',
      { continuousUsage: true, ignoreEos: true, tools: 'called', promptWindow: 'whole', promptTokens: 8000 },
    ],
    ['tgi', { ignoreEos: false, jsonSchema: 'accepted', tools: 'called', promptWindow: 'refused' }],
    [
      'lmstudio',
      { ignoreEos: false, jsonSchema: 'enforced', logprobs: true, tools: 'called', promptWindow: 'whole' },
    ],
    [
      'generic',
      { continuousUsage: false, ignoreEos: false, jsonSchema: 'accepted', seed: true, tools: 'ignored' },
    ],
    [
      'strict',
      {
        continuousUsage: false,
        ignoreEos: false,
        jsonSchema: 'enforced',
        seed: false,
        logprobs: false,
        tools: 'refused',
        promptWindow: 'whole',
      },
    ],
  ] as const)('of %s', async (name, expected) => {
    const { facts, server } = await probeScript(name, { full: true }, cuts.whole);
    expect(facts).toMatchObject({ full: true, ...expected });
    // A dialect that has no such field is not bothered with it.
    if (['ollama', 'tgi', 'lmstudio'].includes(name))
      expect(server.asked().some((body) => 'ignore_eos' in body)).toBe(false);
    if (name !== 'vllm' && name !== 'sglang')
      expect(JSON.stringify(server.asked())).not.toContain('continuous_usage_stats');
  });

  it('sends OpenAI its own limit name, no padding and no foreign field', async () => {
    const { facts, server } = await probeScript('openai', { full: true, dialect: 'openai' }, cuts.whole);
    expect(facts).toMatchObject({
      detectedBy: 'given',
      limitField: 'max_completion_tokens',
      ignoreEos: false,
      continuousUsage: false,
      jsonSchema: 'enforced',
      logprobs: true,
    });
    for (const body of server.asked()) {
      expect(body).not.toHaveProperty('max_tokens');
      expect(body).not.toHaveProperty('ignore_eos');
      if (body['stream'] === true)
        expect(body['stream_options']).toEqual({ include_usage: true, include_obfuscation: false });
    }
  });

  it.each([
    [
      'a recorded answer that took no notice of tool_choice',
      'tools.stream',
      'ignored',
      'accepted and not called, although required',
    ],
    [
      'a refusal',
      {
        head: 'HTTP/1.1 501 No\r\nContent-Type: application/json',
        body: '{"error":{"message":"tools are not implemented"}}',
      },
      'refused',
      'refused with an error',
    ],
    [
      'one that still thinks at the limit',
      {
        head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream',
        body:
          'data: {"choices":[{"index":0,"delta":{"content":"<think> the user wants"},"finish_reason":"length"}]}' +
          '\n\ndata: [DONE]\n\n',
      },
      null,
      'unknown',
    ],
    ['an outage', { head: 'HTTP/1.1 503 Busy\r\nContent-Type: text/plain', body: '' }, null, 'unknown'],
  ] as const)('reads the trial of tools from %s', async (_what, answer, expected, words) => {
    const server = await startDialectServer(
      'llama.cpp',
      ({ body }) => (body.includes('"tool_choice":"required"') ? answer : null),
      cuts.whole,
    );
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, scriptModel['llama.cpp'], { full: true }));
    expect(facts.tools).toBe(expected);
    expect(describeFacts(facts)).toContainEqual(['tools', words]);
    const [asked] = server.asked().filter((body) => body['tools'] !== undefined);
    expect(asked).toMatchObject({ tool_choice: 'required', max_tokens: 128 });
  });

  it('says nothing of ignore_eos when the model talks on by itself', async () => {
    const server = await startDialectServer(
      'vllm',
      ({ method, body }) => {
        if (method !== 'POST' || !body.includes('single word')) return null;
        return {
          head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream',
          body:
            'data: {"choices":[{"index":0,"delta":{"content":"yes yes"},"finish_reason":"length"}],' +
            '"usage":{"prompt_tokens":5,"completion_tokens":8}}\n\ndata: [DONE]\n\n',
        };
      },
      cuts.whole,
    );
    open.push(server);
    const { facts } = await probeServer(optionsFor(server, scriptModel.vllm, { full: true }));
    expect(facts.ignoreEos).toBeNull();
  });

  it('keeps parameters that shape an answer out of the trials, and the others in', async () => {
    const server = await startDialectServer('vllm', () => null, cuts.whole);
    open.push(server);
    const params = { stop: ['z'], top_p: 0.5, response_format: { type: 'json_object' }, max_tokens: 500 };
    await probeServer(
      optionsFor(server, scriptModel.vllm, { full: true, target: targetOf(scriptModel.vllm, params) }),
    );
    const [plain, stream, ...trials] = server.asked();
    for (const body of [plain, stream])
      expect(body).toMatchObject({
        stop: ['z'],
        top_p: 0.5,
        max_tokens: 1,
        response_format: { type: 'json_object' },
      });
    expect(trials.length).toBeGreaterThan(5);
    for (const body of trials) {
      expect(body).not.toHaveProperty('stop');
      expect(body['top_p']).toBe(0.5);
      expect(body['max_tokens']).not.toBe(500);
    }
  });

  it('stops when it is told to', async () => {
    const server = await startDialectServer('vllm', () => null, cuts.whole);
    open.push(server);
    const stop = new AbortController();
    const { facts } = await probeServer(
      optionsFor(server, scriptModel.vllm, {
        full: true,
        signal: stop.signal,
        say: (line) => {
          if (line === 'a seed') stop.abort();
        },
      }),
    );
    expect(facts).toMatchObject({ jsonSchema: 'enforced', seed: null, logprobs: null, promptWindow: null });
  });
});

describe('a page of JSON', () => {
  const read = async (
    answer: Parameters<typeof startWireServer>[0],
    more: { authorization?: string; origin?: string } = {},
  ) => {
    const server = await startWireServer(answer, cuts.whole);
    open.push(server);
    const pages = openPages({
      authorization: more.authorization ?? null,
      origin: more.origin ?? new URL(server.baseUrl).origin,
      userAgent: 'visavis/test',
      direct: true,
      now: () => 0,
    });
    const got = await pages.get(`${server.baseUrl}/models`);
    await pages.close();
    return { got, server };
  };
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json';

  it('carries the key to the own origin and nowhere else', async () => {
    const own = await read(() => ({ head, body: '{}' }), { authorization: 'Bearer key' });
    expect(own.server.requests[0]?.headers['authorization']).toBe('Bearer key');
    const other = await read(() => ({ head, body: '{}' }), {
      authorization: 'Bearer key',
      origin: 'http://127.0.0.1:1',
    });
    expect(other.server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('does not follow a redirect', async () => {
    const { got, server } = await read(() => ({
      head: 'HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/v1/models',
      body: '',
    }));
    expect(got.failure?.code).toBe('redirect');
    expect(got.failure?.message).toContain('http://127.0.0.1:1/v1/models');
    expect(server.requests).toHaveLength(1);
  });

  it('ends at 4 MiB', async () => {
    const big = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    const fits = await read(() => ({ head, body: big(4 * 1024 * 1024) }));
    expect(fits.got.failure).toBeNull();
    const over = await read(() => ({ head, body: big(4 * 1024 * 1024 + 1) }));
    expect(over.got).toMatchObject({ json: undefined, failure: { code: 'output-too-large' } });
  });

  it('ends after its time, also in the middle of a body', async () => {
    for (const said of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{']) {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.write(said));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const pages = openPages({
        authorization: null,
        origin,
        userAgent: 'visavis/test',
        direct: true,
        now: () => 0,
        timeoutMs: 150,
      });
      const got = await pages.get(`${origin}/v1/models`);
      expect(got).toMatchObject({ json: undefined, failure: { code: 'timeout-page' } });
      await pages.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('names a web page as such', async () => {
    const { got } = await read(() => html(200));
    expect(got).toMatchObject({ json: undefined, failure: { code: 'wrong-content-type' } });
  });

  it.each(['{"a":1', 'nul', ''])('is not JSON: %j', async (body) => {
    const { got } = await read(() => ({ head, body }));
    expect(got).toMatchObject({ json: undefined, failure: { code: 'wrong-content-type' } });
  });
});

describe('the table of facts', () => {
  it('has two columns, no empty cell and says what is unknown', async () => {
    for (const name of ['llama.cpp', 'strict', 'ollama'] as const) {
      for (const full of [false, true]) {
        const { facts } = await probeScript(name, { full }, cuts.whole);
        const rows = describeFacts(facts);
        for (const row of rows) {
          expect(row).toHaveLength(2);
          for (const cell of row) expect(cell.trim()).not.toBe('');
        }
        const text = rows.map((row) => row.join(' ')).join('\n');
        expect(text).not.toMatch(/null|undefined|NaN/u);
        if (full && name === 'ollama') expect(text).toContain('8000 words cut without a word to 4096 tokens');
        if (name === 'strict') expect(text).toContain('context, tokens unknown');
      }
    }
  });

  it('is plain JSON', async () => {
    const { facts } = await probeScript('vllm', { full: true }, cuts.whole);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });
});
