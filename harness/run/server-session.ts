/** One server while it is being asked: its pages, each fetched once, and calls that learn which limit field it takes. */
import type { JsonObject, Message, Target } from '../types.ts';
import { allowanceOf } from './allowance.ts';
import { startClock, type Clock } from './clock.ts';
import {
  dialectNamed,
  limitFieldAfter,
  requestFor,
  type Dialect,
  type DialectName,
  type LimitField,
  type Page,
} from './dialects.ts';
import { openPages, type Got, type PageReader } from './get-json.ts';
import { createTransport, type Transport } from './transport.ts';
import { tryCall, type Trial } from './trial.ts';

export interface ProbeOptions {
  readonly target: Target;
  /** `http(s)://host:port/v1` */
  readonly baseUrl: string;
  /** The key itself; null for none. */
  readonly apiKey: string | null;
  /** Authorities trusted beside the usual ones, PEM; null or absent: none. */
  readonly ca?: string | null;
  /** `visavis/<version>` */
  readonly userAgent: string;
  /** True when the endpoint is on this machine: no proxy then. */
  readonly direct: boolean;
  /** A given dialect wins over what is found. */
  readonly dialect?: DialectName | 'auto';
  /** Try every ability, as `visavis probe` does. */
  readonly full?: boolean;
  readonly signal?: AbortSignal;
  /** Told what is being asked, a line each. */
  readonly say?: (line: string) => void;
  /** Wall clock, ms since 1970. */
  readonly now?: () => number;
}

export interface ServerSession {
  readonly options: ProbeOptions;
  readonly baseUrl: string;
  /** Fetched once, then remembered; `again` fetches anew. */
  readonly page: (page: Page, again?: boolean) => Promise<Got>;
  readonly get: PageReader['get'];
  /** A call with at most `limit` tokens; sent again with the other limit field when the server asks for that. */
  readonly call: (limit: number, parts: CallParts) => Promise<Trial>;
  /** null until a call was answered. */
  readonly limitField: () => LimitField | null;
  readonly setDialect: (dialect: Dialect) => void;
  readonly close: () => Promise<void>;
}

export interface CallParts {
  readonly messages: readonly Message[];
  /** Request fields over the target's own. */
  readonly fields?: JsonObject;
  /** Leave out those of the target's parameters that would hide what is tried. */
  readonly bare?: boolean;
  /** null: not streamed. */
  readonly streamOptions?: JsonObject | null;
  readonly stream: boolean;
}

/** Parameters of a target that change what an answer looks like. */
const shaping = new Set([
  'stop',
  'n',
  'response_format',
  'tools',
  'tool_choice',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'seed',
  'ignore_eos',
  'min_tokens',
]);

const roomToThink = 64;

export function openSession(options: ProbeOptions): ServerSession {
  const { target } = options;
  const address = new URL(options.baseUrl);
  const baseUrl = `${address.origin}${address.pathname.replace(/\/+$/u, '')}`;
  const rootUrl = baseUrl.replace(/\/v1$/u, '');
  const authorization = options.apiKey === null ? null : `Bearer ${options.apiKey}`;
  const now = options.now ?? Date.now;
  const clock: Clock = startClock();
  const allowance = allowanceOf(target);
  const reach = { ca: options.ca ?? null, allowLinkLocal: target.allowLinkLocal ?? false };
  const pages = openPages({
    authorization,
    origin: address.origin,
    userAgent: options.userAgent,
    direct: options.direct,
    reach,
    now,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const transport: Transport = createTransport({
    connections: 1,
    connectMs: target.timeouts.connectMs,
    userAgent: options.userAgent,
    authorization,
    direct: options.direct,
    reach,
    headerBytes: allowance.limits.headerBytes,
  });
  const seen = new Map<string, Got>();
  let dialect: Dialect = dialectNamed('generic');
  let learned: LimitField | null = null;
  let answered: LimitField | null = null;

  const send = async (limit: number, parts: CallParts): Promise<Trial> => {
    const field = learned ?? dialect.limitField;
    const own = Object.entries({ ...target.params, ...parts.fields }).filter(
      ([key]) =>
        key !== 'max_tokens' &&
        key !== 'max_completion_tokens' &&
        !(parts.bare === true && shaping.has(key) && parts.fields?.[key] === undefined),
    );
    const body: JsonObject = {
      ...requestFor(dialect, Object.fromEntries([...own, ['max_tokens', limit]]), {
        limitField: field,
        // What is tried must be sent, whatever is believed of the dialect.
        ignoreEos: parts.fields?.['ignore_eos'] === true ? true : null,
      }),
      model: target.model,
      messages: parts.messages.map(({ role, content }) => ({ role, content })),
      stream: parts.stream,
      ...(parts.stream && parts.streamOptions != null ? { stream_options: parts.streamOptions } : {}),
    };
    const trial = await tryCall(
      {
        transport,
        baseUrl,
        allowance,
        clock,
        now,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      body,
    );
    if (trial.outcome.kind === 'answered') answered = field;
    return trial;
  };

  const call = async (limit: number, parts: CallParts): Promise<Trial> => {
    const first = await send(limit, parts);
    if (first.outcome.kind === 'answered') return first;
    const { message } = first.outcome.failure;
    const other = limitFieldAfter(first.http, message, learned ?? dialect.limitField);
    if (other !== null) {
      const before = learned;
      learned = other;
      const second = await send(limit, parts);
      if (second.outcome.kind === 'answered') return second;
      // Refused under both names: neither is the trouble.
      if (limitFieldAfter(second.http, second.outcome.failure.message, other) !== null) learned = before;
      return second;
    }
    // Some models that reason refuse a limit that leaves them no room to think.
    const tooSmall =
      (first.http === 400 || first.http === 422) &&
      /max_(?:completion_|output_)?tokens|output limit/u.test(message) &&
      limit < roomToThink;
    return tooSmall ? send(roomToThink, parts) : first;
  };

  return {
    options,
    baseUrl,
    page: async (page, again = false) => {
      const url = `${page.under === 'root' ? rootUrl : baseUrl}${page.path}`;
      const known = again ? undefined : seen.get(url);
      if (known !== undefined) return known;
      options.say?.(`GET ${url}`);
      const got = await pages.get(url);
      seen.set(url, got);
      return got;
    },
    get: pages.get,
    call,
    limitField: () => answered,
    setDialect: (row) => {
      dialect = row;
    },
    close: async () => {
      await Promise.all([pages.close(), transport.close()]);
    },
  };
}
