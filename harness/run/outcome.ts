/** Decides whether what came is an answer. HTTP 200 is not success: an answer is complete by its own finish reason. */
import type { Failure, JsonObject, Outcome } from '../types.ts';
import { finishOf, type AnswerState } from './answer.ts';
import { failure, fromBrokenBody, fromErrorObject, fromStop } from './failure.ts';
import type { BodyEnd } from './read-body.ts';
import { finishedCalls } from './tool-calls.ts';
import { usageOf } from './usage.ts';

/** What the reader met beside the answer. */
export interface Oddities {
  /** An event that was not JSON, before the finish. */
  readonly badEvent: string | null;
  /** One event over its cap, or an answer over its own, before the finish. */
  readonly tooLarge: boolean | 'event' | 'answer' | null;
  readonly anyByte: boolean;
}

/** The status of the answer, and how it must end. */
export interface Ruling {
  readonly http: number;
  /** True: `[DONE]` behind a text is no finish. */
  readonly strictFinish: boolean;
}

/** The outcome of a body that was read. May add flags to the state. */
export function decide(
  state: AnswerState,
  end: BodyEnd,
  odd: Oddities,
  { http, strictFinish }: Ruling,
): Outcome {
  const failed = (why: Failure): Outcome => ({ kind: 'failed', failure: why, partial: state.text });
  if (odd.tooLarge === 'answer') return failed(fromStop('output-too-large', http));
  if (odd.tooLarge === true || odd.tooLarge === 'event')
    return failed(
      failure('protocol', 'event-too-large', 'an event is larger than limits.eventBytes', {
        http,
        remedy: 'final',
      }),
    );
  if (state.error !== null) return failed(fromErrorObject(state.error));
  if (odd.badEvent !== null)
    return failed(failure('protocol', 'bad-event', `an event is not JSON: ${odd.badEvent}`, { http }));
  const finish = finishOf(state);
  if (finish !== null && ['error', 'abort', 'cancelled'].includes(finish)) {
    return failed(
      failure(
        'stream-error',
        'upstream-error',
        `the server ended the answer with finish reason "${finish}"`,
        { http },
      ),
    );
  }
  const toolCalls = finishedCalls(state.toolCalls);
  const anything = state.text !== '' || toolCalls.length > 0;
  if (finish === null && !(state.done && anything && !strictFinish)) {
    if (end.kind === 'stopped') return failed(fromStop(end.reason, http));
    if (end.kind === 'broken') return failed(fromBrokenBody(end.error));
    if (!odd.anyByte)
      return failed(failure('incomplete', 'empty-stream', 'the answer is empty: no event at all', { http }));
    return failed(failure('incomplete', 'truncated', 'the stream ended without a finish reason', { http }));
  }
  flagAnswer(state, finish, end);
  return {
    kind: 'answered',
    text: state.text,
    reasoning: state.reasoning,
    toolCalls,
    refusal: state.refusal === '' ? null : state.refusal,
    finish,
  };
}

function flagAnswer(state: AnswerState, finish: string | null, end: BodyEnd): void {
  if (finish === null) state.flags.add('no-finish-reason');
  else if (!state.done && !state.flags.has('not-streamed'))
    state.flags.add(end.kind === 'broken' ? 'reset-after-finish' : 'no-done');
  if (state.text === '' && state.refusal === '' && state.toolCalls.length === 0) {
    state.flags.add(state.reasoning === '' ? 'empty-output' : 'reasoning-only');
  }
  if (state.text.includes('\uFFFD') || state.reasoning.includes('\uFFFD')) state.flags.add('invalid-utf8');
}

// A token may come in pieces, but not in many: more events with output than this and the count is not of tokens.
const chunksPerToken = 2;
const fewChunks = 8;

/** Remarks that need the request: what was asked against what the server counted. */
export function flagAgainstRequest(
  state: AnswerState,
  limit: number | null,
  model: string,
  request: JsonObject = {},
): void {
  const { completion } = usageOf(state);
  if (completion !== null && state.chunks > fewChunks && state.chunks > chunksPerToken * completion)
    state.flags.add('usage-suspect');
  const called = finishedCalls(state.toolCalls).length > 0;
  const choice = request['tool_choice'];
  if (called && request['tools'] === undefined && request['functions'] === undefined)
    state.flags.add('unexpected-tool-call');
  if (!called && (choice === 'required' || (typeof choice === 'object' && choice !== null)))
    state.flags.add('tool-choice-ignored');
  const asked = request['max_tokens'] ?? request['max_completion_tokens'];
  // A limit that is none should have been refused.
  if (asked !== undefined && asked !== null && !(Number.isInteger(asked) && Number(asked) > 0))
    state.flags.add('limit-ignored');
  if (limit !== null && completion !== null) {
    if (completion > limit + 1) state.flags.add('limit-ignored');
    else if (completion >= limit && state.finishRaw === 'stop') state.flags.add('finish-mislabelled');
  }
  if (state.modelEcho !== null && state.modelEcho !== model) state.flags.add('model-mismatch');
}
