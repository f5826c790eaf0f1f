/**
 * What the servers differ in, one row each: which fields they take, and by which keys of their own pages they are known.
 * Rows are data. The reader of answers knows no dialects: gateways mix them, so it takes every frame from everyone.
 */
import type { Json, JsonObject } from '../types.ts';

export type DialectName =
  'vllm' | 'llama.cpp' | 'ollama' | 'sglang' | 'tgi' | 'lmstudio' | 'openai' | 'generic';

/** The field that bounds the length of an answer. Never both: some models refuse the pair. */
export type LimitField = 'max_tokens' | 'max_completion_tokens';

/** `no` also where the field is accepted and does nothing. `unknown`: only a trial tells. */
export type Ability = 'yes' | 'no' | 'unknown';

/** Way into a JSON value: keys, and `*` for the entry of a list that belongs to the asked model. */
export type KeyPath = readonly string[];

/** A page of the server. `root` pages stand beside `/v1`, `api` pages under the base URL. */
export interface Page {
  readonly under: 'root' | 'api';
  readonly path: string;
}

/** Where a figure may stand; the first place that has it wins. */
export interface Place {
  readonly page: Page;
  readonly at: KeyPath;
}

/** Keys of one page. The status of the answer is never asked: catch-all routes answer 200. */
export interface Sign {
  readonly page: Page;
  /** Every one of these must lead somewhere. */
  readonly keys: readonly KeyPath[];
}

export interface Dialect {
  readonly name: DialectName;
  /** As people write it. */
  readonly title: string;
  readonly limitField: LimitField;
  readonly ignoreEos: Ability;
  readonly minTokens: Ability;
  readonly seed: Ability;
  readonly logprobs: Ability;
  readonly jsonSchema: Ability;
  /** Usage in every event of a stream, `stream_options.continuous_usage_stats`. */
  readonly continuousUsage: Ability;
  /** Fields of `stream_options` that only this dialect takes. */
  readonly streamOptions: JsonObject;
  /** Must `stop` be a list, even for one text? */
  readonly stopAsList: boolean;
  /** The field that keeps a prompt out of the prefix cache; null: there is none. */
  readonly cacheSwitch: 'cache_salt' | 'cache_prompt' | null;
  /** `checked`: an unknown model is refused. `ignored`: any name is answered. `loads`: the name picks what is loaded. */
  readonly modelName: 'checked' | 'ignored' | 'loads';
  /** Hosts that are this dialect without asking. */
  readonly hosts: readonly string[];
  /** Known by any one of these groups, all signs of the group together. */
  readonly signs: readonly (readonly Sign[])[];
  readonly contextTokens: readonly Place[];
  readonly slots: readonly Place[];
  readonly version: readonly Place[];
  readonly quantization: readonly Place[];
  /** The model comes into memory with its first call: its page is read again after that. */
  readonly loadsOnCall: boolean;
  /** What surprises people who measure it, a line each. */
  readonly traps: readonly string[];
}

const models: Page = { under: 'api', path: '/models' };
const root = (path: string): Page => ({ under: 'root', path });

const serverInfo = root('/get_server_info');
const newServerInfo = root('/server_info');
const props = root('/props');
const ollamaVersion = root('/api/version');
const loaded = root('/api/ps');
const info = root('/info');
const nativeModels = root('/api/v0/models');
const versionPage = root('/version');

/** In the order in which they are tried: the clearest signs first. */
export const dialects: readonly Dialect[] = [
  {
    name: 'openai',
    title: 'OpenAI',
    limitField: 'max_completion_tokens',
    ignoreEos: 'no',
    minTokens: 'no',
    seed: 'unknown',
    logprobs: 'yes',
    jsonSchema: 'yes',
    continuousUsage: 'no',
    // Its chunks are padded to hide token lengths, which makes every chunk longer than its text.
    streamOptions: { include_obfuscation: false },
    stopAsList: false,
    cacheSwitch: null,
    modelName: 'checked',
    hosts: ['api.openai.com'],
    signs: [],
    contextTokens: [],
    slots: [],
    version: [],
    quantization: [],
    loadsOnCall: false,
    traps: [
      'an unknown field is refused with 400',
      'a stream that is cut loses its usage',
      'prompts from 1024 tokens on are cached without asking',
      'reasoning is hidden: it costs tokens and time, and is not sent',
      'a schema must stay within the strict subset',
    ],
  },
  {
    name: 'sglang',
    title: 'SGLang',
    limitField: 'max_tokens',
    ignoreEos: 'yes',
    minTokens: 'yes',
    seed: 'yes',
    logprobs: 'yes',
    jsonSchema: 'yes',
    continuousUsage: 'unknown',
    streamOptions: {},
    stopAsList: false,
    cacheSwitch: null,
    modelName: 'ignored',
    hosts: [],
    signs: [
      [{ page: serverInfo, keys: [['internal_states']] }],
      [{ page: newServerInfo, keys: [['internal_states']] }],
    ],
    contextTokens: [
      { page: models, at: ['data', '*', 'max_model_len'] },
      { page: serverInfo, at: ['context_length'] },
      { page: newServerInfo, at: ['context_length'] },
    ],
    slots: [
      { page: serverInfo, at: ['max_running_requests'] },
      { page: newServerInfo, at: ['max_running_requests'] },
    ],
    version: [
      { page: serverInfo, at: ['version'] },
      { page: newServerInfo, at: ['version'] },
    ],
    quantization: [
      { page: serverInfo, at: ['quantization'] },
      { page: newServerInfo, at: ['quantization'] },
    ],
    loadsOnCall: false,
    traps: [
      'one event may carry several tokens: gaps between events are not gaps between tokens',
      'errors have no "error" object around them',
      'without --max-queued-requests it queues for ever',
    ],
  },
  {
    name: 'llama.cpp',
    title: 'llama.cpp',
    limitField: 'max_tokens',
    ignoreEos: 'yes',
    minTokens: 'no',
    seed: 'yes',
    logprobs: 'yes',
    jsonSchema: 'yes',
    continuousUsage: 'no',
    streamOptions: {},
    stopAsList: false,
    cacheSwitch: 'cache_prompt',
    modelName: 'ignored',
    hosts: [],
    signs: [[{ page: props, keys: [['total_slots'], ['default_generation_settings']] }]],
    contextTokens: [
      { page: props, at: ['default_generation_settings', 'n_ctx'] },
      { page: models, at: ['data', '*', 'meta', 'n_ctx'] },
    ],
    slots: [{ page: props, at: ['total_slots'] }],
    version: [{ page: props, at: ['build_info'] }],
    quantization: [],
    loadsOnCall: false,
    traps: [
      'slots share the context: each has the figure given here, not the whole',
      'some builds cut a long prompt without a word, or ignore tool_choice',
      'some builds answer a mistake of the client with 500',
      'the finish reason may be "stop" although the token limit was reached',
    ],
  },
  {
    name: 'ollama',
    title: 'Ollama',
    limitField: 'max_tokens',
    ignoreEos: 'no',
    minTokens: 'no',
    seed: 'yes',
    logprobs: 'unknown',
    jsonSchema: 'yes',
    continuousUsage: 'no',
    streamOptions: {},
    stopAsList: false,
    cacheSwitch: null,
    modelName: 'checked',
    hosts: [],
    signs: [
      [
        { page: ollamaVersion, keys: [['version']] },
        { page: loaded, keys: [['models']] },
      ],
    ],
    contextTokens: [{ page: loaded, at: ['models', '*', 'context_length'] }],
    slots: [],
    version: [{ page: ollamaVersion, at: ['version'] }],
    quantization: [{ page: loaded, at: ['models', '*', 'details', 'quantization_level'] }],
    loadsOnCall: true,
    traps: [
      'a prompt longer than its context (often 4096) is cut without a word',
      'max_completion_tokens is ignored: the answer would have no limit',
      'temperature is 1 unless it is asked for',
      'with one slot the time to first token is mostly waiting',
      'a model is unloaded after 5 idle minutes: the next call pays for loading',
      'an error in mid-answer comes as an empty event and a normal end',
    ],
  },
  {
    name: 'tgi',
    title: 'TGI',
    limitField: 'max_tokens',
    ignoreEos: 'no',
    minTokens: 'no',
    seed: 'yes',
    logprobs: 'yes',
    jsonSchema: 'unknown',
    continuousUsage: 'no',
    streamOptions: {},
    stopAsList: true,
    cacheSwitch: null,
    modelName: 'ignored',
    hosts: [],
    signs: [[{ page: info, keys: [['model_id'], ['max_total_tokens']] }]],
    contextTokens: [{ page: info, at: ['max_total_tokens'] }],
    slots: [{ page: info, at: ['max_concurrent_requests'] }],
    version: [{ page: info, at: ['version'] }],
    quantization: [],
    loadsOnCall: false,
    traps: [
      'presence_penalty is taken as a repetition penalty',
      'at the token limit the finish reason comes on the event of the last text',
      'schemas and tools do not go together',
      'any model name but "tgi" may be taken for an adapter',
    ],
  },
  {
    name: 'lmstudio',
    title: 'LM Studio',
    limitField: 'max_tokens',
    ignoreEos: 'no',
    minTokens: 'no',
    seed: 'yes',
    logprobs: 'unknown',
    jsonSchema: 'yes',
    continuousUsage: 'no',
    streamOptions: {},
    stopAsList: false,
    cacheSwitch: null,
    modelName: 'loads',
    hosts: [],
    signs: [[{ page: nativeModels, keys: [['data', '0', 'state']] }]],
    contextTokens: [{ page: nativeModels, at: ['data', '*', 'loaded_context_length'] }],
    slots: [],
    version: [],
    quantization: [{ page: nativeModels, at: ['data', '*', 'quantization'] }],
    loadsOnCall: true,
    traps: [
      'it lists every model on the disk, loaded or not; naming one loads it inside the call',
      'a model is unloaded after some idle time: the next call pays for loading',
    ],
  },
  {
    name: 'vllm',
    title: 'vLLM',
    limitField: 'max_tokens',
    ignoreEos: 'yes',
    minTokens: 'yes',
    seed: 'yes',
    logprobs: 'yes',
    jsonSchema: 'yes',
    continuousUsage: 'yes',
    streamOptions: {},
    stopAsList: false,
    cacheSwitch: 'cache_salt',
    modelName: 'checked',
    hosts: [],
    // Many servers have a page with a version; only with the model list beside it is it a sign.
    signs: [
      [
        { page: versionPage, keys: [['version']] },
        { page: models, keys: [['data', '0', 'max_model_len']] },
      ],
    ],
    contextTokens: [{ page: models, at: ['data', '*', 'max_model_len'] }],
    slots: [],
    version: [{ page: versionPage, at: ['version'] }],
    quantization: [],
    loadsOnCall: false,
    traps: [
      'it never refuses under load: it queues, and the time to first token grows',
      'keywords of a schema may be dropped without a word',
      'tool choice needs flags on the server',
      'the prefix cache makes repeated prompts cheaper than they are',
    ],
  },
  {
    name: 'generic',
    title: 'an unrecognised server',
    limitField: 'max_tokens',
    ignoreEos: 'unknown',
    minTokens: 'unknown',
    seed: 'unknown',
    logprobs: 'unknown',
    jsonSchema: 'unknown',
    // Strict gateways refuse the whole request for it.
    continuousUsage: 'no',
    streamOptions: {},
    stopAsList: false,
    cacheSwitch: null,
    modelName: 'checked',
    hosts: [],
    signs: [],
    contextTokens: [{ page: models, at: ['data', '*', 'max_model_len'] }],
    slots: [],
    version: [],
    quantization: [],
    loadsOnCall: false,
    traps: [],
  },
];

/** The row of a dialect; `generic` for a name that is none. */
export function dialectNamed(name: string): Dialect {
  const row = dialects.find((one) => one.name === name) ?? dialects.at(-1);
  if (row === undefined) throw new Error('no dialects');
  return row;
}

/** The dialect that a host is by its name alone, or null. */
export function dialectOfHost(host: string): Dialect | null {
  return dialects.find((one) => one.hosts.includes(host.toLowerCase())) ?? null;
}

/** What is under `path` in a value from outside, or undefined. Never looks at inherited keys. */
export function lookUp(value: unknown, path: KeyPath, model: string): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (key === '*') at = entryOf(at, model);
    else if (Object.hasOwn(at, key)) at = (at as Record<string, unknown>)[key];
    else return undefined;
  }
  return at;
}

/** The entry of a list that is the asked model's; the only entry of a list of one, because some servers rename it. */
function entryOf(list: object, model: string): unknown {
  if (!Array.isArray(list)) return undefined;
  const named = list.find((item: unknown) =>
    ['id', 'name', 'model'].some((key) => {
      const name = lookUp(item, [key], model);
      return typeof name === 'string' && sameModel(name, model);
    }),
  );
  return (named as unknown) ?? (list.length === 1 ? list[0] : undefined);
}

/** `llama3` is listed as `llama3:latest` where models have tags. */
export function sameModel(listed: string, asked: string): boolean {
  return listed === asked || listed === `${asked}:latest`;
}

/** Is this page what the sign describes? */
export function showsSign(sign: Sign, body: unknown): boolean {
  return sign.keys.every((path) => lookUp(body, path, '') !== undefined);
}

/** What was learned of one server beyond its dialect. */
export interface Learned {
  /** After a refusal that named the other field. */
  readonly limitField?: LimitField | null;
  readonly ignoreEos?: boolean | null;
}

/**
 * A suite's request as this dialect takes it: one limit field and never two, no field that the server is known to
 * ignore or refuse. Everything else goes as it was written.
 */
export function requestFor(
  dialect: DialectName | Dialect,
  request: JsonObject,
  learned: Learned = {},
): JsonObject {
  const row = typeof dialect === 'string' ? dialectNamed(dialect) : dialect;
  const field = learned.limitField ?? row.limitField;
  const limit = request[field] ?? request['max_tokens'] ?? request['max_completion_tokens'];
  const eos = learned.ignoreEos ?? row.ignoreEos !== 'no';
  const sent: [string, Json][] = [];
  for (const [key, value] of Object.entries(request)) {
    if (key === 'max_tokens' || key === 'max_completion_tokens') {
      if (limit != null) sent.push([field, limit]);
    } else if (key === 'ignore_eos' && !eos) continue;
    else if (key === 'min_tokens' && row.minTokens === 'no') continue;
    else if (key === 'stop' && row.stopAsList && typeof value === 'string') sent.push([key, [value]]);
    else sent.push([key, value]);
  }
  return Object.fromEntries(sent);
}

/** Names of the fields of a request that `requestFor` leaves out: worth a warning, because somebody wrote them. */
export function droppedBy(
  dialect: DialectName | Dialect,
  request: JsonObject,
  learned: Learned = {},
): string[] {
  const sent = requestFor(dialect, request, learned);
  const limits = ['max_tokens', 'max_completion_tokens'];
  return Object.keys(request).filter((key) => !limits.includes(key) && !Object.hasOwn(sent, key));
}

/** The `stream_options` to send. `continuous` only where a probe saw it accepted. */
export function streamOptionsFor(dialect: DialectName | Dialect, continuous = false): JsonObject {
  const row = typeof dialect === 'string' ? dialectNamed(dialect) : dialect;
  return {
    include_usage: true,
    ...(continuous ? { continuous_usage_stats: true } : {}),
    ...row.streamOptions,
  };
}

/**
 * The limit field to try after a refusal, or null when the refusal is about something else. A refusal of the number
 * (too large for the context, too small) names the field too and is no reason to change it.
 */
export function limitFieldAfter(http: number | null, message: string, sent: LimitField): LimitField | null {
  if (http !== 400 && http !== 422) return null;
  const told = message.toLowerCase();
  if (!new RegExp(`\\b${sent}\\b`, 'u').test(told)) return null;
  const other: LimitField = sent === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const notTaken =
    told.includes(other) ||
    /not supported|unsupported|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra (?:input|field)/u.test(
      told,
    );
  return notTaken ? other : null;
}
