/** Reads one call that a model made: its arguments are a JSON text, and may be anything. */
import type { Json, JsonObject, ToolCall } from '../../types.ts';
import { JsonLimitError, maxJsonBytes, maxJsonDepth } from './json-extract.ts';
import { jsonWarnings, scanBrackets } from './json-scan.ts';
import { isObject } from './schema-limits.ts';
import type { Violation } from './schema-violation.ts';
import type { OfferedTool } from './tool-list.ts';

/** `unknown-tool`: none of that name was offered. `invalid`: the arguments break the tool's schema. */
export type CallFault = 'unknown-tool' | 'not-json' | 'not-object' | 'invalid';

export interface ReadCall {
  readonly name: string;
  /** null where there is a fault that leaves none. */
  readonly arguments: JsonObject | null;
  readonly fault: CallFault | null;
  readonly errors: readonly Violation[];
  readonly errorCount: number;
  /** What the parser passed over in silence. */
  readonly warnings: readonly string[];
}

/** @throws JsonLimitError where the arguments are too large or too deep to be parsed safely */
export function readCall(call: ToolCall, tools: ReadonlyMap<string, OfferedTool>): ReadCall {
  const read = { name: call.name, arguments: null, errors: [], errorCount: 0, warnings: [] };
  const tool = tools.get(call.name);
  if (tool === undefined) return { ...read, fault: 'unknown-tool' };
  // A call without arguments: some servers send an empty text for it.
  const source = call.arguments.trim() === '' ? '{}' : call.arguments;
  const value = parseLimited(source);
  if (value === undefined) return { ...read, fault: 'not-json' };
  const warnings = jsonWarnings(source);
  if (!isObject(value)) return { ...read, warnings, fault: 'not-object' };
  const { errors, count } = tool.schema?.validate(value) ?? { errors: [], count: 0 };
  const fault = count === 0 ? null : 'invalid';
  return { name: call.name, arguments: value, fault, errors, errorCount: count, warnings };
}

function parseLimited(source: string): Json | undefined {
  if (Buffer.byteLength(source) > maxJsonBytes)
    throw new JsonLimitError(`the arguments of a call are over the limit of ${maxJsonBytes} bytes`);
  if (scanBrackets(source).depth > maxJsonDepth)
    throw new JsonLimitError(`the arguments of a call nest deeper than the limit of ${maxJsonDepth} levels`);
  try {
    const value: Json = JSON.parse(source);
    return value;
  } catch {
    return undefined;
  }
}
