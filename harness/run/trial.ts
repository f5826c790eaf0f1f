/**
 * One call of a probe: any body, streamed or not, and beside the answer the shape in which it came. Runs over the same
 * transport and is judged by the same rules as a cell, so that what passes here passes there.
 */
import type { Failure, JsonObject, Outcome, Timeouts, Usage } from '../types.ts';
import { acceptEvent, emptyAnswer, usageOf, type AnswerState } from './answer.ts';
import type { Clock } from './clock.ts';
import { readEvents } from './events.ts';
import { failure, fromHttp, fromSocket } from './failure.ts';
import { decide, flagAgainstRequest } from './outcome.ts';
import { readBody } from './read-body.ts';
import { wireKey, type Transport } from './transport.ts';
import { createWire, type Wire } from './wire.ts';

/** How the events of an answer looked. */
export interface Shape {
  /** Events with JSON. */
  events: number;
  /** What the first event with a choice brought. */
  firstEvent: 'role-empty' | 'role-null' | 'role-text' | 'text' | 'other' | null;
  /** Where reasoning came; `inline` is a `<think>` in the text. */
  reasoningField: 'reasoning' | 'reasoning_content' | 'inline' | null;
  /** Did the event with the finish reason also bring text? */
  finishWithText: boolean | null;
  /** Events that carried usage. */
  usageEvents: number;
  /** Tokens whose log probability came. */
  logprobs: number;
  fingerprint: string | null;
}

export interface Trial {
  readonly outcome: Outcome;
  readonly http: number | null;
  readonly contentType: string;
  /** Came it as server-sent events? null without a body. */
  readonly streamed: boolean | null;
  readonly usage: Usage;
  readonly finishRaw: string | null;
  readonly modelEcho: string | null;
  readonly flags: readonly string[];
  readonly shape: Shape;
  readonly reasoning: string;
  /** The `server` header, or null. */
  readonly server: string | null;
}

export interface TrialOptions {
  readonly transport: Transport;
  /** `http(s)://host:port/v1`, without a slash at its end. */
  readonly baseUrl: string;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Sends `body` to the chat endpoint. Resolves with what happened; never rejects for the endpoint's fault. */
export async function tryCall(options: TrialOptions, body: JsonObject): Promise<Trial> {
  const wire = createWire(options.clock);
  const state = emptyAnswer();
  const shape: Shape = {
    events: 0,
    firstEvent: null,
    reasoningField: null,
    finishWithText: null,
    usageEvents: 0,
    logprobs: 0,
    fingerprint: null,
  };
  let late = false;
  const cut = (): void => {
    wire.abort();
    wire.body?.destroy();
  };
  options.signal?.addEventListener('abort', cut, { once: true });
  const deadline = setTimeout(
    () => {
      late = true;
      wire.abort();
    },
    Math.min(options.timeouts.firstContentMs, options.timeouts.totalMs),
  );
  const isCut = (): boolean => options.signal?.aborted === true;
  let streamed: boolean | null = null;
  const outcome = await (async (): Promise<Outcome> => {
    const failed = (why: Failure): Outcome => ({ kind: 'failed', failure: why, partial: state.text });
    try {
      if (isCut()) return failed(stopped());
      await options.transport.fetch(`${options.baseUrl}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(body),
        [wireKey]: wire,
      } as RequestInit);
    } catch (error) {
      if (wire.tCall === null) throw error;
    } finally {
      clearTimeout(deadline);
    }
    if (isCut()) return failed(stopped());
    if (wire.status === null)
      return failed(
        late
          ? failure('timeout', 'timeout-first', 'no answer in time')
          : fromSocket(wire.thrown, new URL(options.baseUrl).host),
      );
    if (wire.body === null) return failed(fromHttp(wire.status, wire.headers, wire.errorText, options.now()));
    const read = await readAnswer(wire, state, shape, options);
    streamed = read.streamed;
    return isCut() ? failed(stopped()) : read.outcome;
  })();
  options.signal?.removeEventListener('abort', cut);
  const { model } = body;
  const limit = body['max_tokens'] ?? body['max_completion_tokens'];
  if (outcome.kind === 'answered')
    flagAgainstRequest(
      state,
      typeof limit === 'number' ? limit : null,
      typeof model === 'string' ? model : '',
    );
  if (shape.reasoningField === null && /^\s*<think>/u.test(state.text)) shape.reasoningField = 'inline';
  return {
    outcome,
    http: wire.status,
    contentType: wire.headers.get('content-type') ?? '',
    streamed,
    usage: usageOf(state),
    finishRaw: state.finishRaw,
    modelEcho: state.modelEcho,
    flags: [...state.flags].toSorted(),
    shape,
    reasoning: state.reasoning,
    server: wire.headers.get('server') ?? null,
  };
}

function stopped(): Failure {
  return failure('cancelled', 'cancelled', 'stopped by us');
}

async function readAnswer(
  wire: Wire,
  state: AnswerState,
  shape: Shape,
  options: TrialOptions,
): Promise<{ readonly outcome: Outcome; readonly streamed: boolean }> {
  if (wire.body === null || wire.status === null) throw new Error('readAnswer() without a body');
  const type = wire.headers.get('content-type') ?? '';
  if (type.includes('html')) {
    wire.body.destroy();
    return {
      streamed: false,
      outcome: {
        kind: 'failed',
        partial: '',
        failure: failure('protocol', 'wrong-content-type', 'the server sent a web page', {
          http: wire.status,
        }),
      },
    };
  }
  let badEvent: string | null = null;
  let tooLarge = false;
  let anyByte = false;
  let output = false;
  let asJson: boolean | null = type.includes('json') ? true : type.includes('event-stream') ? false : null;
  const whole: Buffer[] = [];
  const take = (value: unknown): void => {
    noteShape(shape, value);
    if (acceptEvent(state, value, options.clock())) output = true;
  };
  const events = readEvents({
    onJson: take,
    onDone: () => {
      state.done = true;
    },
    onErrorField: (value) => {
      if (state.finishRaw === null) state.error ??= value;
    },
    onOdd: (what, data) => {
      if (what === 'large') tooLarge = true;
      else if (what === 'bad' && state.finishRaw === null && !state.done) badEvent ??= data.slice(0, 120);
    },
  });
  const end = await readBody(
    wire.body,
    options.clock,
    wire.t0 ?? wire.tCall ?? options.clock(),
    options.timeouts,
    {
      onRead: (bytes) => {
        anyByte = true;
        output = false;
        asJson ??= /^[\s\uFEFF]*\{/u.test(bytes.toString('latin1', 0, 16));
        if (asJson) whole.push(bytes);
        else events.feed(bytes);
        return output || (asJson ?? false);
      },
      finished: () => state.finishRaw !== null,
      closed: () => state.done,
    },
  );
  const streamed = asJson === false;
  if (streamed) events.end();
  else {
    try {
      take(JSON.parse(Buffer.concat(whole).toString('utf8')));
    } catch {
      // A body cut in two has no finish reason, and is judged by that.
    }
    // One object has no [DONE]; its end is the end.
    state.flags.add('not-streamed');
    state.flags.delete('message-in-stream');
  }
  return { streamed, outcome: decide(state, end, { badEvent, tooLarge, anyByte }, wire.status) };
}

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function noteShape(shape: Shape, event: unknown): void {
  const chunk = fields(event);
  if (chunk === null) return;
  shape.events += 1;
  if (fields(chunk['usage']) !== null) shape.usageEvents += 1;
  if (typeof chunk['system_fingerprint'] === 'string' && chunk['system_fingerprint'] !== '')
    shape.fingerprint = chunk['system_fingerprint'];
  const { choices } = chunk;
  const choice = Array.isArray(choices) ? fields(choices[0]) : null;
  if (choice === null) return;
  const body = fields(choice['delta']) ?? fields(choice['message']);
  const text = body === null ? null : body['content'];
  const someText = typeof text === 'string' && text !== '';
  if (body !== null) {
    shape.firstEvent ??= firstEventOf(body, text);
    for (const name of ['reasoning', 'reasoning_content'] as const) {
      if (typeof body[name] === 'string' && body[name] !== '') shape.reasoningField ??= name;
    }
  }
  const finish = choice['finish_reason'];
  if (typeof finish === 'string' && finish !== '') shape.finishWithText = someText;
  const listed = fields(choice['logprobs'])?.['content'];
  if (Array.isArray(listed)) shape.logprobs += listed.length;
}

function firstEventOf(body: Fields, text: unknown): NonNullable<Shape['firstEvent']> {
  const role = typeof body['role'] === 'string' && body['role'] !== '';
  if (typeof text === 'string' && text !== '') return role ? 'role-text' : 'text';
  if (!role) return 'other';
  return text === null ? 'role-null' : 'role-empty';
}
