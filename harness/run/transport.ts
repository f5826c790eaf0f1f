/**
 * The socket side of a call. `openai` builds the request and hands it to the `fetch` made here, which sends it with
 * undici's `request()`; what comes behind the response head is read by us alone. The attempt's own clock points,
 * signal and results travel in a `Wire` that rides on the request options.
 */
import diagnostics from 'node:diagnostics_channel';
import type { Readable } from 'node:stream';
import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import type { Clock } from './clock.ts';

export const headerBytes = 64 * 1024;
const errorBodyBytes = 4096;
/** Under the 5 s after which common Python servers close an idle connection in our face. */
const keepAliveMs = 3500;

/** One attempt as the transport sees it. */
export interface Wire {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  tCall: number | null;
  t0: number | null;
  tHdr: number | null;
  reusedSocket: boolean | null;
  status: number | null;
  headers: Headers | null;
  /** The body of a 2xx answer, unread. */
  body: Readable | null;
  /** The start of the body of any other answer. */
  errorText: string;
  /** What the socket threw before a response head came. */
  thrown: unknown;
}

export function createWire(signal: AbortSignal, clock: Clock): Wire {
  return {
    signal,
    clock,
    tCall: null,
    t0: null,
    tHdr: null,
    reusedSocket: null,
    status: null,
    headers: null,
    body: null,
    errorText: '',
    thrown: null,
  };
}

/** The property of the request options under which the wire travels through the client package. */
export const wireKey = 'visavisWire';

export interface Transport {
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

export interface TransportOptions {
  readonly connections: number;
  readonly connectMs: number;
  readonly userAgent: string;
  readonly sendAuthorization: boolean;
  /** True when the endpoint is on this machine: a proxy has no business there. */
  readonly direct: boolean;
}

/** A connection pool for one target and the `fetch` that uses it. */
export function createTransport(options: TransportOptions): Transport {
  watchSockets();
  const agentOptions: Agent.Options = {
    connections: options.connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: headerBytes,
    connect: { timeout: options.connectMs },
  };
  const dispatcher: Dispatcher = options.direct ? new Agent(agentOptions) : new EnvHttpProxyAgent(agentOptions);
  return {
    fetch: async (url, init) => {
      const wire = (init as Record<string, unknown> | undefined)?.[wireKey] as Wire;
      const address = typeof url === 'string' ? url : url instanceof URL ? url.href : url.url;
      await send(address, init ?? {}, wire, dispatcher, options);
      return new Response(null, { status: wire.status ?? 599, headers: wire.headers ?? new Headers() });
    },
    close: () => dispatcher.destroy(),
  };
}

async function send(
  url: string,
  init: RequestInit,
  wire: Wire,
  dispatcher: Dispatcher,
  options: TransportOptions,
): Promise<void> {
  const headers: Record<string, string> = {};
  new Headers(init.headers).forEach((value, name) => {
    if (!name.startsWith('x-stainless-')) headers[name] = value;
  });
  if (!options.sendAuthorization) delete headers['authorization'];
  headers['accept'] = 'text/event-stream, application/json';
  // Compression hides when tokens arrive, and a small body can grow without limit.
  headers['accept-encoding'] = 'identity';
  headers['user-agent'] = options.userAgent;
  try {
    wire.tCall = wire.clock();
    starting = wire;
    const pending = request(url, {
      method: (init.method ?? 'POST') as Dispatcher.HttpMethod,
      headers,
      body: init.body as string,
      dispatcher,
      signal: wire.signal,
    });
    starting = null;
    const answer = await pending;
    wire.tHdr = wire.clock();
    wire.status = answer.statusCode;
    wire.headers = pickHeaders(answer.headers);
    if (answer.statusCode >= 200 && answer.statusCode < 300) wire.body = answer.body;
    else wire.errorText = await readStart(answer.body, errorBodyBytes);
  } catch (error) {
    starting = null;
    wire.thrown = error;
    throw error;
  }
}

/** Response headers that may be looked at and kept; everything else is dropped here. */
const kept = new Set(['content-type', 'content-encoding', 'retry-after', 'retry-after-ms', 'x-should-retry', 'location', 'server']);

function pickHeaders(all: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers();
  for (const name of kept) {
    const value = all[name];
    // A header that the fetch standard refuses (control characters) is as good as none.
    if (value !== undefined) {
      try {
        headers.set(name, Array.isArray(value) ? value.join(', ') : value);
      } catch {
        continue;
      }
    }
  }
  return headers;
}

async function readStart(body: Readable, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size >= limit) break;
    }
  } catch {
    // What came before the cut still names the fault.
  }
  body.destroy();
  return Buffer.concat(parts).subarray(0, limit).toString('utf8');
}

// undici tells on its diagnostics channels when a request is made (inside our own call) and when its head is written.
let starting: Wire | null = null;
const wires = new WeakMap<object, Wire>();
const usedSockets = new WeakSet<object>();
let watching = false;

function watchSockets(): void {
  if (watching) return;
  watching = true;
  diagnostics.subscribe('undici:request:create', (message) => {
    if (starting !== null) wires.set((message as { request: object }).request, starting);
  });
  diagnostics.subscribe('undici:client:sendHeaders', (message) => {
    const { request: sent, socket } = message as { request: object; socket: object };
    const wire = wires.get(sent);
    if (wire === undefined) return;
    wire.t0 = wire.clock();
    wire.reusedSocket = usedSockets.has(socket);
    usedSockets.add(socket);
  });
}
