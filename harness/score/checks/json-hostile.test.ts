/** Answers and schemas that mean harm: each ends soon, in a verdict that says what it is, with details that stay small. */
import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { CheckSpec, Json, JsonObject, Verdict } from '../../types.ts';
import { judgeOf } from '../score.ts';
import { checks } from './index.ts';

async function verdictOn(
  text: string,
  type: string,
  params: JsonObject,
  more: Partial<CheckSpec> = {},
): Promise<Verdict> {
  const { params: _none, ...answer } = checkInput(text, 'hi', {});
  const spec = { type, not: false, params, threshold: 1, weight: 1, metric: type, transform: [], ...more };
  return judgeOf(answer, { catalogue: checks })(spec);
}
const nested = (levels: number, inner = ''): string => '['.repeat(levels) + inner + ']'.repeat(levels);
/** The parameters as a suite would have to hold them, or their problem. */
const problemOf = (type: string, params: JsonObject): string | null =>
  checks[type]?.problem?.(params, 'hi') ?? null;

describe('hostile answers', () => {
  it.each<[string, string, JsonObject, object]>([
    ['20,000 levels', nested(20_000), {}, { status: 'unscored', why: 'check-error' }],
    ['20,000 levels and no end', '{"क":'.repeat(20_000), {}, { status: 'unscored', why: 'check-error' }],
    ['20,000 levels in prose', `उत्तर: ${nested(20_000)}`, {}, { status: 'unscored', why: 'check-error' }],
    ['256 levels', nested(256), {}, { status: 'scored', score: 1 }],
    ['NaN', '{"a":NaN}', {}, { score: 0, details: { stage: 'invalid' } }],
    ['a leading zero', '{"a":01}', {}, { score: 0, details: { stage: 'invalid' } }],
    ['a key given twice', '{"a":1,"a":2}', {}, { score: 1, details: { warnings: ['duplicate_key'] } }],
    [
      'a key given twice, once escaped',
      '{"शहर":1,"\\u0936\\u0939\\u0930":2}',
      {},
      { details: { warnings: ['duplicate_key'] } },
    ],
    [
      'an integer no double holds',
      '[12345678901234567890]',
      {},
      { score: 1, details: { warnings: ['precision_loss'] } },
    ],
    ['half a character', '["\\ud800"]', {}, { score: 1, details: { warnings: ['lone_surrogate'] } }],
    ['a byte order mark', '\uFEFF{}', {}, { score: 1, details: { warnings: ['bom'] } }],
    ['an inherited name that is asked for', '{}', { schema: { required: ['toString'] } }, { score: 0 }],
    [
      'a prototype',
      '{"__proto__":{"a":1}}',
      { schema: { required: ['a'] } },
      { score: 0, details: { errors: [{ pointer: '/a' }] } },
    ],
    [
      'a prototype too much',
      '{"__proto__":1}',
      { schema: { additionalProperties: false } },
      { score: 0, details: { errors: [{ pointer: '/__proto__' }] } },
    ],
    [
      'a constructor',
      '{"constructor":{"prototype":1}}',
      { schema: { properties: { constructor: { type: 'string' } } } },
      { score: 0 },
    ],
  ])('%s', async (_, text, params, expected) => {
    const started = cpuMs();
    expect(await verdictOn(text, 'is-json', params)).toMatchObject(expected);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });

  it('leave the prototype alone in equals-json too', async () => {
    const params = { value: { a: 1 } };
    expect(await verdictOn('{"__proto__":{"a":1}}', 'equals-json', params)).toMatchObject({
      score: 0,
      details: {
        fields: [
          { pointer: '/a', why: 'missing' },
          { pointer: '/__proto__/a', why: 'extra' },
        ],
      },
    });
  });

  it('make no large evidence: long keys, long values, thousands of violations', async () => {
    const long = '長'.repeat(50_000);
    const schema = {
      propertyNames: { pattern: '^x' },
      additionalProperties: { enum: Array.from({ length: 2000 }, (_, at) => `値${at}`) },
    };
    const answer = JSON.stringify(
      Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${long.slice(0, 1000)}${at}`, at])),
    );
    const verdict = await verdictOn(answer, 'is-json', { schema });
    expect(verdict).toMatchObject({ score: 0, details: { errorCount: 900 } });
    expect(verdict.details['errors']).toHaveLength(100);
    expect(JSON.stringify(verdict.details).length).toBeLessThan(200_000);
    expect(verdict.because.length).toBeLessThan(1000);
  });

  it('quote no long list of a schema', async () => {
    const schema = { enum: Array.from({ length: 5000 }, (_, at) => `मान ${at}`) };
    const { details } = await verdictOn('"x"', 'is-json', { schema });
    expect(details['errors']).toMatchObject([
      { keyword: 'enum', params: { allowedValues: expect.any(String) } },
    ]);
    expect(JSON.stringify(details).length).toBeLessThan(1000);
  });

  it.each(['is-json', 'contains-json', 'equals-json'])('say it on one short line in %s', async (type) => {
    const key = `नाम\n\u2028${'長'.repeat(10_000)}`;
    const params =
      type === 'equals-json' ? { value: { a: 1 } } : { schema: { additionalProperties: { type: 'string' } } };
    const { because, details } = await verdictOn(JSON.stringify({ [key]: 1 }), type, params);
    expect(because).not.toMatch(/[\n\u2028]/u);
    expect(because.length).toBeLessThan(400);
    expect(JSON.stringify(details).length).toBeLessThan(3000);
  });
});

describe('pointers', () => {
  it.each<[string, JsonObject, Json, string[]]>([
    ['required', { required: ['a/b'] }, {}, ['/a~1b']],
    ['additionalProperties', { additionalProperties: false }, { 'क~': 1 }, ['/क~0']],
    [
      'unevaluatedProperties',
      { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { a: 1, 市: 2 },
      ['/市'],
    ],
    ['propertyNames', { propertyNames: { maxLength: 1 } }, { 都市: 1 }, ['/都市', '/都市']],
    ['dependentRequired', { dependentRequired: { a: ['ب'] } }, { a: 1 }, ['/ب']],
    ['a required property further in', { properties: { o: { required: ['x'] } } }, { o: {} }, ['/o/x']],
    ['items', { items: { properties: { 'ก/': { type: 'string' } } } }, [{}, { 'ก/': 1 }], ['/1/ก~1']],
  ])('name the property for %s', async (_, schema, value, pointers) => {
    const { details } = await verdictOn(JSON.stringify(value), 'is-json', { schema });
    const errors = details['errors'] as readonly { readonly pointer: string }[];
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('hostile patterns', () => {
  const text = `${'a'.repeat(5000)}!`;
  const soon = async (act: Promise<Verdict>): Promise<Verdict> => {
    const started = cpuMs();
    const verdict = await act;
    expect(cpuMs() - started).toBeLessThan(endlessMs);
    return verdict;
  };

  it.each(['^(a+)+$', '^(a|aa)+$', '^(a|a?)+$', '^(.*a){12}$', '(?:a?){50}a{50}$'])(
    '%s ends in linear time',
    async (pattern) => {
      expect(await soon(verdictOn(text, 'regex', { value: pattern }))).toMatchObject({
        status: 'scored',
        score: 0,
      });
      const answer = JSON.stringify(text);
      expect(await soon(verdictOn(answer, 'is-json', { schema: { pattern } }))).toMatchObject({ score: 0 });
    },
  );

  it('a match of the native engine is ended, in a check, in a schema, negated or not, and is never a fail', async () => {
    const ended = {
      status: 'unscored',
      why: 'check-error',
      because: expect.stringMatching(/longer than 250 ms/u),
    };
    const value = '^(a+)+$';
    expect(await soon(verdictOn(text, 'regex', { value, engine: 'js' }))).toMatchObject(ended);
    expect(await soon(verdictOn(text, 'regex', { value, engine: 'js' }, { not: true }))).toMatchObject(ended);
    const params = { schema: { pattern: value }, engine: 'js' };
    expect(await soon(verdictOn(JSON.stringify(text), 'is-json', params))).toMatchObject(ended);
  });

  it('what only the native engine has is refused with a word on it, and works there', async () => {
    const schema = { pattern: '^(?!नहीं)' };
    expect(problemOf('is-json', { schema })).toMatch(/look-around .*engine: js takes it/u);
    expect(problemOf('is-json', { schema, engine: 'js' })).toBeNull();
    const judged = await Promise.all(
      ['"हाँ"', '"नहीं"'].map((answer) => verdictOn(answer, 'is-json', { schema, engine: 'js' })),
    );
    expect(judged).toMatchObject([
      { score: 1, details: { signature: expect.stringMatching(/\|engine:js\|/u) } },
      { score: 0 },
    ]);
    expect(problemOf('is-json', { schema: { pattern: '(' } })).toMatch(/not a pattern/u);
    expect(problemOf('is-json', { schema: { pattern: '(' }, engine: 'js' })).toMatch(/not a pattern/u);
  });
});

describe('hostile schemas', () => {
  it.each<[string, JsonObject, RegExp | null]>([
    ['a reference to elsewhere', { $ref: 'https://example.org/s.json' }, /can't resolve reference/u],
    ['a reference to a file', { $ref: 'file:///etc/passwd' }, /can't resolve reference/u],
    ['a reference to the rules themselves', { $ref: 'https://json-schema.org/draft/2020-12/schema' }, null],
    ['a promise', { $async: true }, /\$async/u],
    ['a schema that is its own reference', { $ref: '#' }, /leads back to itself without end/u],
    ['1,000 branches', { oneOf: Array.from({ length: 1000 }, (_, at) => ({ required: [`k${at}`] })) }, null],
  ])('%s', async (_, schema, problem) => {
    const started = cpuMs();
    const found = problemOf('is-json', { schema });
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
    const verdict = await verdictOn('{"k7":1}', 'is-json', { schema });
    expect(verdict.status === 'scored' || verdict.why === 'check-error').toBe(true);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });

  it('arrays of objects that must differ are compared so often and no more', async () => {
    const schema = { items: { uniqueItems: true } };
    const items = Array.from({ length: 1000 }, (_, at) => ({ at }));
    const verdict = await verdictOn(JSON.stringify(Array.from({ length: 60 }, () => items)), 'is-json', {
      schema,
    });
    expect(verdict).toMatchObject({
      why: 'check-error',
      because: expect.stringMatching(/pairs of objects/u),
    });
  });
});
