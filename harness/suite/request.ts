/** `request`: fields of the chat-completions API as they are, with two of them readable from a file. */
import { posix } from 'node:path';
import type { Json, JsonObject } from '../types.ts';
import { readMapping } from './fields.ts';
import type { JsonFiles } from './json-file.ts';
import { bareObject, toJson, type Entry, type Node, type Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';

/** What the run itself decides. */
const ours: Readonly<Record<string, string>> = {
  model: 'the model belongs to the target',
  messages: 'write messages beside request',
  stream: 'every call is streamed',
  stream_options: 'every call is streamed',
  n: 'one answer is asked for; use repeat',
};

export interface RequestFields {
  readonly fields: JsonObject;
  /** The schema behind `response_format`, when it was named by its file, and where it was named. */
  readonly schema: { readonly content: JsonObject; readonly spot: Spot } | null;
}

export const emptyRequest: RequestFields = { fields: {}, schema: null };

/** Reads `request` or the overrides of a variant. `skip`: keys that are not request fields there. */
export function readRequest(
  node: Node | undefined,
  files: JsonFiles,
  problems: ProblemList,
  skip: readonly string[] = [],
): RequestFields {
  if (node === undefined) return emptyRequest;
  const map = readMapping(node, 'request', problems);
  let schema: RequestFields['schema'] = null;
  const fields: [string, Json][] = [];
  for (const entry of map?.entries.values() ?? []) {
    if (skip.includes(entry.key)) continue;
    const refused = Object.hasOwn(ours, entry.key) ? ours[entry.key] : undefined;
    if (refused !== undefined) {
      problems.error(entry.keySpot, `"${entry.key}" cannot be set in request`, refused);
      continue;
    }
    const file = pathIn(entry.value);
    if (entry.key === 'response_format' && file !== null) {
      const content = readSchema(file, entry, files, problems);
      if (content === null) continue;
      schema = { content, spot: entry.value.spot };
      fields.push([entry.key, responseFormat(file, content)]);
    } else if (entry.key === 'tools' && file !== null) {
      const read = files.read(file, entry.value.spot, problems);
      if (read !== null && !Array.isArray(read.value))
        problems.error(entry.value.spot, 'the file holds no list of tools');
      if (read !== null) fields.push([entry.key, read.value]);
    } else fields.push([entry.key, toJson(entry.value)]);
  }
  return { fields: bareObject(fields), schema };
}

/** The later wins, field by field. */
export function overRequest(base: RequestFields, over: RequestFields): RequestFields {
  const replaced = Object.hasOwn(over.fields, 'response_format');
  return { fields: { ...base.fields, ...over.fields }, schema: replaced ? over.schema : base.schema };
}

const pathIn = (node: Node): string | null =>
  node.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;

function readSchema(file: string, entry: Entry, files: JsonFiles, problems: ProblemList): JsonObject | null {
  const read = files.read(file, entry.value.spot, problems);
  if (read === null) return null;
  if (typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value))
    return read.value as JsonObject;
  problems.error(entry.value.spot, 'the file holds no JSON Schema', 'a schema is a JSON object');
  return null;
}

/** The API wants a name of letters, digits, `_` and `-`. */
function responseFormat(file: string, schema: JsonObject): JsonObject {
  const name = posix
    .basename(file)
    .replace(/(?:\.schema)?\.json$/u, '')
    .replaceAll(/[^A-Za-z0-9_-]/gu, '_')
    .slice(0, 64);
  return { type: 'json_schema', json_schema: { name: name === '' ? 'answer' : name, schema } };
}
