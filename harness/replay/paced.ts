/**
 * A server of known truth, for measuring the client: the first text after a fixed time, then one token after another by
 * a fixed time table. Each token's text is the time at which it was really sent, ms since the request arrived, so the
 * answer itself says what the server did; what the client saw beyond that, the client added.
 */
import { createServer, type ServerResponse } from 'node:http';
import { listen, type Served } from './listen.ts';

export interface Pace {
  readonly firstMs: number;
  readonly tokensPerSecond: number;
}

/** Where the request names no `max_tokens`. */
const defaultTokens = 16;

/** The offsets in an answer of this server, ms, in sending order. */
export function offsetsIn(text: string): number[] {
  return text
    .split(';')
    .filter((part) => part !== '')
    .map(Number);
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function servePaced(pace: Pace, port: number): Promise<Served> {
  const server = createServer((request, response) => {
    const arrived = performance.now();
    if (request.url === '/v1/models') {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"object":"list","data":[{"id":"paced","object":"model"}]}');
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => send(response, pace, arrived, tokensAsked(Buffer.concat(parts))));
  });
  return listen(server, port);
}

function tokensAsked(body: Buffer): number {
  try {
    const { max_tokens: wanted } = JSON.parse(body.toString('utf8')) as { max_tokens?: unknown };
    return typeof wanted === 'number' && wanted >= 1 ? Math.floor(wanted) : defaultTokens;
  } catch {
    return defaultTokens;
  }
}

function send(response: ServerResponse, pace: Pace, arrived: number, tokens: number): void {
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  const gapMs = 1000 / pace.tokensPerSecond;
  const event = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'paced', object: 'chat.completion.chunk', created: 0, model: 'paced', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  let sent = 0;
  const next = (): void => {
    if (response.destroyed) return;
    const offset = performance.now() - arrived;
    response.write(event({ content: `${offset.toFixed(3)};` }, null));
    sent += 1;
    if (sent < tokens) {
      setTimeout(next, Math.max(0, pace.firstMs + sent * gapMs - (performance.now() - arrived)));
      return;
    }
    const usage = { prompt_tokens: 9, completion_tokens: tokens, total_tokens: tokens + 9 };
    response.write(event({}, 'length'));
    response.end(
      `data: ${JSON.stringify({ id: 'paced', object: 'chat.completion.chunk', created: 0, model: 'paced', choices: [], usage })}\n\ndata: [DONE]\n\n`,
    );
  };
  setTimeout(next, Math.max(0, pace.firstMs - (performance.now() - arrived)));
}
