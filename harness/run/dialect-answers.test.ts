/** What each server really sends, cut at awkward places and byte by byte: the same answer comes out. */
import { afterEach, describe, expect, it } from 'vitest';
import { cuts, startWireServer, type WireServer } from '../../fixtures/servers/wire-server.ts';
import type { Cell, Sample, Target } from '../types.ts';
import { createAsker } from './ask.ts';
import { startClock } from './clock.ts';

const target: Target = {
  id: 'a',
  baseUrl: null,
  model: 'm',
  replay: null,
  apiKeyEnv: null,
  dialect: 'auto',
  concurrency: 1,
  params: {},
  timeouts: {
    connectMs: 1000,
    firstContentMs: 2000,
    idleMs: 1000,
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
const cell: Cell = {
  key: 'k',
  suite: 's',
  test: 't',
  cluster: 't',
  language: 'th',
  variant: null,
  target: 'a',
  model: 'm',
  repeat: 1,
  messages: [{ role: 'user', content: 'สวัสดี' }],
  request: { max_tokens: 64 },
  checks: [],
  metadata: {},
  observe: true,
};

let server: WireServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function ask(events: readonly string[], pieces: readonly number[]): Promise<Sample> {
  const body = events.join('');
  server = await startWireServer(
    () => ({ head: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream', body }),
    pieces,
  );
  const asker = createAsker({
    target,
    baseUrl: server.baseUrl,
    apiKey: null,
    clock: startClock(),
    now: () => 0,
    userAgent: 'visavis/test',
    direct: true,
  });
  try {
    return await asker.ask(cell, {
      attempt: 1,
      leg: 'leg-1',
      block: 0,
      turn: 'A',
      warmup: false,
      tSched: 0,
      signal: new AbortController().signal,
    });
  } finally {
    await asker.close();
  }
}

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const done = 'data: [DONE]\n\n';
/** A chunk with one choice; `more` stands beside the delta, `top` beside the choices. */
const chunk = (delta: object, finish: string | null = null, more: object = {}, top: object = {}): string =>
  data({
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish, ...more }],
    ...top,
  });
const usage = (prompt: number, completion: number, more: object = {}): object => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  ...more,
});

/** A chunk with one piece of a tool call. */
const call = (piece: object): string => chunk({ tool_calls: [piece] });

interface Row {
  readonly name: string;
  readonly events: readonly string[];
  readonly text?: string;
  readonly reasoning?: string;
  readonly finish?: string;
  readonly completion?: number | null;
  readonly tools?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
}

const rows: readonly Row[] = [
  {
    name: 'vLLM: role and nothing, usage on every chunk, finish with the last text',
    events: [
      chunk({ role: 'assistant', content: '' }, null, { logprobs: null }, { usage: usage(46, 0) }),
      chunk({ content: 'สวัส' }, null, { logprobs: null }, { usage: usage(46, 1) }),
      chunk({ content: 'ดีครับ' }, 'stop', { stop_reason: null }, { usage: usage(46, 3) }),
      data({ choices: [], usage: usage(46, 3) }),
      done,
    ],
    text: 'สวัสดีครับ',
    completion: 3,
  },
  {
    name: 'vLLM: reasoning beside the answer, old and new name',
    events: [
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning: '用户在' }),
      chunk({ reasoning_content: '问候。' }),
      chunk({ content: '你好' }),
      chunk({}, 'stop'),
      data({ choices: [], usage: usage(9, 8, { completion_tokens_details: { reasoning_tokens: 5 } }) }),
      done,
    ],
    text: '你好',
    reasoning: '用户在问候。',
    completion: 8,
  },
  {
    name: 'llama.cpp: role and null, progress, finish of its own, timings in place of usage',
    events: [
      data({
        choices: [{ index: 0, delta: { role: 'assistant', content: null }, finish_reason: null }],
        prompt_progress: { total: 2641, cache: 0, processed: 2048, time_ms: 153_341 },
      }),
      chunk({ content: 'مرحبًا' }),
      chunk({}, 'stop', {}, { timings: { cache_n: 13, prompt_n: 1, predicted_n: 4 } }),
      'data: [DONE]',
    ],
    text: 'مرحبًا',
    completion: 4,
  },
  {
    name: 'Ollama: a role on every chunk, whole tool call in one delta',
    events: [
      chunk({
        role: 'assistant',
        content: '',
        tool_calls: [
          {
            id: 'call_x',
            index: 0,
            type: 'function',
            function: { name: 'f', arguments: '{"город":"Москва"}' },
          },
        ],
      }),
      chunk({ role: 'assistant', content: '' }, 'tool_calls'),
      data({ choices: [], usage: usage(11, 18) }),
      done,
    ],
    finish: 'tool_calls',
    completion: 18,
    tools: [{ id: 'call_x', name: 'f', arguments: '{"город":"Москва"}' }],
  },
  {
    name: 'SGLang: name first, then nulls; two calls interleaved; a gateway adds an empty finish',
    events: [
      chunk(
        {
          role: null,
          content: '',
          tool_calls: [
            {
              id: 'functions.search:0',
              index: 0,
              type: 'function',
              function: { name: 'search', arguments: '' },
            },
          ],
        },
        '',
      ),
      chunk(
        {
          tool_calls: [
            { id: null, index: 0, type: 'function', function: { name: null, arguments: '{"q":' } },
          ],
        },
        '',
      ),
      chunk({ tool_calls: [{ id: 'b', index: 1, function: { name: 'look', arguments: '{}' } }] }, ''),
      chunk({ tool_calls: [{ id: null, index: 0, function: { name: null, arguments: '"京都"}' } }] }, ''),
      chunk({ content: '' }, 'tool_calls', { matched_stop: null }),
      data({ choices: [], usage: usage(31, 15, { reasoning_tokens: 0 }) }),
      done,
    ],
    finish: 'tool_calls',
    completion: 15,
    tools: [
      { id: 'functions.search:0', name: 'search', arguments: '{"q":"京都"}' },
      { id: 'b', name: 'look', arguments: '{}' },
    ],
  },
  {
    name: 'vLLM: name with an id, then arguments without either; two calls one after the other',
    events: [
      chunk({ role: 'assistant', content: '' }, null, { logprobs: null }),
      call({ id: 'chatcmpl-tool-1', index: 0, type: 'function', function: { name: 'weather' } }),
      call({ index: 0, function: { arguments: '{"city": "' } }),
      call({ index: 0, function: { arguments: 'เชียงใหม่"}' } }),
      call({ id: 'chatcmpl-tool-2', index: 1, type: 'function', function: { name: 'weather' } }),
      call({ index: 1, function: { arguments: '{"city": "น่าน"}' } }),
      chunk({ content: '' }, 'tool_calls', { stop_reason: null }),
      data({ choices: [], usage: usage(46, 30) }),
      done,
    ],
    finish: 'tool_calls',
    completion: 30,
    tools: [
      { id: 'chatcmpl-tool-1', name: 'weather', arguments: '{"city": "เชียงใหม่"}' },
      { id: 'chatcmpl-tool-2', name: 'weather', arguments: '{"city": "น่าน"}' },
    ],
  },
  {
    name: 'older vLLM: a new id on every piece of one call',
    events: [
      call({ id: 'chatcmpl-tool-a', index: 0, type: 'function', function: { name: 'search' } }),
      call({ id: 'chatcmpl-tool-b', index: 0, type: 'function', function: { arguments: '{"q":' } }),
      call({ id: 'chatcmpl-tool-c', index: 0, type: 'function', function: { arguments: '"ውሃ"}' } }),
      chunk({}, 'tool_calls'),
      done,
    ],
    finish: 'tool_calls',
    completion: null,
    tools: [{ id: 'chatcmpl-tool-a', name: 'search', arguments: '{"q":"ውሃ"}' }],
  },
  {
    name: 'llama.cpp: name and id with the first brace, then arguments',
    events: [
      chunk({ role: 'assistant', content: null }),
      call({ index: 0, id: 'Kq2', type: 'function', function: { name: 'weather', arguments: '{' } }),
      call({ index: 0, function: { arguments: '"city":"دمشق' } }),
      call({ index: 0, function: { arguments: '"}' } }),
      chunk({}, 'tool_calls', {}, { timings: { cache_n: 0, prompt_n: 9, predicted_n: 12 } }),
      done,
    ],
    finish: 'tool_calls',
    completion: 12,
    tools: [{ id: 'Kq2', name: 'weather', arguments: '{"city":"دمشق"}' }],
  },
  {
    name: 'older Ollama: two whole calls, both numbered 0',
    events: [
      call({ id: 'call_a', index: 0, type: 'function', function: { name: 'f', arguments: '{"a":1}' } }),
      call({ id: 'call_b', index: 0, type: 'function', function: { name: 'f', arguments: '{"a":2}' } }),
      chunk({ role: 'assistant', content: '' }, 'stop'),
      done,
    ],
    completion: null,
    tools: [
      { id: 'call_a', name: 'f', arguments: '{"a":1}' },
      { id: 'call_b', name: 'f', arguments: '{"a":2}' },
    ],
  },
  {
    name: 'TGI: id 0 on every piece, the first brace with the name, null names, finish stop',
    events: [
      call({
        index: 0,
        id: '0',
        type: 'function',
        function: { name: 'get_current_weather', arguments: '{' },
      }),
      call({ index: 0, id: '0', type: 'function', function: { name: null, arguments: ' "' } }),
      call({ index: 0, id: '0', type: 'function', function: { name: null, arguments: 'नगर": "पुणे"' } }),
      call({ index: 0, id: '0', type: 'function', function: { name: null, arguments: '}' } }),
      chunk({ role: 'assistant', content: '' }, 'stop'),
      data({ choices: [], usage: usage(39, 20) }),
      done,
    ],
    completion: 20,
    tools: [{ id: '0', name: 'get_current_weather', arguments: '{ "नगर": "पुणे"}' }],
  },
  {
    name: 'LM Studio: fragments, the name alone, arguments in bits',
    events: [
      call({ index: 0, id: '365174485', type: 'function', function: { name: 'weather', arguments: '' } }),
      ...['{"', 'city', '":"', '서', '울', '"}'].map((text) =>
        call({ index: 0, type: 'function', function: { name: null, arguments: text } }),
      ),
      chunk({}, 'tool_calls'),
      data({ choices: [], usage: usage(5, 9) }),
      done,
    ],
    finish: 'tool_calls',
    completion: 9,
    tools: [{ id: '365174485', name: 'weather', arguments: '{"city":"서울"}' }],
  },
  {
    name: 'OpenAI: id and name with the role, two calls in parallel, padding',
    events: [
      chunk({
        role: 'assistant',
        content: null,
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }],
        refusal: null,
      }),
      call({ index: 0, function: { arguments: '{"şehir":' } }),
      call({ index: 0, function: { arguments: '"Iğdır"}' } }),
      call({ index: 1, id: 'call_2', type: 'function', function: { name: 'g', arguments: '' } }),
      call({ index: 1, function: { arguments: '{}' } }),
      chunk({}, 'tool_calls', {}, { obfuscation: 'x' }),
      data({ choices: [], usage: usage(8, 21) }),
      done,
    ],
    finish: 'tool_calls',
    completion: 21,
    tools: [
      { id: 'call_1', name: 'f', arguments: '{"şehir":"Iğdır"}' },
      { id: 'call_2', name: 'g', arguments: '{}' },
    ],
  },
  {
    name: 'a gateway: no numbers at all, arguments as a value',
    events: [
      call({ id: 'x', type: 'function', function: { name: 'f', arguments: { jina: 'Amani' } } }),
      call({ id: 'y', type: 'function', function: { name: 'g', arguments: '{"a":' } }),
      call({ function: { arguments: '1}' } }),
      chunk({}, 'tool_calls'),
      done,
    ],
    finish: 'tool_calls',
    completion: null,
    tools: [
      { id: 'x', name: 'f', arguments: '{"jina":"Amani"}' },
      { id: 'y', name: 'g', arguments: '{"a":1}' },
    ],
  },
  {
    name: 'a gateway: pieces of the second call before those of the first',
    events: [
      call({ index: 1, id: 'b', function: { name: 'g', arguments: '{' } }),
      call({ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }),
      call({ index: 1, function: { arguments: '}' } }),
      call({ index: 0, function: { arguments: '}' } }),
      chunk({}, 'function_call'),
      done,
    ],
    finish: 'tool_calls',
    completion: null,
    tools: [
      { id: 'a', name: 'f', arguments: '{}' },
      { id: 'b', name: 'g', arguments: '{}' },
    ],
  },
  {
    name: 'TGI: no space after data, comments, role on every chunk, length on the last text',
    events: [
      ':\n\n',
      `data:${JSON.stringify({ choices: [{ index: 0, delta: { role: 'assistant', content: 'नम' }, finish_reason: null }], usage: null })}\n\n`,
      ':\n\n',
      `data:${JSON.stringify({ choices: [{ index: 0, delta: { role: 'assistant', content: 'स्ते' }, finish_reason: 'length' }], usage: null })}\n\n`,
      done,
    ],
    text: 'नमस्ते',
    finish: 'length',
    completion: null,
  },
  {
    name: 'TGI: its own word for the end',
    events: [
      chunk({ role: 'assistant', content: 'Ndiyo' }),
      chunk({ role: 'assistant', content: '' }, 'eos_token'),
      data({ choices: [], usage: usage(39, 3) }),
      done,
    ],
    text: 'Ndiyo',
    completion: 3,
  },
  {
    name: 'LM Studio: plain, usage after the finish',
    events: [
      chunk({ role: 'assistant', content: '안' }, null, { logprobs: null }),
      chunk({ content: '녕' }),
      chunk({}, 'stop'),
      data({ choices: [], usage: usage(5, 2) }),
      done,
    ],
    text: '안녕',
    completion: 2,
  },
  {
    name: 'OpenAI: padding beside the delta, an id per chunk',
    events: [
      chunk({ role: 'assistant', content: '', refusal: null }, null, {}, { obfuscation: 'xK2' }),
      chunk({ content: 'Merhaba' }, null, {}, { obfuscation: 'aB91' }),
      chunk({}, 'stop', {}, { obfuscation: '' }),
      data({ choices: [], usage: usage(8, 4, { prompt_tokens_details: { cached_tokens: 0 } }) }),
      done,
    ],
    text: 'Merhaba',
    completion: 4,
  },
  {
    name: 'a gateway: two choices, CRLF, a byte order mark, parts in place of a text',
    events: [
      '\uFEFF',
      chunk({ content: [{ type: 'text', text: 'ሰላም' }] }).replaceAll('\n', '\r\n'),
      data({ choices: [{ index: 1, delta: { content: 'other' }, finish_reason: null }] }).replaceAll(
        '\n',
        '\r\n',
      ),
      chunk({}, 'stop').replaceAll('\n', '\r\n'),
      done,
    ],
    text: 'ሰላም',
    completion: null,
  },
];

describe.each([
  ['whole', cuts.whole],
  ['cut at awkward places', cuts.awkward],
  ['byte by byte', cuts.bytes],
] as const)('sent %s', (_name, pieces) => {
  it.each(rows)('$name', async (row) => {
    const sample = await ask(row.events, pieces);
    expect(sample.outcome).toMatchObject({
      kind: 'answered',
      text: row.text ?? '',
      reasoning: row.reasoning ?? '',
      finish: row.finish ?? 'stop',
      toolCalls: row.tools ?? [],
    });
    expect(sample.usage.completion).toBe(row.completion ?? null);
    expect(sample.flags).not.toContain('odd-event');
  });
});
