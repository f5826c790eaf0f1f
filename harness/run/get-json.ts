/**
 * One GET for a page of JSON beside the API: model lists, properties, versions. Small limits, no redirects, and the key
 * goes to the target's own origin alone.
 */
import { Agent, request, type Dispatcher } from 'undici';
import type { Failure } from '../types.ts';
import { lookupFor, refusalOf, trusted, usualReach, type Reach } from './connect.ts';
import { failure, fromHttp, fromSocket } from './failure.ts';
import { throughProxy } from './transport.ts';

export const pageMs = 5000;
export const pageBytes = 4 * 1024 * 1024;
/** Text kept of a page that is not JSON. */
const shownCharacters = 4096;

export interface GetOptions {
  /** Value of the `authorization` header, or null. */
  readonly authorization: string | null;
  /** The only origin that gets it. */
  readonly origin: string;
  readonly userAgent: string;
  /** True when the endpoint is on this machine: no proxy then, whatever the environment says. */
  readonly direct: boolean;
  readonly reach?: Reach;
  /** Wall clock, ms since 1970: for dates in `retry-after`. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** All of it, from the name resolution to the last byte. */
  readonly timeoutMs?: number;
}

export interface Got {
  /** null: no response head came. */
  readonly http: number | null;
  readonly contentType: string;
  /** The parsed body whatever the status; undefined when it is not JSON. */
  readonly json: unknown;
  /** The start of the body. */
  readonly text: string;
  /** null: a 2xx with a whole JSON body. */
  readonly failure: Failure | null;
}

/** Fetches pages until it is closed; never rejects for the fault of a server. */
export interface PageReader {
  readonly get: (url: string) => Promise<Got>;
  readonly close: () => Promise<void>;
}

export function openPages(options: GetOptions): PageReader {
  const timeoutMs = options.timeoutMs ?? pageMs;
  const reach = options.reach ?? usualReach;
  const agentOptions: Agent.Options = {
    connections: 1,
    maxHeaderSize: 64 * 1024,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, lookup: lookupFor(reach), ...trusted(reach) },
  };
  const dispatcher: Dispatcher = options.direct
    ? new Agent(agentOptions)
    : throughProxy(agentOptions, timeoutMs, reach);
  return {
    get: (url) => getJson(url, dispatcher, options, timeoutMs),
    close: () => dispatcher.destroy(),
  };
}

async function getJson(
  url: string,
  dispatcher: Dispatcher,
  options: GetOptions,
  timeoutMs: number,
): Promise<Got> {
  const address = new URL(url);
  const tooSlow = AbortSignal.timeout(timeoutMs);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': options.userAgent,
  };
  if (options.authorization !== null && address.origin === options.origin)
    headers['authorization'] = options.authorization;
  let http: number | null = null;
  let contentType = '';
  const ended = (why: Failure, text = '', json?: unknown): Got => ({
    http,
    contentType,
    json,
    text: text.slice(0, shownCharacters),
    failure: why,
  });
  const refusal = refusalOf(address.hostname, options.reach ?? usualReach);
  if (refusal !== null) return ended(fromSocket(refusal, address.host));
  try {
    const answer = await request(address, {
      method: 'GET',
      headers,
      dispatcher,
      signal: options.signal === undefined ? tooSlow : AbortSignal.any([options.signal, tooSlow]),
    });
    http = answer.statusCode;
    const head = headOf(answer.headers);
    contentType = head.get('content-type') ?? '';
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > pageBytes) {
        answer.body.destroy();
        return ended(
          failure('protocol', 'output-too-large', `${address.pathname} is larger than 4 MiB`, {
            http,
            remedy: 'final',
          }),
        );
      }
      parts.push(part);
    }
    const text = Buffer.concat(parts).toString('utf8');
    const json = parse(text);
    if (http >= 300) return ended(fromHttp(http, head, text, options.now()), text, json);
    if (json !== undefined)
      return { http, contentType, json, text: text.slice(0, shownCharacters), failure: null };
    const html = contentType.includes('html') || /^\s*</u.test(text);
    return ended(
      failure(
        'protocol',
        'wrong-content-type',
        html ? `${address.pathname} is a web page, not JSON` : `${address.pathname} is not JSON`,
        { http },
      ),
      text,
    );
  } catch (error) {
    if (options.signal?.aborted === true) return ended(failure('cancelled', 'cancelled', 'stopped by us'));
    if (tooSlow.aborted)
      return ended(
        failure('timeout', 'timeout-page', `${address.pathname} did not come within ${timeoutMs / 1000} s`),
      );
    return ended(fromSocket(error, address.host));
  }
}

function headOf(all: Record<string, string | string[] | undefined>): Map<string, string> {
  const head = new Map<string, string>();
  for (const name of ['content-type', 'location', 'retry-after', 'retry-after-ms']) {
    const value = all[name];
    if (value !== undefined) head.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return head;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, '')) as unknown;
  } catch {
    return undefined;
  }
}
