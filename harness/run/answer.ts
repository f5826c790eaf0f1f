/**
 * Puts one answer together from what the server sends, in any dialect: gateways mix them, so every frame is accepted
 * at all times. Payloads are read field by field; none of their keys ever becomes a key of ours.
 */
import type { ToolCall, Usage } from '../types.ts';

export interface AnswerState {
  text: string;
  reasoning: string;
  refusal: string;
  finishRaw: string | null;
  done: boolean;
  usage: Usage | null;
  /** Completion tokens by the server's own timings, where usage is absent. */
  timings: Usage | null;
  modelEcho: string | null;
  /** An error object or text inside a 200. */
  error: unknown;
  readonly toolCalls: { id: string; name: string; arguments: string }[];
  readonly flags: Set<string>;
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

export type Fields = Record<string, unknown>;

/** A JSON object's fields; null for anything else. */
export function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
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
    const called = takeToolCalls(state, body['tool_calls']);
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

function takeToolCalls(state: AnswerState, calls: unknown): boolean {
  if (!Array.isArray(calls)) return false;
  let output = false;
  for (const item of calls) {
    const call = fields(item);
    if (call === null) continue;
    const index = typeof call['index'] === 'number' ? call['index'] : state.toolCalls.length;
    if (!Number.isInteger(index) || index < 0 || index > 127) continue;
    while (state.toolCalls.length <= index) state.toolCalls.push({ id: '', name: '', arguments: '' });
    const known = state.toolCalls[index];
    const fn = fields(call['function']);
    if (known === undefined) continue;
    if (known.id === '' && typeof call['id'] === 'string') known.id = call['id'];
    if (known.name === '' && typeof fn?.['name'] === 'string' && fn['name'] !== '') {
      known.name = fn['name'];
      output = true;
    }
    if (typeof fn?.['arguments'] === 'string' && fn['arguments'] !== '') {
      known.arguments += fn['arguments'];
      output = true;
    }
  }
  return output;
}

/** The last usage wins, wherever it came; it is never summed. Counts that cannot be are unknown. */
function takeUsage(state: AnswerState, chunk: Fields): void {
  const usage = fields(chunk['usage']);
  if (usage !== null) {
    const prompt = said(usage['prompt_tokens']);
    const completion = said(usage['completion_tokens']);
    const total = count(usage['total_tokens']);
    const isSum =
      typeof total !== 'number' ||
      typeof prompt !== 'number' ||
      typeof completion !== 'number' ||
      total === prompt + completion;
    if (prompt === undefined || completion === undefined || total === undefined || !isSum) {
      // The last word counts: what was said before it was not the whole.
      state.flags.add('usage-invalid');
      state.usage = null;
    } else {
      state.usage = {
        prompt,
        completion,
        reasoning:
          count(fields(usage['completion_tokens_details'])?.['reasoning_tokens']) ??
          count(usage['reasoning_tokens']) ??
          null,
        cached: count(fields(usage['prompt_tokens_details'])?.['cached_tokens']) ?? null,
        source: 'usage',
      };
    }
  }
  const timings = fields(chunk['timings']);
  if (timings !== null) {
    const completion = count(timings['predicted_n']) ?? null;
    const cached = count(timings['cache_n']) ?? null;
    const evaluated = count(timings['prompt_n']) ?? null;
    const prompt = evaluated === null || cached === null ? null : evaluated + cached;
    if (completion !== null)
      state.timings = { prompt, completion, reasoning: null, cached, source: 'timings' };
  }
}

/** As `count`, where a null in place of a number is as impossible as any other word. */
function said(value: unknown): number | null | undefined {
  return value === null ? undefined : count(value);
}

/** null: not said. undefined: said, and impossible. */
function count(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 1e9
    ? value
    : undefined;
}

/** What the server counted; `none` where it said nothing usable, or 0 tokens beside a text. */
export function usageOf(state: AnswerState): Usage {
  const usage = state.usage?.completion != null ? state.usage : (state.timings ?? state.usage);
  const none: Usage = {
    prompt: usage?.prompt ?? null,
    completion: null,
    reasoning: null,
    cached: usage?.cached ?? null,
    source: 'none',
  };
  if (usage === null || usage.completion === null) return none;
  if (usage.completion === 0 && state.text !== '') {
    state.flags.add('usage-suspect');
    return none;
  }
  return usage;
}

export function toolCallsOf(state: AnswerState): ToolCall[] {
  return state.toolCalls.filter((call) => call.name !== '' || call.arguments !== '');
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
