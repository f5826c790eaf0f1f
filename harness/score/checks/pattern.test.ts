import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import { describe, expect, it } from 'vitest';
import { compilePattern, maxProgram, maxSteps, type Pattern } from './pattern.ts';
import { writtenOutSize } from './pattern-size.ts';

function compiled(source: string): Pattern {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(pattern);
  return pattern;
}

describe('a pattern', () => {
  it.each([
    ['(?=ك)', /^look-around is not supported/u],
    ['(?<!ก)ข', /^look-around is not supported/u],
    ['(あ)\\1', /^a back-reference is not supported/u],
    ['(?<n>अ)\\k<n>', /^a back-reference is not supported/u],
    ['ሀ{1001}', /^a count above 1000, alone or multiplied, is not supported/u],
    ['(ሀ{100}){20}', /^a count above 1000, alone or multiplied, is not supported/u],
    ['(', /^not a pattern: /u],
  ])('%s is refused', (source, problem) => {
    expect(compilePattern(source)).toMatch(problem);
  });

  it.each([
    ['f\\(?=1', 'f(=1'],
    ['[(?=]', '='],
    ['\\Q(?=\\E', '(?='],
    ['\\\\1', '\\1'],
    ['[\\\\]k<', '\\k<'],
    ['^\\\\p\\{Script=x}$', '\\p{Script=x}'],
    ['^\\p{Script=Ethiopic}+$', 'ሰላም'],
    ['^\\p{sc=Thai}+$', 'ไทย'],
    ['^\\u0634\\u0647\\u0631$', 'شهر'],
    ['^\\uD842\\uDFB7$', '𠮷'],
    ['^\\u{20BB7}[\\u4E00-\\u9FFF]$', '𠮷野'],
    ['^\\\\u0041$', '\\u0041'],
  ])('%s is none of those and finds %s', (source, text) => {
    expect(compiled(source).test(text)).toBe(true);
  });

  it.each([
    ['كلمة|(الف)', 'الف', 'الف'],
    ['คำตอบ: (\\pL+)|ตอบ: (\\d+)', 'ตอบ: 42', '42'],
    ['A|(B)', 'A', null],
    ['x()', 'x', ''],
    ['[一-龠]+', '答え東京', '答'],
  ])('%s on %s gives %j', (source, text, found) => {
    expect(compiled(source).first(text)?.text).toBe(found);
  });
});

describe('the cost of a pattern', () => {
  it.each([
    `${'.{0,999}'.repeat(100)}[xy]`,
    '.{0,999}'.repeat(400),
    '((.{0,10}){0,10}){0,10}'.repeat(150),
    '\\p{L}{999}'.repeat(6),
    '(?:한국){900}'.repeat(5),
  ])('refuses %.40s before anything is matched, soon', (source) => {
    const started = cpuMs();
    expect(compilePattern(source)).toMatch(/becomes a program of about \d+ steps, the limit is 5000/u);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });

  it.each(['\\pL{3,40}', '[{999}]', '\\x{1000}', '(?:ա|բ){2,999}', '^(\\p{Arabic}+\\s){1,200}$'])(
    'takes %s',
    (source) => {
      expect(compilePattern(source)).toMatchObject({ stepsPerUnit: expect.any(Number) });
    },
  );

  it('refuses a long text where the program is long, and takes it where it is short', () => {
    const long = compiled('.{0,999}[xy]');
    const text = 'ሀ'.repeat(200_000);
    expect(long.costProblem(text)).toMatch(/takes too long/u);
    expect(() => long.test(text)).toThrow(RangeError);
    expect(() => long.first(text)).toThrow(RangeError);
    expect(long.test('ሀ'.repeat(2000))).toBe(false);
    expect(compiled('x|ሁ').test(text)).toBe(false);
  });

  it('weighs groups, whose places the engine copies at every step', () => {
    const grouped = compiled('(a?)'.repeat(1000));
    expect(grouped.costProblem('a'.repeat(2000))).toMatch(/takes too long/u);
    expect(compiled('a?'.repeat(1000)).costProblem('a'.repeat(2000))).toBeNull();
  });

  it('lets no match pass that takes for ever', () => {
    const dear = compiled('\\p{L}{0,999}[xy]');
    const text = 'क'.repeat(Math.floor(maxSteps / dear.stepsPerUnit));
    const started = cpuMs();
    expect(dear.test(text)).toBe(false);
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });

  it.each([
    ['abc', 3],
    ['a{10}', 10],
    ['(ab{3}){5}', 20],
    ['(a{2,4}){3,}', 12],
    ['[a-z]{7}', 7],
    ['[]{9}]{7}', 7],
    ['\\p{Lu}{3}', 3],
    ['\\x{41}', 1],
    ['\\{9}', 3],
    ['ไ{3}', 3],
    ['((((', 0],
  ])('writes %s out to %i', (source, size) => {
    expect(writtenOutSize(source)).toBe(size);
    expect(size).toBeLessThan(maxProgram);
  });
});
