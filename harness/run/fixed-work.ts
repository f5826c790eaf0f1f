/**
 * A question as the speed phase asks it: behind a nonce, for a fixed number of tokens where the server can. What would
 * end the answer early or hold it back (schemas, tools, stop texts) is left out: the work is to be the same for all.
 */
import type { Cell, JsonObject, Message, SpeedRequest } from '../types.ts';
import { dialectNamed, type Ability, type Dialect, type DialectName } from './dialects.ts';

const leftOut = new Set([
  'max_completion_tokens',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'stop',
  'logprobs',
  'top_logprobs',
]);

export type LoadQuestion = Pick<SpeedRequest, 'key' | 'nonce' | 'maxTokens' | 'repeat'>;

/**
 * The cell to send for a planned request. `ignoreEos`: `yes` where the server is known to take it, `unknown` where only a
 * trial tells; then it is sent, and the answer's length says.
 */
export function loadCell(
  base: Cell,
  question: LoadQuestion,
  dialect: DialectName | Dialect,
  ignoreEos: Ability,
): Cell {
  const row = typeof dialect === 'string' ? dialectNamed(dialect) : dialect;
  const kept = Object.entries(base.request).filter(([name]) => !leftOut.has(name));
  return {
    ...base,
    key: question.key,
    repeat: question.repeat,
    messages: behindNonce(base.messages, question.nonce),
    request: {
      ...Object.fromEntries(kept),
      max_tokens: question.maxTokens,
      ...(ignoreEos === 'no' ? {} : { ignore_eos: true }),
      ...cacheField(row, question.nonce),
    },
    checks: [],
    observe: true,
  };
}

/** The nonce on a line before the first message: from the first token on, no server has seen this prompt. */
function behindNonce(messages: readonly Message[], nonce: string): Message[] {
  return messages.map((message, at) =>
    at === 0 ? { ...message, content: `${nonce}\n${message.content}` } : message,
  );
}

function cacheField({ cacheSwitch }: Dialect, nonce: string): JsonObject {
  if (cacheSwitch === null) return {};
  return cacheSwitch === 'cache_salt' ? { cache_salt: nonce } : { cache_prompt: false };
}
