/**
 * The embedded endpoint: serves a cassette over HTTP on the loopback, as an OpenAI-compatible server would, with the
 * pacing the cassette gives. It runs in a process of its own, so that sockets, clocks and memory are real.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Cassette, CassetteAnswer, CassetteEntry } from './cassette.ts';
import { listen, type Served } from './listen.ts';
import { loadAnswer } from './load-answer.ts';
import { requestKey } from './request-key.ts';

const bodyMebibytes = 16;

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function serveCassette(cassette: Cassette, port: number): Promise<Served> {
  const served = new Map<string, number>();
  const next = (key: string): CassetteEntry | undefined => {
    const entries = cassette.entries.get(key);
    if (entries === undefined) return undefined;
    const turn = served.get(key) ?? 0;
    served.set(key, turn + 1);
    return entries[turn % entries.length];
  };
  const server = createServer((request, response) => {
    void handle(request, response, cassette, next).catch((error: unknown) => {
      if (!response.headersSent) sendError(response, 500, String(error), 'server_error');
      else response.destroy();
    });
  });
  return listen(server, port);
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  cassette: Cassette,
  next: (key: string) => CassetteEntry | undefined,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'GET' && path === '/v1/models') {
    const { model, origin } = cassette.header;
    return sendJson(response, 200, {
      object: 'list',
      data: [{ id: model, object: 'model', created: 0, owned_by: `replay (${origin})` }],
    });
  }
  if (request.method === 'GET' && path === '/health') return sendJson(response, 200, { status: 'ok' });
  if (request.method !== 'POST' || path !== '/v1/chat/completions') {
    return sendError(response, 404, `no such path: ${request.method ?? ''} ${path ?? ''}`, 'not_found_error');
  }
  const text = await readRequest(request);
  if (text === null) {
    return sendError(response, 413, `the request body is over ${bodyMebibytes} MiB`, 'invalid_request_error');
  }
  const body = parseObject(text);
  if (body === null)
    return sendError(response, 400, 'the request body is not a JSON object', 'invalid_request_error');
  if (body['model'] !== cassette.header.model) {
    return sendError(
      response,
      404,
      `The model \`${String(body['model'])}\` does not exist.`,
      'not_found_error',
    );
  }
  const entry = loadAnswer(cassette, body) ?? next(requestKey(body));
  if (entry === undefined) {
    return sendError(
      response,
      422,
      'this cassette has no answer to that request: it replays what was put on it, and asks no model. Name a server with --target',
      'not_on_cassette',
    );
  }
  const streamed = body['stream'] === true;
  if ('faultStatus' in entry) {
    if (entry.faultStatus === 0) return cut(response, streamed);
    return sendError(response, entry.faultStatus, entry.faultMessage, 'server_error');
  }
  return streamed ? stream(response, entry, cassette, body) : whole(response, entry, cassette);
}

/** null when it is too large: the rest is read and dropped, so that the client reads the answer and no reset. */
async function readRequest(request: IncomingMessage): Promise<string | null> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > bodyMebibytes * 1024 * 1024) parts = [];
    else parts.push(part as Buffer);
  }
  return size > bodyMebibytes * 1024 * 1024 ? null : Buffer.concat(parts).toString('utf8');
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(value));
}

function sendError(response: ServerResponse, status: number, message: string, type: string): void {
  sendJson(response, status, { error: { message, type, param: null, code: status } });
}

/** Drops the connection when the head and the beginning of an answer are on their way. */
function cut(response: ServerResponse, streamed: boolean): void {
  const chunk = { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] };
  const type = streamed ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  const beginning = streamed
    ? `data: ${JSON.stringify({ object: 'chat.completion.chunk', ...chunk })}\n\n`
    : '{"object":"chat.completion","choices":[';
  // Destroyed any earlier, the socket would take the unsent head with it.
  response.write(beginning, () => response.destroy());
}

function usage(entry: CassetteAnswer): object {
  return {
    prompt_tokens: entry.promptTokens,
    completion_tokens: entry.completionTokens,
    total_tokens: entry.promptTokens + entry.completionTokens,
  };
}

async function whole(response: ServerResponse, entry: CassetteAnswer, cassette: Cassette): Promise<void> {
  await pause(response, entry.firstMs + entry.pieceMs * Math.max(0, (entry.pieces?.length ?? 1) - 1));
  if (response.destroyed) return;
  const message = { role: 'assistant', content: entry.text, refusal: entry.refusal ?? null };
  sendJson(response, 200, {
    id: `replay-${entry.key.slice(0, 12)}`,
    object: 'chat.completion',
    created: 0,
    model: cassette.header.model,
    choices: [{ index: 0, message, finish_reason: entry.finish }],
    usage: usage(entry),
  });
}

async function stream(
  response: ServerResponse,
  entry: CassetteAnswer,
  cassette: Cassette,
  body: Record<string, unknown>,
): Promise<void> {
  const head = {
    id: `replay-${entry.key.slice(0, 12)}`,
    object: 'chat.completion.chunk',
    created: 0,
    model: cassette.header.model,
  };
  const send = (fields: object): boolean =>
    response.write(`data: ${JSON.stringify({ ...head, ...fields })}\n\n`);
  const choice = (delta: object, finish: string | null): object => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.socket?.setNoDelay(true);
  const started = performance.now();
  await pause(response, entry.firstMs);
  if (response.destroyed) return;
  send(choice({ role: 'assistant', content: '' }, null));
  if (entry.refusal !== undefined) send(choice({ refusal: entry.refusal }, null));
  let at = 0;
  let number = 0;
  for (const length of entry.pieces ?? [entry.text.length]) {
    // Absolute times: a late timer must not push all later pieces back.
    if (number > 0)
      await pause(response, started + entry.firstMs + number * entry.pieceMs - performance.now());
    if (response.destroyed) return;
    if (length > 0) send(choice({ content: entry.text.slice(at, at + length) }, null));
    at += length;
    number += 1;
  }
  send(choice({}, entry.finish));
  const wanted = body['stream_options'] as { include_usage?: unknown } | undefined;
  if (wanted?.include_usage === true) send({ choices: [], usage: usage(entry) });
  response.end('data: [DONE]\n\n');
}

/** Over early when the client is gone: a wait for nobody would hold the process up at its end. */
function pause(response: ServerResponse, ms: number): Promise<void> {
  if (ms <= 0 || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      response.off('close', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    response.once('close', over);
  });
}
