import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { Json, JsonObject, Judgement } from '../../types.ts';
import { equalsJson } from './equals-json.ts';
import { pointerSteps } from './json-fields.ts';

const run = async (text: string, params: JsonObject): Promise<Judgement> =>
  equalsJson.run(checkInput(text, 'en', params));
const scoreOf = async (
  value: Json,
  answer: Json,
  fields: JsonObject = {},
  more: JsonObject = {},
): Promise<number | null> => {
  const judged = await run(JSON.stringify(answer), { value, fields, ...more });
  return judged.status === 'scored' ? judged.score : null;
};

describe('equals-json', () => {
  it.each<[string, Json, Json, JsonObject, number]>([
    [
      'an escaped pointer',
      { 'a/b': { '~': 1 } },
      { 'a/b': { '~': 2 } },
      { '/a~1b/~0': 'ignore', '/a~1b': { weight: 1 } },
      1,
    ],
    [
      'the longer pointer wins',
      { a: { b: 'X', c: 'Y' } },
      { a: { b: 'x', c: 'y' } },
      { '/a': 'text', '/a/c': 'exact' },
      0.5,
    ],
    [
      'chrF gives a share',
      { a: 'The cat sat on the mat.' },
      { a: 'The cat is sitting on the mat.' },
      { '/a': 'chrf' },
      0.6365967017938829,
    ],
    ['weights may be zero', { a: 1, b: 2 }, { a: 1, b: 3 }, { '/b': { weight: 0 } }, 1],
    ['duplicates in a set pair one to one', { a: [1, 1, 2] }, { a: [1, 2, 2] }, { '/a': 'set' }, 2 / 4],
    [
      'nested sets',
      { a: [{ t: ['x', 'y'] }, { t: ['z'] }] },
      { a: [{ t: ['z'] }, { t: ['y', 'x'] }] },
      { '/a': 'set', '/a/*/t': 'set' },
      1,
    ],
    ['an empty object wants an empty object', { a: {} }, { a: { b: 1 } }, {}, 0.5],
    ['an empty list is no object', { a: [] }, { a: {} }, {}, 0],
    ['true is not "true"', { a: true }, { a: 'true' }, {}, 0],
    ['1.1 lies within 0.1 of 1', { a: 1 }, { a: 1.1 }, { '/a': { kind: 'number', abs_tol: 0.1 } }, 1],
    ['1.11 does not', { a: 1 }, { a: 1.11 }, { '/a': { abs_tol: 0.1 } }, 0],
    [
      'ignored list, one field kept',
      { a: { b: 1, c: 2 } },
      { a: { b: 9, c: 2 } },
      { '/a': 'ignore', '/a/c': 'exact' },
      1,
    ],
  ])('%s', async (_, value, answer, fields, score) => {
    expect(await scoreOf(value, answer, fields)).toBeCloseTo(score, 12);
  });

  it('coerces both ways on request, per field or for all', async () => {
    expect(await scoreOf({ a: 5, b: '5', c: true }, { a: '5', b: 5, c: 'true' }, {}, { coerce: true })).toBe(
      1,
    );
    expect(await scoreOf({ a: 5, b: 5 }, { a: '٥', b: '٥' }, { '/a': { coerce: true } })).toBe(0.5);
  });

  it('does not take an inherited property for the answer’s', async () => {
    expect(await run('{}', { value: { toString: 'x' } })).toMatchObject({
      details: { fields: [{ why: 'missing' }] },
    });
    const judged = await run('{"__proto__":{"a":1}}', { value: { a: 1 } });
    expect(judged).toMatchObject({ score: 0 });
  });

  it('shows what went wrong first and says how much there was', async () => {
    const value = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, index]));
    const judged = await run(JSON.stringify({ ...value, k149: -1 }), { value });
    expect(judged.details).toMatchObject({ leaves: 150, matched: 149, extra: 0 });
    expect(judged.details['fields']).toHaveLength(100);
    expect(judged.because).toBe('1 of 150 differ: /k149 (value)');
  });

  it('pairs long sets of equal items, and throws rather than judge when too many differ', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => index);
    expect(await scoreOf(many, many.toReversed(), { '': 'set' })).toBe(1);
    const differing = many.slice(0, 300).map((number) => -number - 1);
    await expect(
      run(JSON.stringify(differing), { value: many.slice(0, 300), fields: { '': 'set' } }),
    ).rejects.toThrow(RangeError);
  });

  it.each<[JsonObject, RegExp | null]>([
    [{ value: { a: 1 }, fields: { a: 'exact' } }, /no JSON Pointer/u],
    [{ value: { a: 1 }, fields: { '/b': 'exact' } }, /leads nowhere/u],
    [{ value: { a: 1 }, fields: { '/b': 'ignore' } }, null],
    [{ value: { a: 1 }, fields: { '/a': 'set' } }, /no list/u],
    [{ value: { a: 1 }, fields: { '/a': 'text' } }, /no string/u],
    [{ value: { a: 'x' }, fields: { '/a': 'number' } }, /no number/u],
    [{ value: { a: [{ b: 'x' }] }, fields: { '/a/*/b': 'text' } }, null],
    [{ value: { a: 1 }, fields: { '/a': 'ignore' } }, /nothing is left/u],
    [{ value: { a: 1 }, fields: { '': 'ignore' } }, /nothing is left/u],
    [{ fields: {} }, /value is missing/u],
  ])('%j: %s', (params, problem) => {
    const found = equalsJson.problem?.(params, 'en') ?? null;
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });

  it('reads pointers as RFC 6901 writes them', () => {
    expect(pointerSteps('/a~1b/m~0n/')).toEqual(['a/b', 'm~n', '']);
    expect(pointerSteps('')).toEqual([]);
    expect([pointerSteps('a'), pointerSteps('/~2')]).toEqual([null, null]);
  });
});
