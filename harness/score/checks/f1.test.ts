import { describe, expect, it } from 'vitest';
import mock from '../../../fixtures/checks/mlqa-mock.json' with { type: 'json' };
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { f1 } from './f1.ts';
import { profiles } from './f1-profiles.ts';

/** Mean over the languages of each language's mean, times 100. */
function macro(score: (lang: string, value: string, answer: string) => number): number {
  const byLanguage = new Map<string, number[]>();
  for (const { lang, value, answer } of mock.answers)
    byLanguage.set(lang, [...(byLanguage.get(lang) ?? []), score(lang, value, answer)]);
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  return 100 * mean([...byLanguage.values()].map(mean));
}

describe('the profile mlqa', () => {
  it('gives the published F1', () => {
    const found = macro((lang, value, answer) => {
      const judged = f1.run(checkInput(answer, lang, { value, profile: 'mlqa' }));
      return 'score' in judged ? judged.score : Number.NaN;
    });
    expect(found).toBeCloseTo(mock.f1, 9);
  });

  it('gives the published share of exact matches', () => {
    const { rest, tokens } = profiles.mlqa;
    const found = macro((lang, value, answer) => {
      const [a, b] = [answer, value].map((text) => tokens(rest(text, lang), lang).join(' '));
      return a === b ? 1 : 0;
    });
    expect(found).toBeCloseTo(mock.exactMatch, 9);
  });

  it('is refused in a language that MLQA does not define', () => {
    expect(f1.problem?.({ value: 'x', profile: 'mlqa' }, 'th')).toMatch(/defined for en es/u);
    expect(f1.problem?.({ value: 'x', profile: 'mlqa' }, 'zh-Hans')).toBeNull();
    expect(f1.problem?.({ value: 'x', profile: 'squad' }, 'th')).toBeNull();
  });
});

describe('a reference', () => {
  it.each(['', ' ', '。', '<think>x</think>'])('of %j is refused: nothing is left of it', (value) => {
    expect(f1.problem?.({ value }, 'zh')).toMatch(/empty|nothing is left/u);
    expect(f1.problem?.({ value: ['北京', value], profile: 'squad' }, 'zh')).toMatch(/empty|nothing/u);
  });
});
