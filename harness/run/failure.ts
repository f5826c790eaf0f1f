/** Names what an endpoint did instead of answering. Codes are stable: people filter and compare by them. */
import type { Failure } from '../types.ts';
import { defaultRetryAfterMs } from './allowance.ts';
import { readRetryAfter } from './retry.ts';

/** Why the reading of a body was given up by us. */
export type StopReason =
  'timeout-first' | 'timeout-idle' | 'timeout-content' | 'timeout-total' | 'output-too-large';

interface Parts {
  readonly http?: number | null;
  readonly remedy?: Failure['remedy'];
  readonly retryAfterMs?: number | null;
}

/** A failure; the message is cut to one line of at most 500 characters. */
export function failure(
  status: Failure['status'],
  code: string,
  message: string,
  parts: Parts = {},
): Failure {
  const line = message
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return {
    status,
    code,
    message: line.length > 500 ? `${line.slice(0, 499)}…` : line,
    http: parts.http ?? null,
    remedy: parts.remedy ?? 'retry',
    retryAfterMs: parts.retryAfterMs ?? null,
  };
}

/** No response head came: what the socket or the HTTP client threw. */
export function fromSocket(error: unknown, where: string): Failure {
  const atProxy = fromProxy(error);
  if (atProxy !== null) return atProxy;
  const cause = rootCause(error);
  const code = cause.code ?? '';
  if (code === 'LINK_LOCAL')
    return failure(
      'connect-failed',
      'link-local',
      `${where} is refused: ${cause.message}; allowLinkLocal: true in the target permits it`,
      { remedy: 'abort' },
    );
  if (code === 'ECONNREFUSED')
    return failure(
      'connect-failed',
      'connect-refused',
      `nothing listens on ${where}${addressesTried(error)}`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return failure('connect-failed', 'dns', `the name in ${where} cannot be resolved (${code})`);
  // A connection that stood and went dead under a read is lost, not late.
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || (code === 'ETIMEDOUT' && !cause.message.startsWith('read ')))
    return failure('timeout', 'timeout-connect', `no connection to ${where} in time`);
  if (
    /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/u.test(code) ||
    /wrong version number|EPROTO/u.test(`${code} ${cause.message}`)
  ) {
    return failure('connect-failed', 'tls', `TLS with ${where} failed: ${cause.message}`, {
      remedy: 'abort',
    });
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return failure('protocol', 'header-overflow', 'the response head is larger than limits.headerBytes', {
      remedy: 'final',
    });
  }
  // Nothing was sent: the client library refused to write it.
  if (code === 'UND_ERR_INVALID_ARG')
    return /authorization/iu.test(cause.message)
      ? failure('protocol', 'auth', 'the key holds a character that no header can carry: a line end?', {
          remedy: 'abort',
        })
      : failure('protocol', 'bad-base-url', `no request can be made for ${where}: ${cause.message}`, {
          remedy: 'abort',
        });
  if (code === 'EMFILE')
    return failure('connect-failed', 'fd-limit', 'no more file descriptors: lower the concurrency');
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
    return failure('connect-failed', 'unreachable', `${where} cannot be reached (${code})`);
  return failure(
    'connection-lost',
    'reset-before-headers',
    `the connection to ${where} ended before an answer: ${cause.message}`,
  );
}

/** What went wrong at or before a proxy; null: not there. */
function fromProxy(error: unknown): Failure | null {
  if (!(error instanceof Error)) return null;
  if ((error as NodeJS.ErrnoException).code === 'PROXY_UNREACHABLE')
    return failure('connect-failed', 'proxy-error', `the proxy cannot be reached: ${error.message}`);
  const status = /^Proxy response \((\d+)\)/u.exec(error.message)?.[1];
  if (status === undefined) return null;
  if (status === '407')
    return failure('connect-failed', 'proxy-auth', 'the proxy asks for a name and a password', {
      remedy: 'abort',
    });
  return failure('connect-failed', 'proxy-error', `the proxy answered with status ${status}`);
}

/** Where a name has several addresses, those that were tried. */
function addressesTried(error: unknown): string {
  const list = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const addresses = list.flatMap((one) => {
    const { address } = (one ?? {}) as { address?: unknown };
    return typeof address === 'string' ? [address] : [];
  });
  return addresses.length === 0 ? '' : ` (tried ${addresses.join(', ')})`;
}

/** The connection ended while the answer was being sent. */
export function fromBrokenBody(error: unknown): Failure {
  const { code, message } = rootCause(error);
  if (code === 'BAD_ENCODING')
    return failure('protocol', 'bad-encoding', `the compressed answer cannot be opened: ${message}`, {
      http: 200,
    });
  return failure('connection-lost', 'reset-mid-stream', `the connection ended in mid-answer: ${message}`, {
    http: 200,
  });
}

/** We stopped reading. */
export function fromStop(reason: StopReason, http: number | null): Failure {
  const said: Record<StopReason, string> = {
    'timeout-first': 'no content in time',
    'timeout-idle': 'the stream fell silent',
    'timeout-content': 'the stream sent signs of life but no content',
    'timeout-total': 'the answer took too long',
    'output-too-large': 'the answer is larger than the limit',
  };
  if (reason === 'output-too-large')
    return failure('protocol', reason, said[reason], { http, remedy: 'final' });
  return failure('timeout', reason, said[reason], { http });
}

/** How servers say that a prompt does not fit; the last two are TGI's and SGLang's. */
const tooLong =
  /context.?length|context size|maximum context|too many tokens|`inputs` (?:tokens|must have)|input is (?:too long|longer than)/u;

/** A response head with a status of 300 or above. */
export function fromHttp(
  status: number,
  headers: ReadonlyMap<string, string>,
  body: string,
  now: number,
  maxRetryAfterMs: number = defaultRetryAfterMs,
): Failure {
  const html = (headers.get('content-type') ?? '').includes('html') || /^\s*</u.test(body);
  const message = messageOf(parse(body)) ?? (body.trim() || `HTTP ${status}`);
  const make = (
    code: string,
    remedy: Failure['remedy'],
    text = message,
    retryAfterMs: number | null = null,
  ): Failure =>
    failure('http-error', code, text, {
      http: status,
      // The server may forbid another try; it may not ask for one that makes no sense.
      remedy: remedy === 'retry' && headers.get('x-should-retry') === 'false' ? 'final' : remedy,
      retryAfterMs,
    });
  const told = `${message} ${body}`.toLowerCase();
  const wait = { ms: readRetryAfter(headers, now), most: maxRetryAfterMs };
  if (status < 400)
    return make(
      'redirect',
      'abort',
      `the server redirects to ${headers.get('location') ?? 'another address'}: use that address`,
    );
  switch (status) {
    case 400:
    case 422:
      if (tooLong.test(told)) return make('context-length', 'final');
      if (/content.?(policy|filter)|content management/u.test(told)) return make('content-filtered', 'final');
      if (status === 400 && /unknown|unsupported|unrecognized|invalid.*param|not allowed/u.test(told))
        return make('bad-request-param', 'final');
      return make('invalid-request', 'final');
    case 401:
      return make('auth', 'abort', `the key was refused: ${message}`);
    case 402:
      return make('quota', 'abort');
    case 403:
      return make('forbidden', 'final');
    case 404:
    case 405:
      if (!html && /model|lora|adapter/u.test(told)) return make('model-not-found', 'abort');
      return make('bad-base-url', 'abort', `${message} - is this the address of the API, with /v1?`);
    case 407:
      return make('proxy-auth', 'abort');
    case 408:
      return make('request-timeout', 'retry');
    case 409:
      return make('conflict', 'retry');
    case 413:
      return make('request-too-large', 'final');
    case 425:
      return make('too-early', 'retry');
    case 429:
      if (/insufficient_quota|billing|exceeded your current quota/u.test(told)) return make('quota', 'abort');
      return pressed(make, 'rate-limited', message, wait);
    case 501:
      return make('not-implemented', 'abort');
    case 503:
    case 529:
      return pressed(make, 'overloaded', message, wait);
    default:
      if (status < 500) return make('invalid-request', 'final');
      return make(
        status === 502 || status === 504 || (status >= 520 && status <= 524) ? 'bad-gateway' : 'server-error',
        'retry',
      );
  }
}

/** The server asks for patience: for `wait.ms`, where it says so; more than `wait.most` is more than anybody should wait. */
function pressed(
  make: (code: string, remedy: Failure['remedy'], text?: string, retryAfterMs?: number | null) => Failure,
  code: string,
  message: string,
  wait: { readonly ms: number | null; readonly most: number },
): Failure {
  if (wait.ms !== null && wait.ms > wait.most) {
    return make(
      'rate-limited-long',
      'abort',
      `asks to wait ${inWords(wait.ms)}, then run with --resume`,
      wait.ms,
    );
  }
  return make(code, 'retry', message, wait.ms);
}

const inWords = (ms: number): string =>
  ms >= 60_000 ? `${Math.ceil(ms / 60_000)} min` : `${Math.ceil(ms / 1000)} s`;

/** An error object or text inside a 200: judged by its own code where it has one. */
export function fromErrorObject(error: unknown): Failure {
  const code = readCode(error);
  const message = messageOf({ error }) ?? messageOf(error) ?? 'the server reported an error in mid-answer';
  if (code !== null && code >= 400 && code < 600) {
    const inner = fromHttp(code, new Map(), JSON.stringify({ error }), 0);
    return failure('stream-error', inner.code, message, { http: 200, remedy: inner.remedy });
  }
  return failure('stream-error', 'upstream-error', message, { http: 200 });
}

/** Codes in words, as the API's own documentation has them, and the status they travel with elsewhere. */
const namedCodes: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  context_length_exceeded: 400,
  content_policy_violation: 400,
  content_filter: 400,
  invalid_api_key: 401,
  model_not_found: 404,
};

function readCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  for (const name of ['code', 'http_status_code', 'status']) {
    const raw = (error as Record<string, unknown>)[name];
    if (typeof raw === 'string' && Object.hasOwn(namedCodes, raw)) return namedCodes[raw] ?? null;
    const value = Number(raw);
    if (Number.isInteger(value) && value > 0) return value;
  }
  return null;
}

/** The first of the places where servers put their message. */
function messageOf(body: unknown): string | null {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null) return null;
  const { error, message, detail } = body as Record<string, unknown>;
  if (typeof error === 'string') return error;
  const inner =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>)['message'] : undefined;
  if (typeof inner === 'string') return inner;
  if (typeof message === 'string') return message;
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return null;
  return detail
    .map((item: unknown) => {
      const { loc, msg } = (item ?? {}) as { loc?: unknown; msg?: unknown };
      return `${Array.isArray(loc) ? loc.join('.') : ''}: ${String(msg)}`;
    })
    .join('; ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The innermost error that has a code; addresses tried one after another come as an AggregateError. */
function rootCause(error: unknown): { code: string | undefined; message: string } {
  let found: { code: string | undefined; message: string } = { code: undefined, message: String(error) };
  for (let at = error, depth = 0; at instanceof Error && depth < 8; depth += 1) {
    const code = (at as NodeJS.ErrnoException).code;
    found = { code: code ?? found.code, message: at.message || found.message };
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return found;
}
