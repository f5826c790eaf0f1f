import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { JsonObject, Judgement } from '../../types.ts';
import { answerProse, withoutCopies } from './answer-prose.ts';
import { loadIdentifier } from './identify.ts';
import { loadRareIdentifier } from './identify-rare.ts';
import { judgeLine, judgeLineOfAny, sameGroup } from './language-line.ts';
import { language } from './language.ts';
import { script } from './script.ts';

const english = 'This morning I went to the market and bought vegetables for lunch.';
const spanish = 'Esta mañana fui al mercado y compré verduras para el almuerzo.';
const run = async (text: string, tag: string, params: JsonObject = {}): Promise<Judgement> => {
  return language.run(checkInput(text, tag, params));
};
const identifiers = { common: await loadIdentifier(), rare: await loadRareIdentifier() };

describe('the language check', () => {
  it('says which libraries and settings decided', async () => {
    const { details } = await run(english, 'en', { min_letters: 30 });
    expect(details['signature']).toBe(
      `language|lid:eld-2.1.0-small+franc-6.2.0|gate:scx|min:30|line:5|tok:icu-${process.versions['icu']}`,
    );
  });

  it('counts every line once and names the language most lines drift to', async () => {
    const text = [
      spanish,
      english,
      english,
      'Heute Morgen bin ich zum Markt gegangen und habe Gemüse gekauft.',
      'Hola',
    ].join('\n');
    expect(await run(text, 'es')).toMatchObject({
      score: 0.25,
      details: { outcome: 'mixed', share: 0.25, lines: { match: 1, other: 3 }, others: { en: 2, de: 1 } },
    });
    expect(await run(text, 'sw')).toMatchObject({ score: 0, details: { outcome: 'other:en' } });
  });

  it('does not look at the beginning of a long line only', async () => {
    const long = [
      ...Array.from({ length: 8 }, () => spanish),
      ...Array.from({ length: 20 }, () => english),
    ].join(' ');
    expect(await run(long, 'es')).toMatchObject({ score: 0, details: { outcome: 'other:en' } });
  });

  it('is not applicable, not wrong, when no line can be judged', async () => {
    expect(await run('Ndiyo', 'sw')).toMatchObject({ status: 'unscored', why: 'not-applicable' });
    expect(await run('', 'am')).toMatchObject({ status: 'unscored', details: { outcome: 'too_short' } });
  });

  it('refuses a tag that is none', () => {
    expect(language.problem?.({ value: 'english!' }, 'en')).toMatch(/BCP 47/u);
    expect(language.problem?.({ value: ['en', 'sr-Latn'] }, 'en')).toBeNull();
  });

  it('asks the identifier about all its languages, never about a chosen few', () => {
    const source = readFileSync(path.join(import.meta.dirname, 'identify.ts'), 'utf8');
    expect(source).not.toMatch(/setLanguageSubset\(|dynamicLangSubset\(|isReliable\(/u);
    expect(identifiers.common.known.size).toBe(60);
  });
});

describe('one line', () => {
  it.each([
    ['ms', 'id', false, true],
    ['nb', 'nn', true, true],
    ['arz', 'ar', false, true],
    ['yue', 'zh', false, true],
    ['hr', 'sr', true, true],
    ['hr', 'sr', false, false],
    ['ckb', 'ku', false, true],
    ['ckb', 'ku', true, false],
    ['uk', 'ru', false, false],
  ])('%s for %s (Latin: %s): one group is %s', (a, b, latin, same) => {
    expect(sameGroup(a, b, latin)).toBe(same);
    expect(sameGroup(b, a, latin)).toBe(same);
  });

  it('draws the border between Chinese and Japanese at one kana in twenty', () => {
    const han = '今天早上我去市場買了午飯用蔬菜然後回家';
    expect(han).toHaveLength(19);
    expect(judgeLine(`${han}の`, 'ja', 20, identifiers)).toEqual({ kind: 'match' });
    expect(judgeLine(`${han}の`, 'zh', 20, identifiers)).toEqual({ kind: 'other', language: 'ja' });
    expect(judgeLine(`${han}家の`, 'ja', 20, identifiers)).toEqual({ kind: 'other', language: 'zh' });
    expect(judgeLine(`${han}家の`, 'zh', 20, identifiers)).toEqual({ kind: 'match' });
  });

  it('knows a script where it does not know the language', () => {
    expect(judgeLine('Привет', 'hi', 20, identifiers)).toEqual({ kind: 'other', language: 'und-Cyrl' });
  });

  it('lets "cannot tell" for one of two languages stand against "not the other"', () => {
    expect(judgeLineOfAny('Habari', ['th', 'sw'], 20, identifiers)).toEqual({ kind: 'too_short' });
  });
});

describe('what is judged', () => {
  it('leaves out code, addresses, formulas and marks', () => {
    const answer =
      '# 标题\n**重点** `code` $x^2$ 见 https://example.org/a 或 a.b@example.org\n```js\nconst a = 1;\n```\n[链接](https://example.org/b)\n\\frac{1}{2}\n```cut off';
    expect(
      answerProse(answer, '', null)
        .replaceAll(/[\s\p{P}\d]+/gu, ' ')
        .trim(),
    ).toBe('标题 重点 见 或 链接');
  });

  it('keeps prices', () => {
    expect(answerProse('cuesta $5 y luego $6 más', '', null)).toBe('cuesta $5 y luego $6 más');
  });

  it('drops copies from twenty characters on, whatever the script, and keeps lines apart', () => {
    const prompt = 'ถามว่า: แมวนั่งอยู่บนเสื่อในบ้าน';
    expect(withoutCopies('ตอบ แมวนั่งอยู่บนเสื่อในบ้าน\nจบ', prompt)).toBe(
      'ตอบ \nจบ'.replace(' \n', '  \n').replace('  ', ' '),
    );
    expect(withoutCopies('แมวนั่งอยู่บน', prompt)).toBe('แมวนั่งอยู่บน');
    expect(withoutCopies('👍'.repeat(15), '👍'.repeat(12)).trim()).toBe('');
  });

  it('takes hostile answers without delay', () => {
    const started = performance.now();
    for (const part of [
      '`',
      '```a\n',
      '$',
      '$$a',
      '\\[',
      '\\(',
      '<a',
      '](',
      'a',
      'a@',
      '“',
      '[',
      'http://',
      '*',
      '-',
      'あ ',
      '{"',
      '~~~ ',
    ]) {
      const hostile = part.repeat(Math.floor(200_000 / part.length));
      answerProse(hostile, '', null);
      answerProse(`x ${hostile}`, '', null);
      answerProse(hostile, hostile.slice(0, 5000), null);
    }
    expect(performance.now() - started).toBeLessThan(4500);
  });
});

describe('the script check', () => {
  it.each([
    ['Hans', /use Hani/u],
    ['Hant', /use Hani/u],
    ['Arabic', /no ISO 15924/u],
    ['Qaaa', /no ISO 15924/u],
  ])('refuses %s', (value, problem) => {
    expect(script.problem?.({ value }, 'zh')).toMatch(problem);
  });

  it('reads a script subtag for a Unicode script', () => {
    expect(script.problem?.({}, 'zh-Hant')).toBeNull();
    expect(script.threshold).toBe(0.9);
  });
});
