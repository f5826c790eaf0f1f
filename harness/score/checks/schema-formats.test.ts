import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../types.ts';
import { isJson } from './is-json.ts';
import { compileSchema } from './json-schema.ts';
import { narrowFormats } from './schema-formats.ts';

const plain = { formats: 'assert', unknownKeywords: 'error', engine: 're2' } as const;
const warningsOn = (params: JsonObject) => isJson.warnings?.(params, 'ja') ?? [];

describe('formats that are narrower than expected', () => {
  it.each(Object.entries(narrowFormats))('%s refuses what is said of it', (format, { refused }) => {
    const compiled = compileSchema({ format }, plain);
    if (typeof compiled === 'string') throw new Error(compiled);
    expect(compiled.validate(refused).count).toBe(1);
  });

  it.each([
    ['email', 'amina@example.com'],
    ['hostname', 'xn--r8jz45g.jp'],
    ['uri', 'https://example.jp/%E8%B7%AF'],
    ['date', '2024-05-01'],
    ['time', '09:30:00+03:00'],
    ['date-time', '2024-05-01T09:30:00Z'],
  ])('%s takes what is written in its own way', (format, value) => {
    const compiled = compileSchema({ format }, plain);
    if (typeof compiled === 'string') throw new Error(compiled);
    expect(compiled.validate(value).count).toBe(0);
  });

  it('are told to authors wherever they stand, each once, in the order of their names', () => {
    const schema = {
      properties: {
        日付: { format: 'date' },
        メール: { items: { format: 'email' } },
        format: { format: 'uuid' },
      },
      anyOf: [{ format: 'date' }],
    };
    expect(warningsOn({ schema })).toEqual([
      {
        parameter: 'schema',
        message: 'the format "date" refuses digits beyond ASCII (٢٠٢٤-٠٥-٠١)',
        hint: 'write `formats: assert` if that is meant, else `formats: ignore`',
      },
      expect.objectContaining({ message: expect.stringMatching(/"email" refuses letters beyond ASCII/u) }),
    ]);
  });

  it('are not told to who has written what becomes of formats', () => {
    expect(warningsOn({ schema: { format: 'date' }, formats: 'assert' })).toEqual([]);
    expect(warningsOn({ schema: { format: 'date' }, formats: 'ignore' })).toEqual([]);
    expect(warningsOn({})).toEqual([]);
  });
});

describe('unknown words that are let pass', () => {
  it('are told, each once', () => {
    const schema = {
      requierd: ['a'],
      properties: { a: { format: 'dat' }, b: { format: 'dat', colour: true } },
    };
    expect(isJson.problem?.({ schema }, 'tr')).toMatch(/unknown keyword: "requierd"/u);
    const params = { schema, unknown_keywords: 'warn' };
    expect(isJson.problem?.(params, 'tr')).toBeNull();
    expect(warningsOn(params).map(({ message }) => message)).toEqual([
      'unknown format "dat"',
      'unknown keyword: "requierd"',
      'unknown keyword: "colour"',
    ]);
  });
});
