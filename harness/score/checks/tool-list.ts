/** The tools a request offers, by name, each with the schema its arguments must satisfy. */
import type { Json, JsonObject } from '../../types.ts';
import { compileSchema, type CompiledSchema } from './json-schema.ts';
import { isObject } from './schema-limits.ts';

export interface OfferedTool {
  /** null: the tool says nothing of its arguments. */
  readonly schema: CompiledSchema | null;
}

/** Tools by name; or what is wrong with the list, in one line. Tools that are no functions are left out. */
export function offeredTools(request: JsonObject): ReadonlyMap<string, OfferedTool> | string {
  const tools = new Map<string, OfferedTool>();
  const list = request['tools'] ?? [];
  if (!Array.isArray(list)) return 'tools is no list';
  for (const [index, tool] of list.entries()) {
    const given: Json = tool;
    if (isObject(given) && given['type'] !== undefined && given['type'] !== 'function') continue;
    const described = isObject(given) ? given['function'] : undefined;
    const name = isObject(described) ? described['name'] : undefined;
    if (!isObject(described) || typeof name !== 'string' || name === '')
      return `tool ${index + 1} of the request has no function.name`;
    if (tools.has(name)) return `two tools of the request are called "${name}"`;
    const schema = argumentSchema(described);
    if (typeof schema === 'string') return `the parameters of the tool "${name}": ${schema}`;
    tools.set(name, { schema });
  }
  return tools;
}

function argumentSchema(described: JsonObject): CompiledSchema | null | string {
  const parameters = described['parameters'] ?? null;
  if (parameters === null) return null;
  if (!isObject(parameters)) return 'the schema is no object';
  // A request may hold keywords of its server's own.
  return compileSchema(parameters, { formats: 'assert', unknownKeywords: 'warn', engine: 're2' });
}
