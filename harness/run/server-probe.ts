/**
 * What one server is and can do: recognised by the keys of its own pages, then asked. The short form runs before every
 * run and costs two one-token calls; the full form tries each ability once. Nothing here throws for a server's fault.
 */
import type { Message } from '../types.ts';
import { nothingTried, tryAbilities, type Abilities } from './abilities.ts';
import {
  dialectNamed,
  dialectOfHost,
  dialects,
  lookUp,
  sameModel,
  showsSign,
  streamOptionsFor,
  type Dialect,
  type DialectName,
  type LimitField,
  type Page,
  type Place,
} from './dialects.ts';
import type { Got } from './get-json.ts';
import { openSession, type ProbeOptions, type ServerSession } from './server-session.ts';
import type { Shape, Trial } from './trial.ts';

/** Plain JSON, for the manifest. null: unknown, never "no". */
export interface ServerFacts extends Abilities {
  /** Base URL without userinfo and query. */
  readonly endpoint: string;
  readonly model: string;
  readonly dialect: DialectName;
  /** `given`, `host`, or the page and key that showed it; null: nothing did. */
  readonly detectedBy: string | null;
  readonly version: string | null;
  /** The `server` response header. */
  readonly software: string | null;
  readonly fingerprint: string | null;
  /** The first 100 names of the model list. */
  readonly models: readonly string[] | null;
  readonly modelCount: number | null;
  readonly modelListed: boolean | null;
  /** Tokens of prompt and answer together that one call may have, by the server's own word. */
  readonly contextTokens: number | null;
  readonly contextFrom: string | null;
  /** Calls it serves side by side. */
  readonly slots: number | null;
  readonly quantization: string | null;
  /** The limit field that was answered; null: no call was. */
  readonly limitField: LimitField | null;
  /** Within the limit asked, give or take one token? */
  readonly limitHonoured: boolean | null;
  readonly streams: boolean | null;
  /** Was a request with `stream_options` accepted? */
  readonly streamOptions: boolean | null;
  readonly usageInStream: boolean | null;
  readonly firstEvent: Shape['firstEvent'];
  /** The finish reason sent when the token limit ended the answer. */
  readonly finishAtLimit: string | null;
  readonly finishWithText: boolean | null;
  /** Were the abilities tried? */
  readonly full: boolean;
}

export interface ProbeResult {
  readonly facts: ServerFacts;
  readonly modelsPage: Got;
  /** The one-token calls; null when there was no point in making them. */
  readonly plain: Trial | null;
  readonly stream: Trial | null;
}

export const modelsPage: Page = { under: 'api', path: '/models' };

/** Asks one server. */
export async function probeServer(options: ProbeOptions): Promise<ProbeResult> {
  const session = openSession(options);
  try {
    return await probeWith(session, await session.page(modelsPage));
  } finally {
    await session.close();
  }
}

const hello: readonly Message[] = [{ role: 'user', content: 'Hello' }];

/** The probe, when the model list has been asked for already. */
export async function probeWith(session: ServerSession, listed: Got): Promise<ProbeResult> {
  const { options } = session;
  // Nobody is there: everything else would wait in vain.
  const reached = listed.http !== null;
  const found = await recognise(session, reached);
  session.setDialect(found.dialect);
  let plain: Trial | null = null;
  let stream: Trial | null = null;
  let streamOptions: boolean | null = null;
  // A page that is too slow is no sign that the calls are.
  if (reached || listed.failure?.code === 'timeout-page') {
    options.say?.('a call of one token');
    plain = await session.call(1, { messages: hello, stream: false });
    if (worthStreaming(plain)) {
      options.say?.('a stream of one token');
      const wanted = streamOptionsFor(found.dialect);
      stream = await session.call(1, { messages: hello, stream: true, streamOptions: wanted });
      if (stream.outcome.kind === 'answered') streamOptions = true;
      else if (stream.http === 400 || stream.http === 422) {
        const without = await session.call(1, { messages: hello, stream: true });
        if (without.outcome.kind === 'answered') {
          stream = without;
          streamOptions = false;
        }
      }
    }
  }
  const answeredStream = stream?.outcome.kind === 'answered' ? stream : null;
  const answered = answeredStream ?? (plain?.outcome.kind === 'answered' ? plain : null);
  // Only now is the model of such a server in memory, and its page says with what context.
  const again = found.dialect.loadsOnCall && answered !== null;
  const names = modelNames(listed.json);
  const context = await firstFigure(session, found.dialect.contextTokens, again);
  const isFull = options.full === true && answeredStream !== null;
  const abilities = isFull
    ? await tryAbilities(session, found.dialect, {
        contextTokens: context.value,
        // Without usage in streams nothing could be counted, and a refusal would be of the option, not of the field.
        stream: streamOptions === true || plain?.outcome.kind !== 'answered',
        streamOptions: streamOptions === true,
      })
    : nothingTried;
  const facts: ServerFacts = {
    endpoint: session.baseUrl,
    model: options.target.model,
    dialect: found.dialect.name,
    detectedBy: found.by,
    version: await firstText(session, found.dialect.version),
    software: shortText(answered?.server),
    fingerprint: shortText(answered?.shape.fingerprint),
    models: names === null ? null : names.slice(0, 100),
    modelCount: names?.length ?? null,
    modelListed: names === null ? null : names.some((name) => sameModel(name, options.target.model)),
    contextTokens: context.value,
    contextFrom: context.from,
    slots: (await firstFigure(session, found.dialect.slots)).value,
    quantization: await firstText(session, found.dialect.quantization),
    limitField: session.limitField(),
    limitHonoured:
      answered === null || answered.usage.completion === null
        ? null
        : !answered.flags.includes('limit-ignored'),
    streams: answeredStream?.streamed ?? null,
    streamOptions,
    usageInStream:
      answeredStream === null || answeredStream.streamed !== true
        ? null
        : answeredStream.usage.source === 'usage',
    firstEvent: answeredStream?.streamed === true ? answeredStream.shape.firstEvent : null,
    reasoningField:
      answeredStream?.shape.reasoningField ?? plain?.shape.reasoningField ?? abilities.reasoningField,
    finishAtLimit: shortText(answered?.finishRaw),
    finishWithText: answeredStream?.streamed === true ? answeredStream.shape.finishWithText : null,
    full: isFull,
    continuousUsage: abilities.continuousUsage,
    ignoreEos: abilities.ignoreEos,
    jsonSchema: abilities.jsonSchema,
    seed: abilities.seed,
    logprobs: abilities.logprobs,
    tools: abilities.tools,
    promptWindow: abilities.promptWindow,
    promptWords: abilities.promptWords,
    promptTokens: abilities.promptTokens,
  };
  return { facts, modelsPage: listed, plain, stream };
}

/** A refusal of the plain call may be about just that; anything else would be the same again. */
function worthStreaming(plain: Trial): boolean {
  if (plain.outcome.kind === 'answered') return true;
  if (plain.outcome.failure.code === 'model-not-found') return false;
  return [200, 400, 422, 501].includes(plain.http ?? 0) && !plain.contentType.includes('html');
}

interface Recognised {
  readonly dialect: Dialect;
  readonly by: string | null;
}

/** A given name wins, then the host, then the first dialect all of whose signs are there. */
async function recognise(session: ServerSession, reached: boolean): Promise<Recognised> {
  const { dialect, baseUrl } = session.options;
  if (dialect !== undefined && dialect !== 'auto') return { dialect: dialectNamed(dialect), by: 'given' };
  const ofHost = dialectOfHost(new URL(baseUrl).hostname);
  if (ofHost !== null) return { dialect: ofHost, by: 'host' };
  if (reached) {
    for (const row of dialects) {
      for (const group of row.signs) {
        let all = true;
        for (const sign of group) {
          all = showsSign(sign, (await session.page(sign.page)).json);
          if (!all) break;
        }
        if (!all) continue;
        const by = group
          .map(({ page, keys }) => `${page.path}: ${keys.map((path) => path.join('.')).join(', ')}`)
          .join('; ');
        return { dialect: row, by };
      }
    }
  }
  return { dialect: dialectNamed('generic'), by: null };
}

async function firstFigure(
  session: ServerSession,
  places: readonly Place[],
  again = false,
): Promise<{ readonly value: number | null; readonly from: string | null }> {
  for (const { page, at } of places) {
    const { json } = await session.page(page, again);
    const value = lookUp(json, at, session.options.target.model);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
      return { value, from: `${page.path}: ${at.join('.')}` };
  }
  return { value: null, from: null };
}

async function firstText(session: ServerSession, places: readonly Place[]): Promise<string | null> {
  for (const { page, at } of places) {
    const value = lookUp((await session.page(page)).json, at, session.options.target.model);
    const text = shortText(value);
    if (text !== null) return text;
  }
  return null;
}

/** A text from outside as a fact: not empty, and no longer than a name is. */
function shortText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? Array.from(value).slice(0, 200).join('') : null;
}

/** The names of a model list, or null when this is none. */
function modelNames(page: unknown): string[] | null {
  const data = lookUp(page, ['data'], '');
  if (!Array.isArray(data)) return null;
  return data
    .slice(0, 10_000)
    .map((item: unknown) => shortText(lookUp(item, ['id'], '')))
    .filter((name) => name !== null);
}
