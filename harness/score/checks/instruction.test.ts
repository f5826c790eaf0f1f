import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { Json, JsonObject, Judgement } from '../../types.ts';
import { scriptsOf } from '../scripts.ts';
import { instruction } from './instruction.ts';
import { kindIds } from './instructions/table.ts';
import { maxSteps } from './pattern.ts';

const one = (id: string, given: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  value: [{ id, arguments: given }],
  ...more,
});
const judge = async (answer: string, language: string, params: JsonObject): Promise<Judgement> =>
  instruction.run(checkInput(answer, language, params));
const problem = (params: JsonObject, language = 'en'): string | null | undefined =>
  instruction.problem?.(params, language);
const scoreOf = async (answer: string, language: string, params: JsonObject): Promise<number | string> => {
  const judged = await judge(answer, language, params);
  return judged.status === 'scored' ? judged.score : judged.why;
};

interface Row {
  readonly lang: string;
  readonly params: { readonly rules?: string; readonly value: readonly { readonly id: string }[] };
  readonly score: number | string;
}
const table = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'checks', 'instruction.yaml');
const rows = (parse(readFileSync(table, 'utf8')) as Row[]).filter(({ params }) => params.value.length === 1);

describe('the 25 kinds of instruction', () => {
  it('are those of IFEval', () => expect(new Set(kindIds).size).toBe(25));

  it.each(kindIds)('%s has rows that follow it and rows that do not, in several scripts', (id) => {
    const own = rows.filter(({ params }) => params.value[0]?.id === id && params.rules !== 'ifeval');
    expect(own.some(({ score }) => score === 1)).toBe(true);
    expect(own.some(({ score }) => score === 0)).toBe(true);
    expect(new Set(own.flatMap(({ lang }) => scriptsOf(lang))).size).toBeGreaterThan(2);
  });

  it.each([
    ['length_constraints:number_sentences', 'th'],
    ['length_constraints:number_sentences', 'lo'],
    ['change_case:english_capital', 'ar'],
    ['change_case:english_lowercase', 'ko'],
    ['change_case:capital_word_frequency', 'hi'],
    ['language:response_language', 'en'],
  ])('%s has a row that says unsupported in %s', (id, language) => {
    expect(
      rows.some(
        ({ lang, params, score }) =>
          lang === language && params.value[0]?.id === id && score === 'not-applicable',
      ),
    ).toBe(true);
  });
});

describe('the signature', () => {
  const icu = `icu:${process.versions['icu']}`;

  it('names rules, mode and the ICU that counted', async () => {
    const { details } = await judge('x', 'tr', one('punctuation:no_comma'));
    expect(details['signature']).toBe(`instruction|rules:visavis|mode:strict|${icu}`);
    const loose = await judge('x', 'en', one('punctuation:no_comma', {}, { rules: 'ifeval', mode: 'loose' }));
    expect(loose.details['signature']).toBe(`instruction|rules:ifeval|mode:loose|${icu}`);
  });

  it('names what identifies languages where an instruction needs it, and only there', async () => {
    const asked = one('language:response_language', { language: 'sw' });
    const lid = 'lid:eld-2.1.0-small+franc-6.2.0';
    expect((await judge('', 'sw', asked)).details['signature']).toBe(
      `instruction|rules:visavis|mode:strict|${icu}|${lid}`,
    );
    const capitals = one('change_case:english_capital');
    expect((await judge('A', 'en', capitals)).details['signature']).not.toContain('lid:');
    expect((await judge('A', 'en', { ...capitals, rules: 'ifeval' })).details['signature']).toContain(lid);
  });
});

describe('a verdict', () => {
  it('says of each instruction whether it was followed and why', async () => {
    const judged = await judge('مطر، وريح', 'ar', {
      value: [
        { id: 'punctuation:no_comma' },
        { id: 'change_case:english_capital' },
        { id: 'keywords:existence', arguments: { keywords: ['مطر'] } },
      ],
    });
    expect(judged).toMatchObject({
      status: 'scored',
      score: 0.5,
      because: '1 of 2 instructions followed; punctuation:no_comma: has the comma ،',
      details: {
        instructions: [
          { id: 'punctuation:no_comma', followed: false, why: 'has the comma ،' },
          {
            id: 'change_case:english_capital',
            followed: 'unsupported',
            why: 'letters have no case in ar',
          },
          { id: 'keywords:existence', followed: true, why: 'occurs' },
        ],
      },
    });
  });

  it('is told on one line whatever the keyword', async () => {
    const { because } = await judge('x', 'en', one('keywords:existence', { keywords: ['two\n\nlines'] }));
    expect(because).toBe('0 of 1 instruction followed; keywords:existence: lacks “two lines”');
  });

  it('holds no copy of a long answer', async () => {
    const { details } = await judge('я'.repeat(50_000), 'ru', one('change_case:english_capital'));
    expect(JSON.stringify(details).length).toBeLessThan(400);
  });

  it('is an error of the check, not a wrong answer, where JSON is too deep to be read', async () => {
    const deep = '['.repeat(300) + ']'.repeat(300);
    for (const rules of ['visavis', 'ifeval'])
      expect(await judge(deep, 'en', one('detectable_format:json_format', {}, { rules }))).toMatchObject({
        status: 'unscored',
        why: 'check-error',
      });
  });

  it('is an error of the check where a pattern would take too long', async () => {
    const params = one(
      'keywords:frequency',
      { keyword: '(a|b|c|d)+e', frequency: 900, relation: 'at least' },
      { rules: 'ifeval' },
    );
    expect(problem(params)).toBeNull();
    const judged = await judge('abcd'.repeat(maxSteps / 20_000), 'en', params);
    expect(judged).toMatchObject({ status: 'unscored', why: 'check-error' });
    expect(judged.details['signature']).toContain('rules:ifeval');
  });
});

describe('loose', () => {
  const marks = one('startend:quotation');
  const answer = 'Intro\n"one"\nOutro';

  it('takes an answer that follows without its first line, its last line, or both', async () => {
    const loose = { ...marks, mode: 'loose' };
    for (const text of [answer, 'Intro\n"one"', '"one"\nOutro', '"one"', '*"one"*', 'Intro\n*"one"*\nOutro'])
      expect(await scoreOf(text, 'en', loose), text).toBe(1);
    for (const text of ['A\nB\n"one"', '"one\nOutro', '_"one"_'])
      expect(await scoreOf(text, 'en', loose), text).toBe(0);
  });

  it('does not find an empty form following', async () => {
    expect(await scoreOf('a, b', 'en', one('punctuation:no_comma', {}, { mode: 'loose' }))).toBe(0);
    expect(await scoreOf('a, b\nc, d', 'en', one('punctuation:no_comma', {}, { mode: 'loose' }))).toBe(0);
  });
});

describe('a suite error', () => {
  it('names an unknown instruction and the one probably meant', () => {
    expect(problem(one('keywords:exists', {}))).toBe(
      'instruction 1: there is no instruction "keywords:exists": did you mean "keywords:existence"?',
    );
    expect(problem(one('en:keywords:existence'))).toContain('did you mean "keywords:existence"?');
    expect(problem(one('no_comma'))).toContain('did you mean "punctuation:no_comma"?');
    expect(problem(one('something else entirely'))).toContain('known: keywords:existence, ');
    expect(problem({ value: [{ id: 'startend:quotation', argumnets: {} }] })).toContain(
      'did you mean "arguments"?',
    );
  });

  it.each<[string, JsonObject, string]>([
    ['keywords:existence', {}, '"keywords" is missing: a list of texts'],
    ['keywords:existence', { keywords: [] }, '"keywords" is [], expected a list of texts'],
    ['keywords:existence', { keywords: ['a', ' '] }, 'expected a list of texts'],
    ['keywords:existence', { keywords: ['a'], edge: 'both' }, '"edge" is "both"'],
    ['keywords:existence', { keywords: ['\u200B\u2060'] }, 'nothing is left of the keyword'],
    ['keywords:frequency', { keyword: 'a', frequency: 1.5, relation: 'at least' }, '"frequency" is 1.5'],
    ['keywords:frequency', { keyword: 'a', frequency: -1, relation: 'at least' }, '"frequency" is -1'],
    ['keywords:frequency', { keyword: 'a', frequency: null, relation: 'at least' }, '"frequency" is null'],
    ['keywords:frequency', { keyword: 'a', frequency: 1, relation: '以上' }, '"relation" is "以上"'],
    ['keywords:frequency', { keyword: 'a', frequency: 1, relations: 'at least' }, 'did you mean "relation"?'],
    ['keywords:letter_frequency', { letter: 'ab', let_frequency: 1, let_relation: 'at least' }, 'one letter'],
    ['language:response_language', { language: 'english!' }, 'a BCP 47 language tag'],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 2, nth_paragraph: 3, first_word: 'a' },
      '"nth_paragraph" is 3',
    ],
    [
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 2, nth_paragraph: 0, first_word: 'a' },
      'a whole number >= 1',
    ],
    ['detectable_format:title', { title: 'x' }, 'it takes none'],
    ['startend:end_checker', { end_phrase: '”' }, 'nothing is left of the phrase'],
    ['combination:repeat_prompt', { prompt_to_repeat: '\u00AD' }, 'nothing is left'],
  ])('names the argument of %s: %j', (id, given, said) => {
    expect(problem(one(id, given))).toContain(said);
    expect(problem(one(id, given))).toContain(`instruction 1 (${id})`);
  });

  it('does not drop an argument of zero', async () => {
    const none = one('detectable_format:number_bullet_lists', { num_bullets: 0 });
    expect(problem(none, 'th')).toBeNull();
    expect(await scoreOf('ฝน', 'th', none)).toBe(1);
    expect(await scoreOf('- ฝน', 'th', none)).toBe(0);
  });

  it('wants the fixed answers of a language other than English', () => {
    const id = 'detectable_format:constrained_response';
    expect(problem(one(id), 'en-GB')).toBeNull();
    expect(problem(one(id), 'sw')).toContain('"options" is missing');
    expect(problem(one(id, { options: ['Ndiyo.'] }), 'sw')).toBeNull();
    expect(problem(one(id, { options: ['Yes.'] }, { rules: 'ifeval' }))).toContain('under ifeval');
  });

  it('keeps the rules of ifeval to English', () => {
    const params = one('punctuation:no_comma', {}, { rules: 'ifeval' });
    expect(problem(params, 'ja')).toContain('rules: visavis in ja');
    expect(problem(params, 'en-US')).toBeNull();
  });

  it.each<[string, JsonObject]>([
    ['keywords:existence', { keywords: ['(?<=a)b'] }],
    ['keywords:forbidden_words', { forbidden_words: ['a('] }],
    ['keywords:frequency', { keyword: '(a)\\1', frequency: 1, relation: 'at least' }],
    ['detectable_format:multiple_sections', { section_spliter: '[', num_sections: 1 }],
    ['detectable_content:postscript', { postscript_marker: 'p(' }],
  ])('refuses a pattern that cannot be run: %s under ifeval alone', (id, given) => {
    expect(problem(one(id, given, { rules: 'ifeval' }))).not.toBeNull();
    expect(problem(one(id, given))).toBeNull();
  });
});

describe('keywords at word edges under ifeval', () => {
  it.each([
    ['straße', 'die Straße.', 0],
    ['straße', 'die Straßen', 1],
    ['né', 'née', 1],
    ['né', 'né!', 0],
    ['кот', 'который', 1],
    // A sign at its edge must touch a letter: `\b` as the reference has it.
    ['#a', 'x #a', 1],
    ['#a', 'x#a', 0],
    ['colou?r', 'Color', 0],
    ['colou?r', 'Colors', 1],
  ])('forbids %s in %s: %d', async (word, answer, score) => {
    const params = one('keywords:forbidden_words', { forbidden_words: [word] }, { rules: 'ifeval' });
    expect(await scoreOf(answer, 'en', params)).toBe(score);
  });
});

describe('composed and decomposed arguments', () => {
  it.each<[string, string, JsonObject, string]>([
    ['vi', 'keywords:existence', { keywords: ['cà phê'] }, 'Tôi thích cà phê.'],
    ['ko', 'startend:end_checker', { end_phrase: '감사합니다.' }, '네. 감사합니다.'],
    ['fr', 'keywords:letter_frequency', { letter: 'é', let_frequency: 2, let_relation: 'at least' }, 'été'],
    ['tr', 'detectable_content:postscript', { postscript_marker: 'Ön not' }, 'x\nÖn not: y'],
    ['de', 'detectable_format:multiple_sections', { section_spliter: 'Stück', num_sections: 1 }, 'Stück 1'],
    [
      'hi',
      'length_constraints:nth_paragraph_first_word',
      { num_paragraphs: 1, nth_paragraph: 1, first_word: 'सड़क' },
      'सड़क पर',
    ],
  ])('are one in %s %s', async (language, id, given, answer) => {
    const nfd = JSON.parse(JSON.stringify(given).normalize('NFD')) as JsonObject;
    for (const form of ['NFC', 'NFD'])
      for (const arguments_ of [given, nfd] satisfies Json[])
        expect(await scoreOf(answer.normalize(form), language, one(id, arguments_))).toBe(1);
  });
});

describe.runIf(process.versions['icu']?.startsWith('78.') === true)('as ICU 78 divides', () => {
  it.each<[string, string, number]>([
    ['th', 'แมวนั่งบนเสื่อ', 4],
    ['zh', '我用iPhone 15拍照。', 6],
    ['ja', '雨がやんだ。', 5],
    ['lo', 'ສະບາຍດີຊາວໂລກ', 2],
    ['km', 'សួស្តីពិភពលោក', 2],
    ['my', 'မင်္ဂလာပါကမ္ဘာ', 3],
    ['fr', "L'homme qu'il a vu", 4],
    ['en', "U.S.A. don't 3.5", 3],
    ['hi', 'नमस्ते दुनिया।', 2],
    ['am', 'ሰላም ዓለም።', 2],
  ])('words in %s: %s', async (language, answer, count) => {
    const relation = one('length_constraints:number_words', { num_words: count, relation: 'at least' });
    const { details } = await judge(answer, language, relation);
    expect(details).toMatchObject({
      instructions: [{ why: `${count} words, wanted at least ${count}` }],
    });
  });

  it.each<[string, string, number]>([
    ['en', 'It is late. Dr. Who sleeps.', 3],
    ['ja', '雨です。風です。', 2],
    ['ar', 'هل نزل المطر؟ نعم.', 2],
    ['ur', 'بارش ہوئی۔ ہم گھر پر رہے۔', 2],
    ['hy', 'Անձրև է։ Տանն ենք։', 2],
    ['my', 'မိုးရွာသည်။ အိမ်မှာနေသည်။', 2],
  ])('sentences in %s: %s', async (language, answer, count) => {
    const params = one('length_constraints:number_sentences', {
      num_sentences: count,
      relation: 'at least',
    });
    const { details } = await judge(answer, language, params);
    expect(details).toMatchObject({
      instructions: [{ why: `${count} sentences, wanted at least ${count}` }],
    });
  });
});
