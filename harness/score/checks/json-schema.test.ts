import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../types.ts';
import { ajvVersion, compileSchema, type Violations } from './json-schema.ts';

const plain = { formats: 'assert', unknownKeywords: 'error', engine: 're2' } as const;

function check(
  schema: JsonObject,
  value: Json,
  options: Parameters<typeof compileSchema>[1] = plain,
): Violations {
  const compiled = compileSchema(schema, options);
  if (typeof compiled === 'string') throw new Error(compiled);
  return compiled.validate(value);
}
/** Each definition refers to the next one twice: 2^levels ways to the last. */
const doubling = (
  levels: number,
  ref: (at: number) => string,
  name: (at: number) => JsonObject,
): JsonObject => ({
  $ref: ref(0),
  $defs: Object.fromEntries(
    Array.from({ length: levels + 1 }, (_, at): [string, JsonObject] => {
      const next = { $ref: ref(at + 1) };
      return [`a${at}`, { ...name(at), ...(at < levels ? { allOf: [next, next] } : { type: 'object' }) }];
    }),
  ),
});
const nested = (levels: number): JsonObject =>
  levels === 0 ? { type: 'string' } : { items: nested(levels - 1) };

describe('dialects', () => {
  it.each([
    ['http://json-schema.org/draft-04/schema#', '04'],
    ['http://json-schema.org/draft-06/schema#', '06'],
    ['http://json-schema.org/draft-07/schema#', '07'],
    ['https://json-schema.org/draft-07/schema', '07'],
    ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
    ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
    [undefined, '2020-12'],
  ])('%s is %s', (uri, dialect) => {
    const compiled = compileSchema({ ...(uri === undefined ? {} : { $schema: uri }), type: 'object' }, plain);
    expect(compiled).toMatchObject({ dialect });
  });

  it.each<[string, JsonObject, RegExp]>([
    ['draft-03', { $schema: 'http://json-schema.org/draft-03/schema#' }, /draft-03 is not supported/u],
    ['an unknown dialect', { $schema: 'https://example.org/mine' }, /unknown dialect/u],
    ['the latest, whichever it is', { $schema: 'http://json-schema.org/schema#' }, /unknown dialect/u],
    ['a mistyped type', { type: 'strnig' }, /breaks the rules of JSON Schema 2020-12/u],
    ['an unknown keyword', { requierd: ['a'] }, /unknown keyword: "requierd"/u],
    ['an unknown format', { format: 'dat' }, /unknown format "dat"/u],
    ['a pattern of the other engine', { pattern: '(?=x)' }, /look-around .*engine: js takes it/u],
    ['a reference to elsewhere', { $ref: 'https://example.org/x.json' }, /can't resolve reference/u],
    ['$async', { $async: true, type: 'object' }, /\$async/u],
    ['$async inside', { properties: { a: { $async: true } } }, /\$async/u],
    ['__proto__', JSON.parse('{"properties":{"__proto__":{}}}') as JsonObject, /__proto__/u],
    ['70 levels', nested(70), /levels deep, the limit is 64/u],
    ['300 kB', { enum: ['x'.repeat(300_000)] }, /bytes, the limit is 262144/u],
    ['2001 branches', { oneOf: Array.from({ length: 2001 }, () => ({})) }, /subschemas, the limit is 2000/u],
    [
      'names that depend on thousands of others',
      { dependentRequired: { a: Array.from({ length: 5000 }, (_, at) => `名${at}`) } },
      /lists of names under "dependentRequired" are too long/u,
    ],
  ])('%s is refused', (_, schema, problem) => {
    expect(compileSchema(schema, plain)).toMatch(problem);
  });

  it('lets an unknown keyword pass where the suite says so', () => {
    expect(check({ requierd: ['a'] }, {}, { ...plain, unknownKeywords: 'warn' }).count).toBe(0);
  });

  it('accepts ordinary schemas and drops annotations of OpenAPI, not properties of that name', () => {
    const schema = {
      required: ['example'],
      properties: { example: { type: 'integer', example: 3, 'x-note': 1 } },
      'x-id': 1,
    };
    expect(check(schema, { example: 1 }).count).toBe(0);
    expect(check(schema, { example: 'x' }).count).toBe(1);
  });
});

describe('violations', () => {
  it('name the property that is missing or too much', () => {
    const { errors } = check(
      {
        type: 'object',
        required: ['城/市'],
        properties: { 城市: {}, 'a~b': {} },
        additionalProperties: false,
      },
      { 'x/y': 1 },
    );
    expect(errors.map(({ pointer, keyword }) => [pointer, keyword])).toEqual([
      ['/城~1市', 'required'],
      ['/x~1y', 'additionalProperties'],
    ]);
    expect(errors[0]).toMatchObject({ schemaPath: '#/required', params: { missingProperty: '城/市' } });
  });

  it('are all counted and a hundred kept', () => {
    const { errors, count } = check(
      { items: { type: 'string' } },
      Array.from({ length: 250 }, () => 1),
    );
    expect([errors.length, count]).toEqual([100, 250]);
  });

  it.each<[string, JsonObject, Json, number]>([
    ['an inherited property is not there', { required: ['toString'] }, {}, 1],
    ['19.99 is a multiple of 0.01', { multipleOf: 0.01 }, 19.99, 0],
    ['19.995 is none', { multipleOf: 0.01 }, 19.995, 1],
    ['a default is not filled in', { properties: { a: { default: 1 } }, required: ['a'] }, {}, 1],
    ['"5" is no integer', { type: 'integer' }, '5', 1],
    ['patterns are Unicode', { pattern: '^\\p{L}+$' }, 'ኢትዮጵያ', 0],
    ['maxLength counts code points', { maxLength: 1 }, '𠮷', 0],
    [
      'two patterns are told apart',
      { properties: { a: { pattern: '^x' }, b: { pattern: '^y' } } },
      { a: 'x', b: 'x' },
      1,
    ],
    ['formats are asserted', { format: 'date' }, '٢٠٢٤-٠١-٠١', 1],
    ['a date is a date', { format: 'date' }, '2024-01-01', 0],
    ['$data is data', { properties: { a: { const: { $data: '1/b' } } } }, { a: 1, b: 1 }, 1],
  ])('%s', (_, schema, value, count) => {
    expect(check(schema, value).count).toBe(count);
  });

  it('ignores formats on request', () => {
    expect(check({ format: 'date' }, 'x', { ...plain, formats: 'ignore' }).count).toBe(0);
  });

  it('stops at a pattern that would take a backtracking engine minutes', () => {
    const started = cpuMs();
    expect(check({ pattern: '^(a+)+$' }, `${'a'.repeat(2000)}!`).count).toBe(1);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });

  it('refuses to compare thousands of objects with each other', () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ index }));
    expect(() => check({ uniqueItems: true }, many)).toThrow(/uniqueItems/u);
    expect(check({ uniqueItems: true }, many.slice(1)).count).toBe(0);
  });
});

describe('the cost of a schema', () => {
  const pointer = (at: number): string => `#/$defs/a${at}`;

  it.each<[string, JsonObject]>([
    ['pointers', doubling(40, pointer, () => ({}))],
    [
      'anchors',
      doubling(
        40,
        (at) => `#n${at}`,
        (at) => ({ $anchor: `n${at}` }),
      ),
    ],
    [
      'identifiers',
      doubling(
        40,
        (at) => `r${at}`,
        (at) => ({ $id: `r${at}` }),
      ),
    ],
    [
      'whole addresses',
      {
        ...doubling(
          40,
          (at) => `https://example.org/s#/$defs/a${at}`,
          () => ({}),
        ),
        $id: 'https://example.org/s',
      },
    ],
  ])('is bounded where references multiply by %s', (_, schema) => {
    expect(compileSchema(schema, plain)).toMatch(/written out, are more than 100000 subschemas/u);
  });

  it('allows references that do not multiply so', () => {
    expect(
      check(
        doubling(8, pointer, () => ({})),
        { 城市: 1 },
      ).count,
    ).toBe(0);
    const shared = Object.fromEntries(
      Array.from({ length: 900 }, (_, at) => [`p${at}`, { $ref: '#/$defs/a' }]),
    );
    expect(check({ $defs: { a: { type: 'string' } }, properties: shared }, { p0: 'नमस्ते' }).count).toBe(0);
  });

  it('is bounded where a schema leads back to itself in two ways at each level', () => {
    const schema = {
      $defs: { a: { properties: { x: { allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } } } },
      $ref: '#/$defs/a',
    };
    let value: Json = {};
    for (let level = 0; level < 100; level++) value = { x: value };
    expect(() => check(schema, value)).toThrow(/applied more than 100000000 times/u);
  });

  it('allows a tree, however many its leaves', () => {
    const tree = (levels: number): Json =>
      levels === 0 ? { v: 1 } : { l: tree(levels - 1), r: tree(levels - 1) };
    const schema = {
      properties: { l: { $ref: '#' }, r: { $ref: '#' }, v: { type: 'number' } },
      additionalProperties: false,
    };
    expect(check(schema, tree(12)).count).toBe(0);
    expect(check(schema, { l: { r: { ط: 1 } } }).errors).toMatchObject([{ pointer: '/l/r/ط' }]);
  });

  it('allows a large value whose parts each meet few of many subschemas', () => {
    const schema = {
      properties: Object.fromEntries(
        Array.from({ length: 1500 }, (_, at) => [`p${at}`, { type: 'integer' }]),
      ),
    };
    const value = { rest: Array.from({ length: 100_000 }, () => 1), p7: 'ሰባት' };
    expect(check(schema, value).count).toBe(1);
  });

  it('counts what all patterns of a schema take on one answer', () => {
    const items = { pattern: '^.{0,999}[xy]$' };
    const text = 'ก'.repeat(2000);
    expect(check({ items }, [text]).count).toBe(1);
    expect(() =>
      check(
        { items },
        Array.from({ length: 10 }, () => text),
      ),
    ).toThrow(/too long on this answer/u);
    expect(check({ items }, [text]).count).toBe(1);
  });

  it('refuses more patterns than can be built in a moment', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`p${at}`, { pattern: `^.{0,999}${at}$` }]),
    );
    expect(compileSchema({ properties }, plain)).toMatch(
      /the patterns together have more than 200000 steps/u,
    );
  });
});

describe('the compiler', () => {
  it('compiles equal schemas once and keeps two with the same $id apart', () => {
    const schema = (type: string): JsonObject => ({
      $id: 'https://example.org/s',
      $defs: { a: { $id: 'inner', type } },
      $ref: 'inner',
    });
    expect(compileSchema(schema('string'), plain)).toBe(compileSchema(schema('string'), plain));
    expect(check(schema('string'), 'x').count).toBe(0);
    expect(check(schema('number'), 'x').count).toBe(1);
  });

  it('says the version that is installed', () => {
    const file = createRequire(import.meta.url).resolve('ajv/package.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: ajvVersion });
  });
});
