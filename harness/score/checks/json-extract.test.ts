import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import stages from '../../../fixtures/checks/json-stages.json' with { type: 'json' };
import { extractJson, JsonLimitError, stringValues } from './json-extract.ts';
import { losesPrecision, scanBrackets } from './json-scan.ts';

describe('the ladder', () => {
  it.each(stages)('$stage: $text', ({ text, stage, warnings, value, check_value: checked }) => {
    const read = extractJson(text);
    expect(read.stage).toBe(stage);
    expect(read.warnings).toEqual(warnings);
    if (checked) expect(read.value).toEqual(value);
  });

  it.each([
    ['ar', 'إليك النتيجة: {"المدينة":"القاهرة","العدد":2}', 'embedded'],
    ['th', '```json\n{"เมือง":"กรุงเทพฯ"}\n```', 'fenced'],
    ['hi', 'उत्तर: {"शहर":"दिल्ली"}।', 'embedded'],
    ['bn', '{"শহর":"ঢাকা","সংখ্যা":২}', 'invalid'],
    ['zh', '｛"城市"："北京"｝', 'invalid'],
    ['ja', '{「都市」:「東京」}', 'none'],
    ['ko', '{"도시":"서울",}', 'repaired'],
    ['sw', "Hii hapa: {'mji':'Nairobi'}", 'repaired'],
    ['tr', '{"şehir":"İstanbul"', 'truncated'],
    ['am', '{"ከተማ":"አዲስ አበባ"}', 'strict'],
  ])('%s: %s is %s', (_, text, stage) => {
    expect(extractJson(text).stage).toBe(stage);
  });

  it.each([
    ['see [1] and [2]: {"a":1}', 'ambiguous', false],
    ['see [1] and [2]: {"a":1}', 'embedded', true],
    ['[note] {"a":1}', 'embedded', false],
    ['{"items":[1,2],}', 'repaired', false],
    ['{"a":1,} and {"b":2}', 'ambiguous', false],
    ['```json {"a":1}```', 'fenced', false],
    ['```json\n{"a":"```js"}\n```', 'fenced', false],
    ['```json\n{"a":1}', 'embedded', false],
    ['~~~\n[1]\n~~~', 'fenced', false],
    ['```json\n{"a":1}\n``` done', 'embedded', false],
    ['```json\n{"a":1,}\n```', 'repaired', false],
    ['```py\nprint(1)\n```\n```json\n{"a":1}\n```', 'embedded', false],
    ['"a {" then {"a":1}', 'truncated', false],
    ['01', 'none', false],
    ['{"a":"say \\"x\\"", }', 'repaired', false],
    ['{a: hello}', 'invalid', false],
  ])('%s is %s (objects only: %s)', (text, stage, objectsOnly) => {
    expect(extractJson(text, { objectsOnly }).stage).toBe(stage);
  });

  it('calls an answer cut by the token limit truncated, unless what came is whole', () => {
    expect(extractJson('Here is', { finish: 'length' }).stage).toBe('truncated');
    expect(extractJson('{"a":1}', { finish: 'length' }).stage).toBe('strict');
  });

  it('keeps decomposed letters as the model wrote them', () => {
    expect(extractJson('{"a":"e\u0301"}').value).toEqual({ a: 'e\u0301' });
  });

  it('warns of a repeated key under two spellings, not of one key in two objects', () => {
    expect(extractJson('{"a":1,"\\u0061":2}').warnings).toEqual(['duplicate_key']);
    expect(extractJson('[{"a":1},{"a":{"a":2}},["a","a"]]').warnings).toEqual([]);
  });

  it('tells numbers a double holds from those it does not', () => {
    expect(
      ['0.1', '1.50', '-0.0', '1e3', '9007199254740992', '0.30000000000000004'].filter(losesPrecision),
    ).toEqual([]);
    expect(
      ['9007199254740993', '1e400', '0.12345678901234567890'].filter((token) => !losesPrecision(token)),
    ).toEqual([]);
  });

  it('leaves the prose around a value to those who judge it', () => {
    expect(extractJson('Jibu: {"a":"b"} asante').prose.split('\n')).toEqual(['Jibu: ', ' asante']);
    expect(stringValues({ a: 'x', b: [1, 'y', { c: 'z' }] })).toEqual(['x', 'y', 'z']);
  });
});

describe('limits', () => {
  it('refuses what is too large or too deep before parsing it', () => {
    expect(() => extractJson(`"${'x'.repeat(1024 * 1024)}"`)).toThrow(JsonLimitError);
    expect(() => extractJson(`"${'語'.repeat(400_000)}"`)).toThrow(JsonLimitError);
    expect(() => extractJson('['.repeat(257) + ']'.repeat(257))).toThrow(JsonLimitError);
    expect(extractJson('['.repeat(256) + ']'.repeat(256)).stage).toBe('strict');
  });

  it('pairs hostile brackets in linear time', () => {
    const started = cpuMs();
    scanBrackets('['.repeat(500_000) + '}'.repeat(500_000));
    scanBrackets('{['.repeat(250_000) + '}'.repeat(500_000));
    scanBrackets('{"'.repeat(500_000));
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });

  it('reads any JSON value as strict and finds it again in prose', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue(), { minKeys: 1 }), (value) => {
        const text = JSON.stringify(value);
        expect(extractJson(text).value).toEqual(JSON.parse(text));
        expect(extractJson(`答え: ${text} .`).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never throws anything but its limit', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', '`', '\n', "'", '“'),
        }),
        (text) => {
          expect(extractJson(text).stage).toBeTypeOf('string');
        },
      ),
      { numRuns: 500 },
    );
  });
});
