/** The full form of the probe: every ability of a server is tried once, with calls of a few tokens. */
import type { Json, JsonObject, Message } from '../types.ts';
import { lookUp, streamOptionsFor, type Dialect } from './dialects.ts';
import type { ServerSession } from './server-session.ts';
import type { Shape, Trial } from './trial.ts';

/** null: not tried, or nothing could be seen. */
export interface Abilities extends JsonObject {
  /** Where reasoning was seen; null: nowhere so far. */
  readonly reasoningField: Shape['reasoningField'];
  readonly continuousUsage: boolean | null;
  /** null also where the model does not stop early by itself, so that nothing can be seen. */
  readonly ignoreEos: boolean | null;
  /** `accepted`: taken without an error, and not obeyed. */
  readonly jsonSchema: 'enforced' | 'accepted' | 'refused' | null;
  /** The same request twice, with a seed and at temperature 0, gave the same text. */
  readonly seed: boolean | null;
  readonly logprobs: boolean | null;
  /** One tool and `tool_choice: required`: called, answered without a call, or refused. */
  readonly tools: 'called' | 'ignored' | 'refused' | null;
  /** What became of a prompt of `promptWords` words: `cut` is silent loss. */
  readonly promptWindow: 'whole' | 'cut' | 'refused' | null;
  readonly promptWords: number | null;
  /** What the server counted of it. */
  readonly promptTokens: number | null;
}

export const nothingTried: Abilities = {
  reasoningField: null,
  continuousUsage: null,
  ignoreEos: null,
  jsonSchema: null,
  seed: null,
  logprobs: null,
  tools: null,
  promptWindow: null,
  promptWords: null,
  promptTokens: null,
};

const user = (content: string): Message[] => [{ role: 'user', content }];
const usageAsked: JsonObject = { include_usage: true };

/** Tries each ability once. A field that the dialect is known not to take is not sent. */
export async function tryAbilities(
  session: ServerSession,
  dialect: Dialect,
  known: {
    readonly contextTokens: number | null;
    /** Ask for streams, and with `stream_options`. */
    readonly stream: boolean;
    readonly streamOptions: boolean;
  },
): Promise<Abilities> {
  const { options } = session;
  let reasoningField: Shape['reasoningField'] = null;
  const ask = async (
    what: string,
    limit: number,
    content: string,
    fields: JsonObject,
    streamOptions: JsonObject = usageAsked,
  ): Promise<Trial | null> => {
    if (options.signal?.aborted === true) return null;
    options.say?.(what);
    const trial = await session.call(limit, {
      messages: user(content),
      fields,
      bare: true,
      stream: known.stream,
      streamOptions: known.streamOptions ? { ...dialect.streamOptions, ...streamOptions } : null,
    });
    reasoningField ??= trial.shape.reasoningField;
    return trial;
  };
  const continuousUsage =
    dialect.continuousUsage === 'no' || !known.streamOptions
      ? false
      : readContinuous(
          await ask('usage in every event', 4, 'Count to ten.', {}, streamOptionsFor(dialect, true)),
        );
  const ignoreEos = dialect.ignoreEos === 'no' ? false : await tryIgnoreEos(ask);
  const jsonSchema = readSchema(
    await ask('a schema', 64, 'Tell me in one sentence what rain is.', { response_format: schemaAsked }),
  );
  const seeded: JsonObject = { temperature: 0, seed: 7 };
  const first = await ask('a seed', 16, 'Write one sentence about the sea.', seeded);
  const second =
    first?.outcome.kind === 'answered'
      ? await ask('the same again', 16, 'Write one sentence about the sea.', seeded)
      : null;
  const withLogprobs = await ask('log probabilities', 2, 'Hello', { logprobs: true, top_logprobs: 2 });
  const withTool = await ask('a tool', 128, 'What time is it in Nairobi?', toolAsked);
  // Twice the stated context must show a cut; beyond some thousand words a probe costs minutes on a small machine.
  const promptWords = Math.min(Math.max(2 * (known.contextTokens ?? 4096), 3000), 8000);
  const long = await ask(`a prompt of ${promptWords} words`, 1, 'word '.repeat(promptWords).trim(), {});
  return {
    continuousUsage,
    ignoreEos,
    jsonSchema,
    seed: readSeed(first, second),
    logprobs: readLogprobs(withLogprobs),
    tools: readTools(withTool),
    ...readWindow(long, promptWords),
    reasoningField,
  };
}

function refused(trial: Trial): boolean {
  return trial.http === 400 || trial.http === 422;
}

function readContinuous(trial: Trial | null): boolean | null {
  if (trial === null) return null;
  if (trial.outcome.kind === 'answered') return trial.shape.usageEvents > 1;
  return refused(trial) ? false : null;
}

const eosTokens = 8;

/** A short answer must grow to the limit. Without a control that stops before it, nothing was seen. */
async function tryIgnoreEos(
  ask: (what: string, limit: number, content: string, fields: JsonObject) => Promise<Trial | null>,
): Promise<boolean | null> {
  const prompt = 'Answer with the single word "yes".';
  const forced = await ask('ignore_eos', eosTokens, prompt, { ignore_eos: true });
  if (forced === null) return null;
  if (forced.outcome.kind === 'failed') return refused(forced) ? false : null;
  if (forced.usage.completion === null) return null;
  if (forced.usage.completion < eosTokens) return false;
  const control = await ask('the same without it', eosTokens, prompt, {});
  const natural = control?.outcome.kind === 'answered' ? control.usage.completion : null;
  return natural !== null && natural < eosTokens ? true : null;
}

const schemaAsked: JsonObject = {
  type: 'json_schema',
  json_schema: {
    name: 'probe',
    strict: true,
    schema: {
      type: 'object',
      properties: { k: { const: 'zq9' } },
      required: ['k'],
      additionalProperties: false,
    },
  },
};

function readSchema(trial: Trial | null): Abilities['jsonSchema'] {
  if (trial === null) return null;
  // Some servers answer a schema they cannot take with 500.
  if (trial.outcome.kind === 'failed') return refused(trial) || trial.http === 500 ? 'refused' : null;
  const text = trial.outcome.text.trim();
  if (text === '') return null;
  let value: Json | undefined;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // Cut at the limit in the middle of the one object that is allowed: no verdict.
    const squeezed = text.replaceAll(/\s/gu, '');
    return trial.outcome.finish === 'length' && '{"k":"zq9"}'.startsWith(squeezed) ? null : 'accepted';
  }
  return lookUp(value, ['k'], '') === 'zq9' ? 'enforced' : 'accepted';
}

function readSeed(first: Trial | null, second: Trial | null): boolean | null {
  if (first === null) return null;
  if (first.outcome.kind === 'failed') return refused(first) ? false : null;
  if (second?.outcome.kind !== 'answered') return null;
  const one = `${first.reasoning}\n${first.outcome.text}`;
  return one.trim() === '' ? null : one === `${second.reasoning}\n${second.outcome.text}`;
}

function readLogprobs(trial: Trial | null): boolean | null {
  if (trial === null) return null;
  if (trial.outcome.kind === 'failed') return refused(trial) ? false : null;
  return trial.shape.logprobs > 0;
}

const toolAsked: JsonObject = {
  tools: [
    {
      type: 'function',
      function: {
        name: 'clock',
        description: 'The time in a city',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    },
  ],
  tool_choice: 'required',
};

function readTools(trial: Trial | null): Abilities['tools'] {
  if (trial === null) return null;
  // As with schemas, some servers answer with 500 what they do not do; others say that it is not implemented.
  if (trial.outcome.kind === 'failed')
    return refused(trial) || trial.http === 500 || trial.http === 501 ? 'refused' : null;
  if (trial.outcome.toolCalls.some(({ name }) => name !== '')) return 'called';
  // Still thinking at the limit: no verdict.
  const isThinking = trial.outcome.text === '' || trial.shape.reasoningField === 'inline';
  return trial.outcome.finish === 'length' && isThinking ? null : 'ignored';
}

/** A word is at least one token in every tokenizer in use; clearly fewer were counted: the rest was thrown away. */
function readWindow(
  trial: Trial | null,
  promptWords: number,
): Pick<Abilities, 'promptWindow' | 'promptWords' | 'promptTokens'> {
  if (trial === null) return { promptWindow: null, promptWords: null, promptTokens: null };
  if (trial.outcome.kind === 'failed') {
    const full = trial.outcome.failure.code === 'context-length' || trial.http === 413;
    return { promptWindow: full || refused(trial) ? 'refused' : null, promptWords, promptTokens: null };
  }
  const promptTokens = trial.usage.prompt;
  return {
    promptWindow: promptTokens === null ? null : promptTokens < 0.75 * promptWords ? 'cut' : 'whole',
    promptWords,
    promptTokens,
  };
}
