/**
 * What is looked at in a JSON Schema before a compiler sees it: its dialect, its size, and what must not be in it. Works
 * on the schema's own structure: a property that happens to be called `example` is no keyword.
 */
import type { Json, JsonObject } from '../../types.ts';

export type Dialect = '06' | '07' | '2019-09' | '2020-12';

/** UTF-8 bytes of the schema as compact JSON. */
export const maxSchemaBytes = 256 * 1024;
/** Levels of objects and arrays. */
export const maxSchemaDepth = 64;
export const maxSubschemas = 2000;

const dialects: Readonly<Record<string, Dialect>> = {
  'json-schema.org/draft-06/schema': '06',
  'json-schema.org/draft-07/schema': '07',
  'json-schema.org/draft/2019-09/schema': '2019-09',
  'json-schema.org/draft/2020-12/schema': '2020-12',
};
const later: Readonly<Record<string, string>> = {
  'json-schema.org/draft-04/schema': 'draft-04',
  'json-schema.org/draft-03/schema': 'draft-03',
};
/** The spelling of `$schema` that compilers know. */
export const dialectUri: Readonly<Record<Dialect, string>> = {
  '06': 'http://json-schema.org/draft-06/schema#',
  '07': 'http://json-schema.org/draft-07/schema#',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/** The dialect a schema declares, 2020-12 without a word; or a problem in one line. */
export function dialectOf(schema: JsonObject): { dialect: Dialect } | { problem: string } {
  const declared = schema['$schema'];
  if (declared === undefined) return { dialect: '2020-12' };
  if (typeof declared !== 'string') return { problem: '"$schema" is no string' };
  const uri = declared.replace(/^https?:\/\//u, '').replace(/#$/u, '');
  const dialect = Object.hasOwn(dialects, uri) ? dialects[uri] : undefined;
  if (dialect !== undefined) return { dialect };
  const name = Object.hasOwn(later, uri) ? later[uri] : undefined;
  const offered = 'use draft-06, draft-07, 2019-09 or 2020-12';
  return {
    problem:
      name === undefined
        ? `unknown dialect "${declared}": ${offered}`
        : `JSON Schema ${name} is not in this release: ${offered}`,
  };
}

/** Keywords whose value is a schema, a list of schemas, or a map of names to schemas. Everything else is data. */
const single = new Set(
  'additionalItems additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems unevaluatedProperties'.split(
    ' ',
  ),
);
const lists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']);
const maps = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/** A problem with the schema's size or content in one line, or null. Looks before anything recurses into it. */
export function schemaLimitProblem(schema: Json): string | null {
  const depth = depthOf(schema);
  if (depth > maxSchemaDepth) return `the schema nests ${depth} levels deep, the limit is ${maxSchemaDepth}`;
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > maxSchemaBytes) return `the schema has ${bytes} bytes, the limit is ${maxSchemaBytes}`;
  let count = 0;
  let async = false;
  eachSubschema(schema, (subschema) => {
    count++;
    if (Object.hasOwn(subschema, '$async')) async = true;
  });
  // A validator that returns a promise is truthy for every answer.
  if (async) return '"$async" is refused in schemas';
  return count > maxSubschemas ? `the schema has ${count} subschemas, the limit is ${maxSubschemas}` : null;
}

/** The schema without annotations that OpenAPI adds: `x-*` and `example` where keywords stand. */
export function withoutAnnotations(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(
    ([keyword]) => !keyword.startsWith('x-') && keyword !== 'example',
  );
  return Object.fromEntries(
    kept.map(([keyword, value]): [string, Json] => {
      if (maps.has(keyword) && isObject(value)) {
        const named = Object.entries(value).map(([name, part]): [string, Json] => [
          name,
          withoutAnnotations(part),
        ]);
        return [keyword, Object.fromEntries(named)];
      }
      if (lists.has(keyword) && Array.isArray(value)) return [keyword, value.map(withoutAnnotations)];
      return [keyword, single.has(keyword) ? withoutAnnotations(value) : value];
    }),
  );
}

/** The schemas directly inside one, each with the keyword it stands under. */
export function partsOf(schema: JsonObject): { readonly keyword: string; readonly schema: Json }[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const inner: readonly Json[] =
      maps.has(keyword) && isObject(value)
        ? Object.values(value)
        : lists.has(keyword) && Array.isArray(value)
          ? value
          : single.has(keyword)
            ? [value]
            : [];
    return inner
      .filter((part) => typeof part === 'boolean' || isObject(part))
      .map((part) => ({ keyword, schema: part }));
  });
}

function eachSubschema(schema: Json, visit: (schema: JsonObject) => void): void {
  if (typeof schema === 'boolean') return visit({});
  if (!isObject(schema)) return;
  visit(schema);
  for (const part of partsOf(schema)) eachSubschema(part.schema, visit);
}

function depthOf(value: Json): number {
  let level: readonly Json[] = [value];
  let depth = 0;
  for (; level.length > 0 && depth <= 10_000; depth++) {
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return depth - 1;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
