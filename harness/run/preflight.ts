/**
 * The look at an endpoint before the first cell is sent: what would spoil the whole run is said at once, one line for
 * each fault with the way out. An error stops the run; a warning stands on the report.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure, Message, Problem } from '../types.ts';
import { lookUp } from './dialects.ts';
import type { Got } from './get-json.ts';
import { modelsPage, probeWith, type ProbeResult, type ServerFacts } from './server-probe.ts';
import { openSession, type ProbeOptions, type ServerSession } from './server-session.ts';
import type { Trial } from './trial.ts';

export interface PreflightProblem extends Problem {
  /** Stable, kebab-case; the code of the failure where there was one. */
  readonly code: string;
}

export interface PreflightOptions extends ProbeOptions {
  /** The longest planned prompt: sent once with one token of answer, to see whether it is cut without a word. */
  readonly longestPrompt?: readonly Message[] | null;
  /** Waits that many ms; for tests. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface PreflightResult {
  /** null: nobody was reached. */
  readonly facts: ServerFacts | null;
  /** Errors first. None with `error`: the run may start. */
  readonly problems: readonly PreflightProblem[];
}

/** When a refused connection is tried again, ms after the first try. */
const refusedAgainAt = [1500, 3000];
/** Prompts below this many tokens, by a rough count, fit everywhere. */
const canaryTokens = 512;

/** Looks at one target. Never throws for an endpoint's fault. */
export async function preflight(options: PreflightOptions): Promise<PreflightResult> {
  const wait = options.wait ?? ((ms) => pause(ms, options.signal));
  const session = openSession(options);
  try {
    const listed = await reach(session, wait);
    if (listed.http === null && listed.failure !== null && listed.failure.code !== 'timeout-page')
      return {
        facts: null,
        problems: listed.failure.code === 'cancelled' ? [] : [faultOf(listed.failure, '', session, [])],
      };
    let result = await probeWith(session, listed);
    const busy = passing(result);
    if (busy !== null) {
      // A server that is just starting or under load gets one more chance.
      await wait(Math.min(busy.retryAfterMs ?? 1000, 3000));
      result = await probeWith(session, listed);
    }
    const problems = [
      ...(await faults(result, session)),
      ...remarks(result, options),
      ...(await canary(result, session, options)),
    ];
    const errors = problems.filter((problem) => problem.severity === 'error');
    return {
      facts: result.facts,
      problems: [...errors, ...problems.filter((problem) => problem.severity === 'warning')],
    };
  } finally {
    await session.close();
  }
}

/** Ends early when the signal comes. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

/** The model list; refused connections are tried three times in three seconds. */
async function reach(session: ServerSession, wait: (ms: number) => Promise<void>): Promise<Got> {
  let listed = await session.page(modelsPage);
  let waited = 0;
  for (const at of refusedAgainAt) {
    if (listed.failure?.code !== 'connect-refused' || session.options.signal?.aborted === true) break;
    await wait(at - waited);
    waited = at;
    listed = await session.page(modelsPage, true);
  }
  return listed;
}

function failureOf(trial: Trial | null): Failure | null {
  return trial?.outcome.kind === 'failed' ? trial.outcome.failure : null;
}

/** What an hour of patience may mend: a run waits and tries again by itself. */
const patience = new Set(['rate-limited', 'overloaded', 'bad-gateway', 'too-early', 'conflict']);

function passing({ plain, stream }: ProbeResult): Failure | null {
  const found = failureOf(stream) ?? failureOf(plain);
  return found !== null && (patience.has(found.code) || found.code === 'server-error') ? found : null;
}

async function faults(result: ProbeResult, session: ServerSession): Promise<PreflightProblem[]> {
  const { plain, stream, modelsPage: listed, facts } = result;
  if (failureOf(plain)?.code === 'cancelled' || failureOf(stream)?.code === 'cancelled') return [];
  const streamed = failureOf(stream);
  const unstreamed = failureOf(plain);
  // Streams are what a run sends: a refusal of the other kind matters only where there was no stream to judge.
  if (streamed === null && (unstreamed === null || stream?.outcome.kind === 'answered')) return [];
  const found = streamed ?? unstreamed;
  if (found === null) return [];
  const better =
    found.code === 'bad-base-url' || found.code === 'wrong-content-type' ? await betterBase(session) : null;
  const contentType = (streamed === null ? plain : stream)?.contentType ?? listed.contentType;
  return [faultOf(found, contentType, session, facts.models ?? [], better)];
}

/** The address with `/v1` behind it, when a model list is there and none is here. */
async function betterBase(session: ServerSession): Promise<string | null> {
  if (session.baseUrl.endsWith('/v1')) return null;
  const guess = `${session.baseUrl}/v1`;
  const { json } = await session.get(`${guess}/models`);
  return Array.isArray(lookUp(json, ['data'], '')) ? guess : null;
}

/** One line what, one line what to do. */
function faultOf(
  found: Failure,
  contentType: string,
  session: ServerSession,
  models: readonly string[],
  better: string | null = null,
): PreflightProblem {
  const { target } = session.options;
  const say = (
    message: string,
    hint: string | null,
    severity: Problem['severity'] = 'error',
  ): PreflightProblem => ({
    severity,
    code: found.code,
    message: `target ${target.id}: ${message}`,
    hint,
    place: null,
  });
  const { host, protocol } = new URL(session.baseUrl);
  const html = contentType.includes('html') || found.code === 'wrong-content-type';
  switch (found.code) {
    case 'connect-refused':
      return say(`nothing listens on ${host} (tried 3 times)`, 'start the server, or correct baseUrl');
    case 'dns':
      return say(found.message, 'check the spelling of the host in baseUrl');
    case 'timeout-connect':
    case 'unreachable':
      return say(found.message, 'is the host up, and no firewall or proxy in between?');
    case 'tls':
      return say(
        found.message,
        /wrong version|packet length|EPROTO/iu.test(found.message)
          ? 'the port speaks plain http: write http:// in baseUrl'
          : 'the certificate is not trusted: name the file of its authority in caFile',
      );
    case 'link-local':
      return say(
        found.message.replace(/; allowLinkLocal.*$/u, ''),
        'clouds keep the keys of a machine there; write allowLinkLocal: true in the target if that is meant',
      );
    case 'reset-before-headers':
      return say(
        found.message,
        protocol === 'http:'
          ? 'does the port speak https? Then write https:// in baseUrl'
          : 'look into the log of the server',
      );
    case 'redirect':
      return say(found.message, 'redirects are not followed: write that address in baseUrl');
    case 'auth':
    case 'forbidden':
      return say(
        `HTTP ${found.http ?? 401}: ${found.message}`,
        target.apiKeyEnv === null && target.apiKeyFile == null
          ? 'the server wants a key: name the variable that holds it in apiKeyEnv, or its file in apiKeyFile'
          : `is the key in ${target.apiKeyEnv ?? 'apiKeyFile'} right, and allowed to use ${target.model}?`,
      );
    case 'proxy-auth':
      return say(found.message, 'put user and password into HTTPS_PROXY, or the host into NO_PROXY');
    case 'proxy-error':
      return say(
        found.message,
        'is HTTP_PROXY or HTTPS_PROXY right? A host in NO_PROXY is asked without the proxy',
      );
    case 'model-not-found':
      return say(
        `the server does not know the model ${target.model}: ${found.message}`,
        models.length === 0 ? 'correct model' : `it lists ${someNames(models)}`,
      );
    case 'bad-base-url':
    case 'wrong-content-type':
      return say(
        html
          ? `HTTP ${found.http ?? 404} with HTML in place of JSON`
          : `HTTP ${found.http ?? 404}: ${found.message}`,
        better !== null
          ? `the API is at ${better}: write that in baseUrl`
          : session.baseUrl.endsWith('/v1')
            ? 'is there a login page or another program at this address?'
            : 'is /v1 missing from the base URL?',
      );
    case 'bad-request-param':
    case 'invalid-request':
      if (/plain http request was sent to https/iu.test(found.message))
        return say('the port speaks https', 'write https:// in baseUrl');
      return say(
        `the server refuses the request: ${found.message}`,
        Object.keys(target.params).length === 0
          ? 'name the dialect of the server in the target'
          : `is it one of the params of the target (${Object.keys(target.params).join(', ')})?`,
      );
    case 'quota':
    case 'rate-limited-long':
      return say(found.message, 'wait, or raise the quota; nothing was sent yet');
    case 'server-error':
      return say(
        `HTTP ${found.http ?? 500}: ${found.message}`,
        'the server fails at one token of "Hello": look into its log',
      );
    case 'timeout-first':
      return say(
        'one token did not come within the time limit',
        'is the model still loading? timeouts.firstContentMs sets the limit',
      );
    case 'truncated':
    case 'empty-stream':
      return say(
        found.message,
        'no answer would count as complete: a proxy may cut streams, or the server is no chat endpoint',
      );
    default:
      if (patience.has(found.code))
        return say(
          `HTTP ${found.http ?? 503}: ${found.message}`,
          'the run waits and tries again; expect it to be slow',
          'warning',
        );
      return say(found.message, null);
  }
}

/** The first few of a list of names. */
function someNames(names: readonly string[]): string {
  const few = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${few} and ${names.length - 5} more` : few;
}

/** What does not stop a run, and is missing from its numbers. */
function remarks(result: ProbeResult, options: PreflightOptions): PreflightProblem[] {
  const { facts, stream, plain } = result;
  const { target } = options;
  const said: PreflightProblem[] = [];
  const warn = (code: string, message: string, hint: string | null): void => {
    said.push({ severity: 'warning', code, message: `target ${target.id}: ${message}`, hint, place: null });
  };
  const answered = stream?.outcome.kind === 'answered' ? stream : null;
  if (answered === null) return said;
  if (facts.streams === false)
    warn(
      'not-streamed',
      'the server answers in one piece where a stream was asked',
      'there will be no times to first token',
    );
  if (facts.usageInStream === false)
    warn(
      'no-usage',
      'the server does not count its tokens',
      facts.streamOptions === false
        ? 'it refuses stream_options: tokens per second will be unknown'
        : 'tokens per second will be unknown',
    );
  if (facts.streams === true && !answered.contentType.includes('event-stream'))
    warn('content-type', `the stream comes as "${answered.contentType}"`, 'a proxy may hold it back');
  if (answered.flags.includes('no-finish-reason'))
    warn(
      'no-finish-reason',
      'answers end without a finish reason',
      'a cut answer cannot be told from a whole one',
    );
  if (facts.limitHonoured === false)
    warn(
      'limit-ignored',
      `the server does not keep to ${facts.limitField ?? 'max_tokens'}`,
      'answers may be long and slow; name the dialect of the server in the target',
    );
  if (plain?.outcome.kind === 'answered' && plain.streamed === true)
    warn('streamed', 'the server streams where no stream was asked', null);
  if (facts.modelListed === false && facts.models !== null && facts.models.length > 0)
    warn(
      'model-not-listed',
      `the server answers for ${target.model} and does not list it`,
      `it lists ${someNames(facts.models)}; some servers answer with what they have, whatever the name`,
    );
  return said;
}

/**
 * Sends the longest planned prompt and two thirds of it. A server that counts the same for both has cut; so has one
 * that counts as much as its context holds. Needs no tokenizer and holds in every language.
 */
async function canary(
  result: ProbeResult,
  session: ServerSession,
  options: PreflightOptions,
): Promise<PreflightProblem[]> {
  const { target } = options;
  if (options.longestPrompt == null || result.stream?.outcome.kind !== 'answered') return [];
  // Without its images: each server counts those in a way of its own.
  const longestPrompt = options.longestPrompt.map(({ role, content }) => ({
    role,
    content: content.replaceAll('\uFFFC', ''),
  }));
  const estimate = longestPrompt.reduce((sum, { content }) => sum + Buffer.byteLength(content) / 4, 0);
  if (estimate < canaryTokens) return [];
  const streamOptions = result.facts.streamOptions === false ? null : { include_usage: true };
  const send = (messages: readonly Message[]): Promise<Trial> => {
    options.say?.('the longest prompt');
    return session.call(1, { messages, stream: true, streamOptions });
  };
  const warn = (code: string, message: string, hint: string): PreflightProblem[] => [
    { severity: 'warning', code, message: `target ${target.id}: ${message}`, hint, place: null },
  ];
  const whole = await send(longestPrompt);
  const context = result.facts.contextTokens;
  if (whole.outcome.kind === 'failed') {
    const { code, message } = whole.outcome.failure;
    if (code === 'cancelled') return [];
    return warn(
      code,
      `the longest prompt is not answered: ${message}`,
      code === 'context-length' || whole.http === 413
        ? 'give the server a larger context, or leave the longest tests out'
        : 'the run goes on; expect such cells to fail',
    );
  }
  const counted = whole.usage.prompt;
  if (counted === null) return [];
  const suspect = (why: string): PreflightProblem[] =>
    warn(
      'prompt-truncated-suspect',
      `the longest prompt may be cut without a word: ${why}`,
      'give the server a larger context: answers to half a question prove nothing',
    );
  if (context !== null && counted >= context - 1)
    return suspect(`${counted} tokens counted, and the context is ${context}`);
  const shorter = await send(shorten(longestPrompt));
  const less = shorter.outcome.kind === 'answered' ? shorter.usage.prompt : null;
  // A template adds the same to both; two thirds of a long text are far from all of it.
  if (less !== null && counted < less * 1.05)
    return suspect(`${counted} tokens counted, and ${less} for two thirds of it`);
  return [];
}

/** Two thirds of every message, cut between characters. */
function shorten(messages: readonly Message[]): Message[] {
  return messages.map((message) => {
    const characters = Array.from(message.content);
    return { ...message, content: characters.slice(0, Math.ceil((characters.length * 2) / 3)).join('') };
  });
}
