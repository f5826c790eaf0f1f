/**
 * What is looked at in a JSON Schema before a compiler sees it: its dialect, its size, and what must not be in it. Works
 * on the schema's own structure: a property that happens to be called `example` is no keyword.
 */
import type { Json, JsonObject } from '../../types.ts';

export type Dialect = '04' | '06' | '07' | '2019-09' | '2020-12';

/** UTF-8 bytes of the schema as compact JSON. */
const maxSchemaBytes = 256 * 1024;
/** Levels of objects and arrays. */
const maxSchemaDepth = 64;
const maxSubschemas = 2000;
/** Characters of what stands under `dependentRequired`: a compiler writes every list once for each name in it. */
const maxDependentCharacters = 4_000_000;

const dialects: Readonly<Record<string, Dialect>> = {
  'json-schema.org/draft-04/schema': '04',
  'json-schema.org/draft-06/schema': '06',
  'json-schema.org/draft-07/schema': '07',
  'json-schema.org/draft/2019-09/schema': '2019-09',
  'json-schema.org/draft/2020-12/schema': '2020-12',
};
/** The spelling of `$schema` that compilers know. */
export const dialectUri: Readonly<Record<Dialect, string>> = {
  '04': 'http://json-schema.org/draft-04/schema#',
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
  const offered = 'use draft-04, draft-06, draft-07, 2019-09 or 2020-12';
  return uri === 'json-schema.org/draft-03/schema'
    ? { problem: `JSON Schema draft-03 is not supported: ${offered}` }
    : { problem: `unknown dialect "${declared}": ${offered}` };
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

/** UTF-16 units of compact JSON. A schema up to this size compiles in some tenths of a second, whatever is in it. */
const maxCheapSchema = 8192;
const sizes = new WeakMap<object, number>();

/** Whether schemas, or what holds them, may take more than a moment to compile. */
export function mayTakeLong(schemas: Json | undefined): boolean {
  if (typeof schemas !== 'object' || schemas === null) return false;
  const known = sizes.get(schemas);
  const size = known ?? JSON.stringify(schemas).length;
  if (known === undefined) sizes.set(schemas, size);
  return size > maxCheapSchema;
}

/** A problem with the schema's size or content in one line, or null. Looks before anything recurses into it. */
export function schemaLimitProblem(schema: Json): string | null {
  const depth = depthOf(schema);
  if (depth > maxSchemaDepth) return `the schema nests ${depth} levels deep, the limit is ${maxSchemaDepth}`;
  const text = JSON.stringify(schema);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxSchemaBytes) return `the schema has ${bytes} bytes, the limit is ${maxSchemaBytes}`;
  // Validators pass over rules about it in silence.
  if (text.includes('"__proto__"')) return 'the schema speaks of "__proto__", which cannot be checked';
  let count = 0;
  let async = false;
  let dependent = 0;
  eachSubschema(schema, (subschema) => {
    count++;
    if (Object.hasOwn(subschema, '$async')) async = true;
    dependent += dependentCharacters(subschema);
  });
  // A validator that returns a promise is truthy for every answer.
  if (async) return '"$async" is refused in schemas';
  if (dependent > maxDependentCharacters)
    return 'the lists of names under "dependentRequired" are too long: what is made of them grows with their square';
  return count > maxSubschemas ? `the schema has ${count} subschemas, the limit is ${maxSubschemas}` : null;
}

function dependentCharacters(subschema: JsonObject): number {
  return ['dependentRequired', 'dependencies'].reduce((sum, keyword) => {
    const map = subschema[keyword];
    const lists: readonly Json[] = isObject(map) ? Object.values(map) : [];
    return lists.reduce(
      (all: number, list) => all + (Array.isArray(list) ? list.length * JSON.stringify(list).length : 0),
      sum,
    );
  }, 0);
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
