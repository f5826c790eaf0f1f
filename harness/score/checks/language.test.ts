import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { JsonObject, Judgement } from '../../types.ts';
import { answerProse, withoutCopies } from './answer-prose.ts';
import { eldLanguages, eldVersion } from './identify.ts';
import { francVersion } from './identify-rare.ts';
import { sameGroup } from './language-groups.ts';
import { canIdentify, candidates } from './language-judges.ts';
import { judgeLine, judgeLineOfAny } from './language-line.ts';
import { language } from './language.ts';
import { script } from './script.ts';

const english = 'This morning I went to the market and bought vegetables for lunch.';
const spanish = 'Esta mañana fui al mercado y compré verduras para el almuerzo.';
const run = async (text: string, tag: string, params: JsonObject = {}): Promise<Judgement> => {
  return language.run(checkInput(text, tag, params));
};

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
  });

  it('knows what the libraries know without loading them', async () => {
    const { eld } = await import('eld/small');
    expect([...eldLanguages].toSorted()).toEqual(
      Object.values(eld.newInstance().info().Languages).toSorted(),
    );
    const manifest = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    expect(manifest.dependencies).toMatchObject({ eld: eldVersion, franc: francVersion });
  });
});

describe('who can judge', () => {
  it.each([
    ['th', true],
    ['sw', true],
    ['sr-Latn', true],
    ['yue', true],
    ['arz', true],
    ['am', true],
    ['uz-Cyrl', true],
    ['nv', false],
    ['ku', false],
    ['pa-PK', false],
    ['hi-Latn', false],
    ['ja-Latn', false],
    ['mn-CN', false],
  ])('%s: %s', (tag, can) => {
    expect(canIdentify(tag)).toBe(can);
  });

  it('says so when a suite expects a language that nobody can', () => {
    const said = (params: JsonObject, asked: string) => language.warnings?.(params, asked)[0]?.message;
    expect(said({}, 'sw')).toBeUndefined();
    expect(said({}, 'nv')).toMatch(/recognise "nv"/u);
    expect(said({ value: ['en', 'nv', 'hi-Latn'] }, 'th')).toMatch(/"nv", "hi-Latn"/u);
  });

  it('never lets a language stand against one that it cannot be told from', () => {
    expect(candidates('zu', ['Latn'], 'xh')).not.toContain('xh');
    expect(candidates('xh', ['Latn'], null)).not.toContain('zu');
    expect(candidates('sw', ['Latn'], 'xh')).toEqual(expect.arrayContaining(['sw', 'en', 'zu', 'xh']));
    expect(candidates('kk', ['Cyrl'], null)).not.toContain('en');
  });

  it('loads the identifiers for lines that need them and no others', async () => {
    vi.resetModules();
    const loaded: string[] = [];
    vi.doMock('eld/small', () => {
      loaded.push('eld');
      return { eld: { newInstance: () => ({ detect: () => ({ language: 'en' }) }) } };
    });
    vi.doMock('franc', () => {
      loaded.push('franc');
      return { franc: () => 'swh' };
    });
    const fresh = await import('./language.ts');
    const texts = {
      th: 'เช้านี้ฉันไปตลาดและซื้อผักสำหรับมื้อกลางวัน',
      zh: '今天早上我去市场买了午饭用的蔬菜。',
      ko: '오늘 아침에 시장에 가서 점심에 먹을 채소를 샀습니다.',
      ar: 'نعم',
      nv: 'Díí abínígo naalyéhé bá hooghangóó níyá dóó chʼil daadánígíí nahálniiʼ.',
    };
    for (const [tag, text] of Object.entries(texts)) await fresh.language.run(checkInput(text, tag, {}));
    expect(loaded).toEqual([]);
    await fresh.language.run(checkInput(english, 'en', {}));
    expect(loaded).toEqual(['eld']);
    await fresh.language.run(checkInput(english, 'sw', {}));
    expect(loaded).toEqual(['eld', 'franc']);
    vi.doUnmock('eld/small');
    vi.doUnmock('franc');
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

  it('draws the border between Chinese and Japanese at one kana in twenty', async () => {
    const han = '今天早上我去市場買了午飯用蔬菜然後回家';
    expect(han).toHaveLength(19);
    expect(await judgeLine(`${han}の`, 'ja', 20)).toEqual({ kind: 'match' });
    expect(await judgeLine(`${han}の`, 'zh', 20)).toEqual({ kind: 'other', language: 'ja' });
    expect(await judgeLine(`${han}家の`, 'ja', 20)).toEqual({ kind: 'other', language: 'zh' });
    expect(await judgeLine(`${han}家の`, 'zh', 20)).toEqual({ kind: 'match' });
  });

  it('knows a script where it does not know the language', async () => {
    expect(await judgeLine('Привет', 'hi', 20)).toEqual({ kind: 'other', language: 'und-Cyrl' });
  });

  it('lets "cannot tell" for one of two languages stand against "not the other"', async () => {
    expect(await judgeLineOfAny('Habari', ['th', 'sw'], 20)).toEqual({ kind: 'too_short' });
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
    const answer = 'ตอบ แมวนั่งอยู่บนเสื่อในบ้าน\nจบ';
    expect(withoutCopies(answer, prompt).replaceAll(/ +/gu, ' ')).toBe('ตอบ \nจบ');
    expect(withoutCopies('แมวนั่งอยู่บน', prompt)).toBe('แมวนั่งอยู่บน');
    expect(withoutCopies(`${prompt}\n${prompt}`, `${prompt}\n${prompt}`).trim()).toBe('');
  });

  it('counts letters beyond U+FFFF once', () => {
    const adlam = '𞤢𞤣𞤤𞤥𞤦𞤧𞤨𞤩𞤪𞤫𞤬𞤭';
    expect(withoutCopies(adlam, adlam)).toBe(adlam);
    expect(withoutCopies(adlam + adlam, adlam + adlam).trim()).toBe('');
  });

  it('takes hostile answers without delay', () => {
    const started = cpuMs();
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
      '{"a":',
      ',"\\',
      String.raw`\begin{align}`,
    ]) {
      const hostile = part.repeat(Math.floor(200_000 / part.length));
      answerProse(hostile, '', null);
      answerProse(`x ${hostile}`, '', null);
      answerProse(hostile, hostile.slice(0, 5000), null);
    }
    expect(cpuMs() - started).toBeLessThan(endlessMs);
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
