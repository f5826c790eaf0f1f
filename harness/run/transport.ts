/**
 * The socket side of a call. `openai` builds the request and hands it to the `fetch` made here, which dispatches it
 * through undici; what comes behind the response head is read by us alone, straight off the socket's callback, so that
 * a time stamp waits for nothing. The attempt's clock points and results travel in a `Wire` on the request options.
 */
import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Agent, buildConnector, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';
import { defaultLimits } from './allowance.ts';
import { limitConnect, lookupFor, refusalOf, trusted, usualReach, type Reach } from './connect.ts';
import { bodyOf, inflateStart } from './inflate.ts';
import { skipContinue } from './skip-continue.ts';
import type { Call, Wire } from './wire.ts';

const errorBodyBytes = 4096;
/** How long an error may take to say what is wrong, once its status is known. */
const errorBodyMs = 5000;
/** Under the 5 s after which common Python servers close an idle connection in our face. */
const keepAliveMs = 3500;

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
  /** Value of the `authorization` header, or null. It is added here and nowhere else knows it. */
  readonly authorization: string | null;
  /** True when the endpoint is on this machine: a proxy has no business there. */
  readonly direct: boolean;
  /** How long the text of an error is waited for after its head; 5 s unless told. */
  readonly errorBodyMs?: number;
  readonly reach?: Reach;
  /** Bytes of a response head at most. */
  readonly headerBytes?: number;
}

// The client package looks at the status alone; the head and body of every answer stand in its wire. Making a Response
// for each call would cost a twentieth of the call.
const answered = new Response(null, { status: 200 });
const failedAnswer = new Response(null, { status: 400 });

/** A connection pool for one target and the `fetch` that uses it. */
export function createTransport(options: TransportOptions): Transport {
  watchSockets();
  const reach = options.reach ?? usualReach;
  let known: { readonly href: string; readonly address: URL; readonly refusal: Error | null } | null = null;
  const first = dispatcherFor(options, false);
  let dispatcher = first;
  /** Takes the place of the first for a server that sends `100 Continue` unasked, which undici takes for a fault. */
  let patient: Dispatcher | null = null;
  const errorMs = options.errorBodyMs ?? errorBodyMs;
  return {
    fetch: async (url, init) => {
      const wire = (init as Record<string, unknown> | undefined)?.[wireKey] as Wire;
      const { href } = typeof url === 'string' ? { href: url } : url instanceof URL ? url : { href: url.url };
      // One target has one address; a URL is read once.
      if (known?.href !== href) {
        const address = new URL(href);
        known = { href, address, refusal: refusalOf(address.hostname, reach) };
      }
      if (known.refusal !== null) {
        wire.tCall ??= wire.clock();
        wire.thrown = known.refusal;
        throw known.refusal;
      }
      const request = requestOf(known.address, init ?? {}, options);
      try {
        await send(dispatcher, request, wire, errorMs);
      } catch (error) {
        if (isContinue(error)) {
          patient ??= dispatcherFor(options, true);
          dispatcher = patient;
        } else if (!isKeepAliveRace(wire, error)) throw error;
        else wire.resent = true;
        wire.thrown = null;
        await send(dispatcher, request, wire, errorMs);
      }
      return wire.body === null ? failedAnswer : answered;
    },
    close: async () => {
      await Promise.all([first.destroy(), patient?.destroy()]);
    },
  };
}

function dispatcherFor(options: TransportOptions, isPatient: boolean): Dispatcher {
  const reach = options.reach ?? usualReach;
  // undici's own limit has a grain of half a second.
  const connect = buildConnector({ timeout: 0, lookup: lookupFor(reach), ...trusted(reach) });
  const agentOptions: Agent.Options = {
    connections: options.connections,
    // A connection whose start is looked at serves one answer.
    pipelining: isPatient ? 0 : 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: options.headerBytes ?? defaultLimits.headerBytes,
    connect: (given, done) => {
      const socket: unknown = connect(given, (...result) => {
        settled();
        if (isPatient && result[1] !== null) skipContinue(result[1]);
        done(...result);
      });
      const settled = limitConnect(socket, options.connectMs);
    },
  };
  return options.direct ? new Agent(agentOptions) : throughProxy(agentOptions, options.connectMs, reach);
}

/** Goes by the proxy that the environment names, if it names one, and tells its faults from those behind it. */
export function throughProxy(agentOptions: Agent.Options, connectMs: number, reach: Reach): Dispatcher {
  return new EnvHttpProxyAgent({
    ...agentOptions,
    proxyTls: { timeout: connectMs },
    requestTls: trusted(reach),
    clientFactory: (origin, given) => new Pool(origin, viaProxy(given as Pool.Options)),
  });
}

/** What went wrong between us and the proxy, told apart from what goes wrong behind it. */
class ProxyError extends Error {
  readonly code = 'PROXY_UNREACHABLE';
}

function viaProxy(given: Pool.Options): Pool.Options {
  const { connect } = given;
  if (typeof connect !== 'function') return given;
  return {
    ...given,
    connect: (to, done) =>
      connect(to, (...[error, socket]) => {
        if (error === null) done(null, socket);
        else done(new ProxyError(error.message), null);
      }),
  };
}

/** The server closed an idle connection in the moment in which we used it again: nothing was answered, and none was read. */
function isKeepAliveRace(wire: Wire, error: unknown): boolean {
  if (wire.status !== null || wire.reusedSocket !== true) return false;
  const { code } = error as NodeJS.ErrnoException;
  const isLost =
    code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
  return isLost && wire.socket?.bytesRead === wire.bytesBefore;
}

function isContinue(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' && message === 'bad response';
}

function requestOf(address: URL, init: RequestInit, options: TransportOptions): Dispatcher.DispatchOptions {
  const headers: Record<string, string> = {
    accept: 'text/event-stream, application/json',
    // Compression hides when tokens arrive, and a small body can grow without limit.
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'user-agent': options.userAgent,
  };
  // The client package's own headers are left behind: they tell about this machine.
  if (options.authorization !== null) headers['authorization'] = options.authorization;
  return {
    origin: address.origin,
    path: address.pathname + address.search,
    method: (init.method ?? 'POST') as Dispatcher.HttpMethod,
    headers,
    body: init.body as string,
  };
}

/** Resolves when the response head (of a 2xx) or the start of an error body is there; rejects with what the socket threw. */
function send(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  wire: Wire,
  errorMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const call: Call = { controller: null, isGivenUp: false, reject };
    const errorParts: Buffer[] = [];
    let errorTimer: NodeJS.Timeout | undefined;
    const fail = (error: unknown): void => {
      wire.thrown ??= error;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const endError = (): void => {
      clearTimeout(errorTimer);
      const start = Buffer.concat(errorParts).subarray(0, errorBodyBytes);
      const encoding = wire.headers.get('content-encoding');
      wire.errorText = (encoding === undefined ? start : inflateStart(start, encoding))
        .subarray(0, errorBodyBytes)
        .toString('utf8');
      resolve();
    };
    wire.call = call;
    wire.tCall ??= wire.clock();
    dispatcher.dispatch(request, {
      onRequestStart: (given) => {
        call.controller = given;
        if (call.isGivenUp) given.abort(new Error('given up'));
        else writing = wire;
      },
      onResponseStart: (given, status, headers) => {
        // 100-continue and early hints are not the answer.
        if (status < 200) return;
        wire.tHdr = wire.clock();
        wire.status = status;
        wire.headers = pickHeaders(headers);
        if (status >= 300) {
          errorTimer = setTimeout(() => given.abort(new Error('enough')), errorMs);
          return;
        }
        wire.body = bodyOf(wire.headers.get('content-encoding'), () => given.abort(new Error('given up')));
        resolve();
      },
      onResponseData: (given, bytes) => {
        const at = wire.clock();
        if (wire.body !== null) return wire.body.push(bytes, at);
        errorParts.push(bytes);
        if (errorParts.reduce((sum, part) => sum + part.length, 0) >= errorBodyBytes)
          given.abort(new Error('enough'));
        return undefined;
      },
      onResponseEnd: () => {
        if (wire.body === null) endError();
        else wire.body.finish(null);
      },
      onResponseError: (_given, error) => {
        if (wire.body !== null) wire.body.finish(error);
        // What came before the cut still names the fault.
        else if (wire.status !== null) endError();
        else fail(error);
      },
    });
  });
}

/** Response headers that may be looked at and kept; everything else is dropped here. */
const kept = [
  'content-type',
  'content-encoding',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'location',
  'server',
];

function pickHeaders(all: Record<string, string | string[] | undefined>): Map<string, string> {
  const headers = new Map<string, string>();
  for (const name of kept) {
    const value = all[name];
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

// undici calls `onRequestStart` and writes the request head in one breath, and tells on a diagnostics channel when the
// head is on the socket. A call may have waited for a free socket before, so its own start says nothing.
let writing: Wire | null = null;
const usedSockets = new WeakSet<object>();
let watching = false;

function watchSockets(): void {
  if (watching) return;
  watching = true;
  diagnostics.subscribe('undici:client:sendHeaders', (message) => {
    const { socket } = message as { socket: Socket };
    if (writing === null) return;
    writing.t0 = writing.clock();
    writing.reusedSocket = usedSockets.has(socket);
    if (writing.reusedSocket) {
      writing.socket = socket;
      writing.bytesBefore = socket.bytesRead;
    }
    writing = null;
    usedSockets.add(socket);
  });
}
