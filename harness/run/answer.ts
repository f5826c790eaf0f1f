/**
 * Puts one answer together from what the server sends, in any dialect: gateways mix them, so every frame is accepted
 * at all times. Payloads are read field by field; none of their keys ever becomes a key of ours.
 */
import { fields, type Fields } from './json-fields.ts';
import { takeToolCalls, type DraftCall } from './tool-calls.ts';
import { takeUsage, type Counted } from './usage.ts';

export interface AnswerState extends Counted {
  text: string;
  reasoning: string;
  refusal: string;
  finishRaw: string | null;
  done: boolean;
  modelEcho: string | null;
  /** An error object or text inside a 200. */
  error: unknown;
  readonly toolCalls: DraftCall[];
  tEvt1: number | null;
  tOut1: number | null;
  tAns1: number | null;
  tLast: number | null;
  /** Events that carried output. */
  chunks: number;
}

export function emptyAnswer(): AnswerState {
  return {
    text: '',
    reasoning: '',
    refusal: '',
    finishRaw: null,
    done: false,
    usage: null,
    timings: null,
    modelEcho: null,
    error: null,
    toolCalls: [],
    flags: new Set(),
    tEvt1: null,
    tOut1: null,
    tAns1: null,
    tLast: null,
    chunks: 0,
  };
}

/** Takes one event (or the body of an answer that was not streamed) that came at `at`. True: it carried output. */
export function acceptEvent(state: AnswerState, event: unknown, at: number): boolean {
  const chunk = fields(event);
  if (chunk === null) {
    state.flags.add('odd-event');
    return false;
  }
  if (state.done) {
    state.flags.add('odd-event');
    return false;
  }
  const wrong = errorIn(chunk);
  if (wrong !== null) {
    if (state.finishRaw === null) state.error ??= wrong;
    else state.flags.add('odd-event');
    return false;
  }
  state.tEvt1 ??= at;
  if (typeof chunk['model'] === 'string' && chunk['model'] !== '') state.modelEcho = chunk['model'];
  takeUsage(state, chunk);
  const choices = chunk['choices'];
  if (!Array.isArray(choices)) return false;
  let output = false;
  for (const item of choices) {
    const choice = fields(item);
    if (choice === null || (choice['index'] ?? 0) !== 0) continue;
    if (takeChoice(state, choice, at)) output = true;
  }
  if (output) state.chunks += 1;
  return output;
}

function errorIn(chunk: Fields): unknown {
  const { error } = chunk;
  // Some servers say on every chunk that there is none.
  if (error !== undefined && error !== null && error !== '' && error !== false) return error;
  return chunk['object'] === 'error' ? chunk : null;
}

function takeChoice(state: AnswerState, choice: Fields, at: number): boolean {
  const delta = fields(choice['delta']);
  const body = delta ?? fields(choice['message']);
  if (delta === null && body !== null) state.flags.add('message-in-stream');
  let output = false;
  if (body !== null) {
    const text = contentText(body['content']);
    const reasoning = contentText(body['reasoning'] ?? body['reasoning_content']);
    const refusal = contentText(body['refusal']);
    const called = takeToolCalls(state.toolCalls, body['tool_calls']);
    state.text += text;
    state.reasoning += reasoning;
    state.refusal += refusal;
    output = text !== '' || reasoning !== '' || refusal !== '' || called;
    if (output) state.tOut1 ??= at;
    if (text !== '' || called) state.tAns1 ??= at;
  }
  const finish = choice['finish_reason'];
  const finished = typeof finish === 'string' && finish !== '';
  if (finished) state.finishRaw = finish;
  if (output || finished) state.tLast = at;
  return output;
}

/** A text, or a list of parts that hold texts; anything else is no text. */
function contentText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((part) => contentText(fields(part)?.['text'])).join('');
}

const finishNames: Readonly<Record<string, string>> = {
  stop: 'stop',
  stop_sequence: 'stop',
  eos_token: 'stop',
  length: 'length',
  content_filter: 'content_filter',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
};

/** The finish reason under its usual name; unknown ones are kept and flagged. */
export function finishOf(state: AnswerState): string | null {
  if (state.finishRaw === null) return null;
  const name = Object.hasOwn(finishNames, state.finishRaw) ? finishNames[state.finishRaw] : undefined;
  if (name === undefined) state.flags.add('finish-unknown');
  return name ?? state.finishRaw;
}
