/**
 * One call of a probe: any body, streamed or not, and beside the answer the shape in which it came. Runs over the same
 * transport and is judged by the same rules as a cell, so that what passes here passes there.
 */
import type { JsonObject, Outcome, Usage } from '../types.ts';
import type { Allowance } from './allowance.ts';
import { emptyAnswer, type AnswerState } from './answer.ts';
import type { Clock } from './clock.ts';
import { fields, type Fields } from './json-fields.ts';
import { flagAgainstRequest } from './outcome.ts';
import { outcomeOf, type Reception } from './receive.ts';
import { wireKey, type Transport } from './transport.ts';
import { usageOf } from './usage.ts';
import { abort, createWire, type Wire } from './wire.ts';

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
  readonly allowance: Allowance;
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
    abort(wire);
    wire.body?.destroy();
  };
  const signal = options.signal ?? new AbortController().signal;
  signal.addEventListener('abort', cut, { once: true });
  const deadline = setTimeout(
    () => {
      late = true;
      abort(wire);
    },
    Math.min(options.allowance.timeouts.firstContentMs, options.allowance.timeouts.totalMs),
  );
  const reception: Reception = {
    wire,
    state,
    reads: 0,
    iclMs: [],
    tDone: null,
    onValue: (value) => noteShape(shape, value),
  };
  try {
    if (!signal.aborted)
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
  const { clock, allowance, baseUrl, now } = options;
  const outcome = await outcomeOf(reception, { clock, allowance, cut: signal, gaveUp: late, baseUrl, now });
  signal.removeEventListener('abort', cut);
  const { model } = body;
  const limit = body['max_tokens'] ?? body['max_completion_tokens'];
  if (outcome.kind === 'answered')
    flagAgainstRequest(
      state,
      typeof limit === 'number' ? limit : null,
      typeof model === 'string' ? model : '',
      body,
    );
  if (shape.reasoningField === null && /^\s*<think>/u.test(state.text)) shape.reasoningField = 'inline';
  return {
    outcome,
    http: wire.status,
    contentType: wire.headers.get('content-type') ?? '',
    streamed: wasStreamed(wire, state, outcome),
    usage: usageOf(state),
    finishRaw: state.finishRaw,
    modelEcho: state.modelEcho,
    flags: [...state.flags].toSorted(),
    shape,
    reasoning: state.reasoning,
    server: wire.headers.get('server') ?? null,
  };
}

/** A page for people and one object are no streams. */
function wasStreamed(wire: Wire, state: AnswerState, outcome: Outcome): boolean | null {
  if (wire.body === null) return null;
  const isPage = outcome.kind === 'failed' && outcome.failure.code === 'wrong-content-type';
  return !isPage && !state.flags.has('not-streamed');
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
