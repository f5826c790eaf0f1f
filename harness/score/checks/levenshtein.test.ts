import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { levenshtein } from './levenshtein.ts';

describe('levenshtein', () => {
  const run = async (text: string, params: object) =>
    await levenshtein.run(checkInput(text, 'th', { value: 'กขค', ...params }));

  it('says of itself whether it passes where a limit is given, and leaves it open otherwise', async () => {
    expect(await run('กขง', { max_distance: 1 })).toMatchObject({ score: 1 - 1 / 3, pass: true });
    expect(await run('กงง', { max_distance: 1 })).toMatchObject({ score: 1 - 2 / 3, pass: false });
    expect(await run('กขค', { max_distance: 0 })).toMatchObject({ score: 1, pass: true });
    expect(await run('กขง', {})).not.toHaveProperty('pass');
  });

  it('holds the limit against the nearest reference, though a longer one is more alike', async () => {
    const value = ['คง', 'กขคงจ'];
    expect(await run('กข', { value, max_distance: 2 })).toMatchObject({ score: 0.4, pass: true });
    expect(await run('กข', { value, max_distance: 1 })).toMatchObject({ score: 0.4, pass: false });
  });

  it('is an error of the check, not a score, above 20,000 units', async () => {
    const judged = await run('ก'.repeat(20_001), {});
    expect(judged).toMatchObject({ status: 'unscored', why: 'check-error' });
    expect(judged.because).toContain('20000');
    expect(await run('ก'.repeat(20_000), {})).toMatchObject({ status: 'scored' });
    expect(await run('𠮷'.repeat(20_000), {})).toMatchObject({ status: 'scored' });
  });

  it('refuses a reference that is empty or too long', () => {
    expect(levenshtein.problem?.({ value: '\u200B' }, 'th')).toMatch(/nothing is left/u);
    expect(levenshtein.problem?.({ value: 'ก'.repeat(20_001) }, 'th')).toMatch(/too long/u);
    expect(levenshtein.problem?.({ value: 'ก' }, 'th')).toBeNull();
  });

  it('judges texts at the limit', async () => {
    const text = (step: number) =>
      Array.from({ length: 20_000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * step) % 3001))).join('');
    expect(await run(text(7), { value: text(11) })).toMatchObject({ status: 'scored' });
  });
});
