import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { nativeLimitMs, nativePattern, searchNative } from './native-pattern.ts';
import { regex } from './regex.ts';

describe('the regex check', () => {
  it.each([
    [{ value: '(?=ك)' }, /look-around .* engine: js takes it$/u],
    [{ value: '(あ)\\1' }, /back-reference .* engine: js takes it$/u],
    [{ value: 'ก{1001}' }, /engine: js takes it$/u],
    [{ value: '(' }, /^not a pattern: (?!.*engine: js)/u],
    [{ value: '(', engine: 'js' }, /^not a pattern: .*Unterminated group/u],
    [{ value: '\\p{Han}', engine: 'js' }, /^not a pattern: /u],
    [{ value: '(?:가{900}){900}', engine: 'js' }, /written out, has about \d+ steps, the limit is 50000/u],
    [{ value: ['ok', ''] }, /empty/u],
    [{ value: ['ok', '('] }, /^not a pattern: /u],
  ])('refuses %j', (params, problem) => {
    expect(regex.problem?.(params, 'ja')).toMatch(problem);
  });

  it('refuses a pattern that is too long, in bytes', () => {
    const value = 'ா'.repeat(1366);
    expect(regex.problem?.({ value, engine: 'js' }, 'ta')).toMatch(/more than 4096 bytes/u);
    expect(regex.problem?.({ value }, 'ta')).toMatch(/more than 4096 bytes/u);
  });

  it.each([[{ value: '(?<=ก)ข', engine: 'js' }], [{ value: ['^ኣ', 'ሰ$'] }], [{ value: '\\p{Han}' }]])(
    'takes %j',
    (params) => {
      expect(regex.problem?.(params, 'am')).toBeNull();
    },
  );
});

describe('the native engine', () => {
  it('is left when its time is over, and works again after', () => {
    const costly = nativePattern('^(?:\\p{L}+ ?)+$');
    if (typeof costly === 'string') throw new Error(costly);
    const started = cpuMs();
    expect(searchNative(costly, `${'กขค '.repeat(40)}1`)).toEqual({
      problem: `the pattern took longer than ${nativeLimitMs} ms on this answer`,
    });
    expect(cpuMs() - started).toBeLessThan(endlessMs);
    expect(searchNative(costly, 'กขค กขค')).toEqual({ match: { start: 0, text: 'กขค กขค' } });
  });

  it('searches no answer above a mebibyte', async () => {
    const long = checkInput('語'.repeat(400_000), 'ja', { value: '(?=x)', engine: 'js' });
    expect(await regex.run(long)).toMatchObject({ status: 'unscored', why: 'check-error' });
  });
});
