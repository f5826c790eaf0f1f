/** What holds for every check: its case table, its parameters, and that no answer can break it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkInput, type InputExtras } from '../../fixtures/checks/check-input.ts';
import { parameterMisfits, parameterNames, parameterSchema } from '../suite/parameters.ts';
import type { Check, CheckInput, Json, JsonObject, Judgement } from '../types.ts';
import { checks } from './checks/index.ts';
import { tokSignature } from './words.ts';

interface Row extends InputExtras {
  readonly name: string;
  readonly lang: string;
  readonly answer: string;
  readonly params?: JsonObject;
  /** A number, or why there is none. */
  readonly score: number | string;
  readonly unreadable?: boolean;
  readonly details?: JsonObject;
}

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'checks');
const tables = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml') && file !== 'script-cases.yaml')
  .map((file) => ({
    name: file.slice(0, -5),
    rows: parse(readFileSync(path.join(folder, file), 'utf8')) as Row[],
  }));
const all = Object.values(checks);

function inputOf({ answer, lang, params, ...row }: Row): CheckInput {
  const { finish, prompt, jsonRequested, request, toolCalls, refusal, usage, times, takesTools } = row;
  const more = { finish, prompt, jsonRequested, request, toolCalls, refusal, usage, times, takesTools };
  const given = Object.entries(more).filter(([, value]) => value !== undefined);
  return checkInput(answer, lang, params ?? {}, Object.fromEntries(given));
}

/** Every entry of `wanted`, at any depth, stands in `got`; what else stands there is free. The tables name one ICU. */
function expectPart(got: Json | undefined, wanted: Json): void {
  if (Array.isArray(wanted)) {
    expect(got).toHaveLength(wanted.length);
    wanted.forEach((value: Json, at) =>
      expectPart(Array.isArray(got) ? (got[at] as Json) : undefined, value),
    );
  } else if (wanted !== null && typeof wanted === 'object') {
    for (const [key, value] of Object.entries(wanted)) {
      const inner =
        got !== null && typeof got === 'object' && !Array.isArray(got) ? (got as JsonObject)[key] : undefined;
      expectPart(inner, value);
    }
  } else
    expect(got).toEqual(typeof wanted === 'string' ? wanted.replace('tok:icu-78.2', tokSignature) : wanted);
}

describe.each(tables)('$name', ({ name, rows }) => {
  const check = checks[name];

  it.each(rows)('$lang $name', async (row) => {
    if (check === undefined) throw new Error(`a table without a check: ${name}`);
    const params = row.params ?? {};
    expect(parameterMisfits(check, params)).toEqual([]);
    expect(check.problem?.(params, row.lang) ?? null).toBeNull();
    const judged = await check.run(inputOf(row));
    if (typeof row.score === 'string') {
      expect(judged).toMatchObject({ status: 'unscored', why: row.score });
    } else {
      expect(judged).toMatchObject({ status: 'scored' });
      if (judged.status === 'scored') {
        expect(judged.score, judged.because).toBeCloseTo(row.score, 9);
        if (row.unreadable !== undefined) expect(judged.unreadable ?? false).toBe(row.unreadable);
      }
    }
    expectPart(judged.details, row.details ?? {});
  });
});

const languages = ['en', 'es', 'de', 'ru', 'tr', 'sw', 'ar', 'hi', 'bn', 'zh', 'ja', 'ko', 'th', 'am'];
const strange = [
  '',
  ' \n\t\u200B\uFEFF',
  '\uD800 lone \uDFFF',
  '<think>',
  '</think>',
  '```',
  '{"a":',
  'x'.repeat(100_000),
  '١٢٣٬٤٥٦ १२ 一二三 ½ -−–',
  '\u202Eabc\u202C',
  '[[[[[[[[[[{{{{{{{{{{',
  '"\\u0000"',
];

/** A value the check takes, for tests that need any. */
function someParams(check: Check): JsonObject {
  const row = tables.find((table) => table.name === check.name)?.rows[0];
  return row?.params ?? {};
}

describe.each(all)('the check $name', (check) => {
  it('has a case table with rows in several scripts', () => {
    expect(existsSync(path.join(folder, `${check.name}.yaml`))).toBe(true);
    const seen = new Set(
      tables.find((table) => table.name === check.name)?.rows.map((row) => row.lang.split('-')[0]),
    );
    const wanted =
      check.name === 'finish-reason' ? ['ar', 'th', 'zh'] : ['ar', 'th', 'hi', 'zh', 'ja', 'ko', 'sw', 'tr'];
    expect(wanted.filter((language) => !seen.has(language))).toEqual([]);
  });

  it('says what each parameter is, and takes no others', () => {
    expect(check.params).toMatchObject({ type: 'object', additionalProperties: false });
    expect(check.summary).not.toBe('');
    for (const name of parameterNames(check)) {
      expect(parameterSchema(check, name)?.['description'], `${check.name}.${name}`).toEqual(
        expect.any(String),
      );
    }
  });

  it.each(languages)('judges strange answers in %s without throwing, twice the same', async (language) => {
    for (const answer of strange) {
      const input = inputOf({ name: '', lang: language, answer, score: 0, params: someParams(check) });
      const first: Judgement = await check.run(input);
      expect(await check.run(input)).toEqual(first);
      expect(first.details['signature'] ?? check.name).toEqual(expect.any(String));
      if (first.status === 'scored') {
        expect(first.score).toBeGreaterThanOrEqual(0);
        expect(first.score).toBeLessThanOrEqual(1);
      }
      expect(first.because).not.toMatch(/\n/u);
      expect(JSON.stringify(first.details).length).toBeLessThan(50_000);
    }
  });

  it('gives composed and decomposed answers the same score', async () => {
    for (const row of tables.find((table) => table.name === check.name)?.rows ?? []) {
      if (JSON.stringify(row.params ?? {}).includes('"none"') || check.name.endsWith('-json')) continue;
      const composed = await check.run(inputOf({ ...row, answer: row.answer.normalize('NFC') }));
      const decomposed = await check.run(inputOf({ ...row, answer: row.answer.normalize('NFD') }));
      expect(decomposed.status === 'scored' ? decomposed.score : decomposed.why, row.name).toEqual(
        composed.status === 'scored' ? composed.score : composed.why,
      );
    }
  });
});
