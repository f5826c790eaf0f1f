/** Suites as people write them: what comes out of a right one, and what is said of a wrong one, to the column. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../errors.ts';
import { checks } from '../score/checks/index.ts';
import { transformProblem } from '../score/transform.ts';
import type { Suite } from '../types.ts';
import { editorSchema } from './editor-schema.ts';
import { loadSuites } from './load.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-suite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** Loads one suite in a folder of its own; messages name it `s.yaml`. */
async function load(
  yaml: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ suite: Suite | null; errors: string[]; warnings: string[] }> {
  count += 1;
  const own = path.join(folder, String(count));
  mkdirSync(own);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(own, name), text);
  const file = path.join(own, 's.yaml');
  writeFileSync(file, yaml);
  const { suites, problems } = await loadSuites([file], checks, transformProblem);
  const lines = (severity: string): string[] =>
    problems
      .filter((problem) => problem.severity === severity)
      .map((problem) => formatProblem(problem).replaceAll(`${own}/`, ''));
  return { suite: suites[0] ?? null, errors: lines('error'), warnings: lines('warning') };
}

const orders = `description: Orders
languages: [en, zh, ar, hi, th, ja, ko, sw, tr, bn, am]
messages:
  - { role: system, content: "{{t.system}}" }
  - { role: user, content: "{{t.task}}\\n\\n{{message}}" }
strings:
  en: { system: You extract orders., task: Return JSON. }
  zh: { system: 你负责提取订单。, task: 以 JSON 返回订单。 }
  ar: { system: استخرج الطلبات., task: أعد الطلب بصيغة JSON. }
request: { temperature: 0, response_format: ./order.schema.json }
repeat: 2
defaults:
  assert:
    - { type: is-json, schema: ./order.schema.json }
tests:
  - id: coffee-2
    metadata: { domain: retail, cluster: coffee }
    vars: { quantity: 2, item: coffee }
    in:
      en: { message: "Two coffees to Nairobi, please." }
      zh: { message: "请送两杯咖啡到内罗毕。" }
      ar:
        message: "قهوتان إلى نيروبي من فضلك."
        assert: [{ type: script, value: Arab }]
    assert:
      - { type: equals-json, value: { item: "{{item}}", quantity: "{{quantity}}", note: "{{quantity}} x" }, weight: 2, metric: extraction }
`;
const schema = '{"type":"object","required":["item"],"properties":{"item":{"type":"string"}}}';

describe('a right suite', () => {
  it('gives one test with its languages, filled', async () => {
    const { suite, errors, warnings } = await load(orders, { 'order.schema.json': schema });
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      's.yaml:16:9 the test "coffee-2" is missing in hi, th, ja, ko, sw, tr, bn, am',
    ]);
    expect(suite).toMatchObject({
      name: 's',
      description: 'Orders',
      tests: [{ id: 'coffee-2', cluster: 'coffee', repeat: 2, observe: false }],
    });
    const questions = suite?.tests[0]?.questions ?? [];
    expect(questions.map((question) => question.language)).toEqual(['en', 'zh', 'ar']);
    expect(questions[2]?.messages).toEqual([
      { role: 'system', content: 'استخرج الطلبات.' },
      { role: 'user', content: 'أعد الطلب بصيغة JSON.\n\nقهوتان إلى نيروبي من فضلك.' },
    ]);
    expect(questions[2]?.checks.map((check) => check.type)).toEqual(['is-json', 'equals-json', 'script']);
  });

  it('leaves the pass open without a threshold, and due where a check has its limit', async () => {
    const asserts =
      '[{ type: levenshtein, value: ok }, { type: levenshtein, value: ok, max_distance: 2 }, { type: levenshtein, value: ok, threshold: 0.5 }]';
    const { suite, errors } = await load(
      `languages: [th]\nprompt: "{{q}}"\ntests:\n  - id: a\n    vars: { q: ok }\n    assert: ${asserts}\n`,
    );
    expect(errors).toEqual([]);
    const thresholds = suite?.tests[0]?.questions[0]?.checks.map((check) => check.threshold);
    expect(thresholds).toEqual([null, 1, 0.5]);
  });

  it('sends a schema named by its file, and keeps the type of a value that is one placeholder', async () => {
    const { suite } = await load(orders, { 'order.schema.json': schema });
    const [question] = suite?.tests[0]?.questions ?? [];
    expect(question?.request).toEqual({
      temperature: 0,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'order', schema: JSON.parse(schema) as object },
      },
    });
    expect(question?.checks[1]).toMatchObject({
      params: { value: { item: 'coffee', quantity: 2, note: '2 x' } },
      weight: 2,
      metric: 'extraction',
      threshold: 1,
    });
    expect(question?.checks[0]?.params['schema']).toEqual(JSON.parse(schema));
  });

  it('holds answers against the schema it sends, also when the suite does not say so', async () => {
    const bare = orders.replace(
      '    - { type: is-json, schema: ./order.schema.json }',
      '    - { type: contains, value: x }',
    );
    const { suite } = await load(bare, { 'order.schema.json': schema });
    expect(suite?.tests[0]?.questions[0]?.checks.at(-1)).toMatchObject({
      type: 'is-json',
      metric: 'response-format',
    });
  });

  it('asks without an "in" in every language of the suite', async () => {
    const { suite, errors } = await load(
      'languages: [th, ja]\nprompt: "{{t.ask}} {{a}}"\nstrings: { th: { ask: เท่าไร }, ja: { ask: いくつ } }\ntests: [{ id: x, vars: { a: 7 }, assert: [{ type: contains, value: "7" }] }]\n',
    );
    expect(errors).toEqual([]);
    expect(suite?.tests[0]?.questions.map((question) => question.messages[0]?.content)).toEqual([
      'เท่าไร 7',
      'いくつ 7',
    ]);
  });

  it('makes an axis of variants', async () => {
    const { suite, errors } = await load(
      'languages: [ko]\nprompt: 안녕\nrequest: { temperature: 0 }\nvariants:\n  cold: {}\n  warm: { temperature: 1 }\n  curt: { prompt: 짧게 }\ntests: [{ id: x, assert: [{ type: contains, value: 안녕 }] }]\n',
    );
    expect(errors).toEqual([]);
    expect(
      suite?.tests[0]?.questions.map((question) => [
        question.variant,
        question.request['temperature'],
        question.messages[0]?.content,
      ]),
    ).toEqual([
      ['cold', 0, '안녕'],
      ['warm', 1, '안녕'],
      ['curt', 0, '짧게'],
    ]);
  });

  it('fills what stands deep in the value of a check', async () => {
    const tool = '{ type: function, function: { name: get_weather } }';
    const value =
      '[{ name: "{{tool}}", arguments: { city: "{{city}}", days: "{{days}}", to: ["{{city}}!"] } }, { name: get_weather, arguments: "{{all}}" }]';
    const { suite, errors } = await load(
      `languages: [th]\nprompt: "{{city}}"\nrequest: { tools: [${tool}] }\ntests:\n  - id: a\n    vars: { tool: get_weather, days: 3, all: { city: x } }\n    in: { th: { city: กรุงเทพฯ } }\n    assert: [{ type: tool-call, value: ${value} }]\n`,
    );
    expect(errors).toEqual([]);
    expect(suite?.tests[0]?.questions[0]?.checks[0]?.params['value']).toEqual([
      { name: 'get_weather', arguments: { city: 'กรุงเทพฯ', days: 3, to: ['กรุงเทพฯ!'] } },
      { name: 'get_weather', arguments: { city: 'x' } },
    ]);
  });

  it('takes names composed or decomposed for the same', async () => {
    const { suite, errors, warnings } = await load(
      'languages: [fr]\nprompt: "{{t.cafe\u0301}} {{x.caf\u00E9}} {{#each xs as |this\u00E9|}}{{this\u00E9}}{{/each}}"\nstrings: { fr: { caf\u00E9: un } }\ntests: [{ id: a, vars: { x: { cafe\u0301: deux }, xs: [trois] }, assert: [{ type: contains, value: x }] }]\n',
    );
    expect([...errors, ...warnings]).toEqual([]);
    expect(suite?.tests[0]?.questions[0]?.messages[0]?.content).toBe('un deux trois');
  });

  it('lets a value that looks like a template stay text', async () => {
    const { suite } = await load(
      'languages: [en]\nprompt: "{{q}}"\ntests: [{ id: x, vars: { q: "write {{name}}" }, assert: [{ type: contains, value: "{" }] }]\n',
    );
    expect(suite?.tests[0]?.questions[0]?.messages[0]?.content).toBe('write {{name}}');
  });

  it('fills blocks, lists and names in any script', async () => {
    const { suite, errors } = await load(
      'languages: [hi]\nprompt: "{{#if विकल्प}}{{#each विकल्प}}{{@index}}:{{this}}{{#unless @last}}, {{/unless}}{{/each}}{{else}}-{{/if}}"\ntests: [{ id: x, in: { hi: { विकल्प: [एक, दो] } }, assert: [{ type: contains, value: एक }] }]\n',
    );
    expect(errors).toEqual([]);
    expect(suite?.tests[0]?.questions[0]?.messages[0]?.content).toBe('0:एक, 1:दो');
  });
});

describe('messages', () => {
  const png = '\u0089PNG\r\n\u001A\n rest';
  const asking = (image: string): string =>
    `languages: [ar, th]\ntests:\n  - id: a\n    in: { ar: { q: ماذا ترى؟ }, th: { q: เห็นอะไร } }\n    messages:\n      - { role: system, content: x }\n      - { role: user, content: "1" }\n      - { role: assistant, content: "2" }\n      - role: user\n        content:\n          - { type: text, text: "{{q}} " }\n          - { type: image_url, image_url: ${image} }\n          - { type: text, text: "!" }\n    assert: [{ type: contains, value: x }]\n`;

  async function loadWith(image: string, bytes: string) {
    count += 1;
    const own = path.join(folder, String(count));
    mkdirSync(own);
    writeFileSync(path.join(own, 'cat.jpg'), Buffer.from(bytes, 'latin1'));
    writeFileSync(path.join(own, 's.yaml'), asking(image));
    const { suites, problems } = await loadSuites([path.join(own, 's.yaml')], checks, transformProblem);
    return { suite: suites[0], lines: problems.map(formatProblem).join('\n') };
  }

  it('hold images at their place, known by their bytes', async () => {
    const { suite, lines } = await loadWith('{ url: ./cat.jpg, detail: low }', png);
    expect(lines).toBe('');
    const [arabic, thai] = suite?.tests[0]?.questions ?? [];
    expect(arabic?.messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(arabic?.messages[3]).toMatchObject({
      content: 'ماذا ترى؟ \uFFFC!',
      images: [{ mediaType: 'image/png', name: 'cat.jpg', detail: 'low' }],
    });
    expect(thai?.messages[3]?.images?.[0]?.sha256).toBe(arabic?.messages[3]?.images?.[0]?.sha256);
    expect(Object.values(suite?.images ?? {})).toEqual([
      `data:image/png;base64,${Buffer.from(png, 'latin1').toString('base64')}`,
    ]);
  });

  it.each([
    ['{ url: ./cat.jpg }', 'hello', 'is no PNG, JPEG, GIF or WebP image'],
    ['{ url: "https://example.org/cat.png" }', png, 'is a URL or a drive, not a relative path'],
    ['{ url: ../../etc/passwd }', png, 'leads out of'],
    ['{ url: ./dog.png }', png, 'there is no file "./dog.png"'],
    ['{ url: ./cat.jpg, detail: lo }', png, 'detail: expected one of auto, low, high, got "lo"'],
    ['{ href: ./cat.jpg }', png, 'unknown key "href"'],
  ])('refuse the image %s', async (image, bytes, wanted) => {
    expect((await loadWith(image, bytes)).lines).toContain(wanted);
  });
});

describe('tests_from', () => {
  const head = (file: string): string =>
    `languages: [en, ar, zh]\nprompt: "{{question}}"\ndefaults: { assert: [{ type: equals, value: "{{answer}}" }] }\ntests_from: ./${file}\n`;

  it('reads whole tests and (id, lang) rows from JSON lines', async () => {
    const rows = [
      '{"id":"a","lang":"en","question":"2+2?","answer":"4"}',
      '{"id":"a","lang":"ar","question":"كم ٢+٢؟","answer":"٤"}',
      '',
      '{"id":"b","in":{"zh":{"question":"三加一？","answer":"四"}}}',
    ].join('\n');
    const { suite, errors } = await load(head('d.jsonl'), { 'd.jsonl': rows });
    expect(errors).toEqual([]);
    expect(
      suite?.tests.map((test) => [test.id, test.questions.map((question) => question.language)]),
    ).toEqual([
      ['b', ['zh']],
      ['a', ['en', 'ar']],
    ]);
    expect(suite?.tests[1]?.questions[1]?.checks[0]?.params).toEqual({ value: '٤' });
  });

  it('reads rows from CSV, quotes, line breaks and a byte order mark included', async () => {
    const { suite, errors } = await load(head('d.csv'), {
      'd.csv': '\uFEFFid,lang,question,answer\na,zh,"一,\n二",三\na,ar,كم؟,٣\n',
    });
    expect(errors).toEqual([]);
    expect(suite?.tests[0]?.questions.map((question) => question.messages[0]?.content)).toEqual([
      'كم؟',
      '一,\n二',
    ]);
  });

  it.each([
    [
      'd.jsonl',
      '{"id":"a","lang":"en","question":"q","answer":"x"}\n{"id": 3',
      'd.jsonl:2:1 the line is not JSON',
    ],
    [
      'd.jsonl',
      '{"id":"a","question":"q","answer":"x","lang":"en"}\n{"id":"a","lang":"en","question":"q","answer":"x"}',
      'd.jsonl:2:1 a second row for "a" in en',
    ],
    [
      'd.jsonl',
      '{"id":"a","lang":"jp","question":"q","answer":"x"}',
      'd.jsonl:1:1 "jp" is not among the languages of the suite',
    ],
    ['d.jsonl', '{"__proto__":{"x":1}}', 'd.jsonl:1:1 the line holds the refused key "__proto__"'],
    ['d.jsonl', '[1]', 'd.jsonl:1:1 a line holds one JSON object'],
    ['d.csv', 'id,lang,question,answer\na,en,q\n', 'CSV:'],
    ['d.csv', 'id,lang,constructor\na,en,q\n', 'has the column "constructor", which is refused'],
    ['d.csv', 'id,lang,question,question\na,en,q,r\n', 'has two columns "question"'],
    [
      'd.csv',
      'id,lang,question,answer\na,en,"q\nr",x\nb,jp,"a\nb",y\n',
      'd.csv:4:1 "jp" is not among the languages',
    ],
    ['d.jsonl', '{"id":"a","vars":{"q":1,"q":2}}', 'the line holds the key "q" twice'],
    ['d.txt', 'x', 's.yaml:4:13 tests_from reads .jsonl and .csv'],
  ])('says what is wrong in %s', async (file, text, wanted) => {
    const { errors } = await load(head(file), { [file]: text });
    expect(errors.join('\n')).toContain(wanted);
  });
});

/** A suite with one test that is right, to be broken in one place. */
const base = (test: string, more = ''): string =>
  `languages: [en, th]\nprompt: "{{q}}"\n${more}tests:\n  - id: a\n${test}`;
const fine = '    vars: { q: ok }\n    assert: [{ type: contains, value: ok }]\n';

describe('a wrong suite', () => {
  it.each<[string, string, string]>([
    [
      'an unknown key',
      base('    vars: { q: ok }\n    asserts: [{ type: contains, value: ok }]\n'),
      's.yaml:6:5 unknown key "asserts" - did you mean "assert"?',
    ],
    [
      'an unknown key of the suite',
      `langauges: [en]\n${base(fine)}`,
      's.yaml:1:1 unknown key "langauges" - did you mean "languages"?',
    ],
    [
      'an unknown check',
      base('    vars: { q: ok }\n    assert: [{ type: equal, value: ok }]\n'),
      's.yaml:6:22 unknown check "equal" - did you mean "equals"?',
    ],
    [
      'an unknown negated check',
      base('    vars: { q: ok }\n    assert: [{ type: not-contain, value: ok }]\n'),
      'unknown check "not-contain" - did you mean "contains"?',
    ],
    [
      'an unknown parameter',
      base('    vars: { q: ok }\n    assert: [{ type: equals, value: ok, normalise: lenient }]\n'),
      's.yaml:6:41 the check "equals" has no parameter "normalise" - did you mean "normalize"?',
    ],
    [
      'a parameter of the wrong kind',
      base('    vars: { q: ok }\n    assert: [{ type: length, unit: word, max: 3 }]\n'),
      's.yaml:6:36 unit: expected one of characters',
    ],
    [
      'a missing parameter',
      base('    vars: { q: ok }\n    assert: [{ type: equals }]\n'),
      's.yaml:6:22 the check "equals" needs value',
    ],
    [
      'a number where text belongs',
      base('    vars: { q: ok }\n    assert: [{ type: equals, value: 5 }]\n'),
      'value: expected text or a list of text, got 5',
    ],
    [
      'a threshold out of range',
      base('    vars: { q: ok }\n    assert: [{ type: equals, value: ok, threshold: 2 }]\n'),
      'threshold: expected a number from 0 to 1, got 2',
    ],
    [
      'a threshold beside a limit',
      base(
        '    vars: { q: ok }\n    assert: [{ type: levenshtein, value: ok, max_distance: 1, threshold: 0.9 }]\n',
      ),
      's.yaml:6:63 max_distance decides the pass: there is no threshold beside it',
    ],
    [
      'a tokenizer that is not shipped',
      base('    vars: { q: ok }\n    assert: [{ type: bleu, value: ok, tokenize: ja-mecab }]\n'),
      'bleu: tokenize ja-mecab needs a dictionary or model that is not shipped; use tokenize: char',
    ],
    [
      'an unknown transform',
      base('    vars: { q: ok }\n    assert: [{ type: equals, value: ok, transform: lastline }]\n'),
      'unknown transform "lastline"',
    ],
    [
      'a pattern that is none',
      base('    vars: { q: ok }\n    assert: [{ type: regex, value: "(" }]\n'),
      'regex: not a pattern',
    ],
    [
      'a look-around',
      base('    vars: { q: ok }\n    assert: [{ type: regex, value: "(?=x)" }]\n'),
      'look-around is not supported',
    ],
    [
      'a test without a check',
      base('    vars: { q: ok }\n'),
      's.yaml:4:9 the test "a" has no check - add assert:, or observe: true',
    ],
    [
      'checks in some languages only',
      base('    in: { en: { q: x, assert: [{ type: contains, value: x }] }, th: { q: ก } }\n'),
      'the test "a" has no check in th',
    ],
    [
      'observe and assert',
      base('    vars: { q: ok }\n    observe: true\n    assert: []\n'),
      'observe: true has no checks',
    ],
    ['a duplicate id', base(`${fine}  - id: a\n${fine}`), 's.yaml:7:9 duplicate id "a" - first on line 4'],
    [
      'an id that is a number',
      base('').replace('id: a', 'id: 7') + fine,
      'id: expected text, got 7 - quote it: "7"',
    ],
    [
      'an undefined placeholder',
      base(fine).replace('{{q}}', '{{queston}}').replace('q: ok', 'question: ok'),
      's.yaml:2:10 undefined placeholder {{queston}} - did you mean "question"?',
    ],
    [
      'a variable missing in one language',
      base('    in: { en: { q: x }, th: {} }\n    assert: [{ type: contains, value: x }]\n'),
      's.yaml:5:25 test "a" in th has no "q", which {{q}} needs',
    ],
    [
      'a string missing in one language',
      `languages: [en, th]\nprompt: "{{t.ask}}"\nstrings:\n  en: { ask: x }\n  th: { aks: ก }\ntests: [{ id: a, assert: [{ type: contains, value: x }] }]\n`,
      's.yaml:5:3 the strings of th lack "ask"',
    ],
    [
      'a helper in a template',
      base(fine).replace('{{q}}', '{{lookup q 1}}'),
      'the helper {{lookup …}} is not allowed in a template',
    ],
    ['a partial', base(fine).replace('{{q}}', '{{> q}}'), 'a partial is not allowed in a template'],
    ['three braces', base(fine).replace('{{q}}', '{{{q}}}'), 'write two braces'],
    ['an open block', base(fine).replace('{{q}}', '{{#if q}}'), 'the template does not parse'],
    [
      'a list as text',
      base('    vars: { q: [1, 2] }\n    assert: [{ type: contains, value: x }]\n'),
      '{{q}} is a list, not a text',
    ],
    [
      'a language that is a country',
      base(fine).replace('th]', 'jp]'),
      's.yaml:1:17 "jp" is not a BCP 47 language tag - did you mean "ja"?',
    ],
    ['a language by its name', base(fine).replace('th]', 'thai]'), 'did you mean "th"?'],
    ['a language twice', base(fine).replace('th]', 'EN]'), 'the language "EN" is listed twice'],
    [
      'a language of another suite',
      base('    in: { en: { q: x }, ja: { q: x } }\n    assert: [{ type: contains, value: x }]\n'),
      '"ja" is not among the languages of the suite',
    ],
    ['no languages', 'prompt: x\ntests: []\n', 's.yaml:1:1 a suite needs "languages"'],
    ['no tests', 'languages: [en]\nprompt: x\n', 'a suite without tests'],
    [
      'no prompt',
      'languages: [en]\ntests:\n  - id: a\n    assert: [{ type: contains, value: x }]\n',
      's.yaml:3:9 nothing to ask',
    ],
    [
      'prompt and messages',
      base(fine, 'messages: [{ role: user, content: x }]\n'),
      'both "prompt" and "messages"',
    ],
    [
      'an unknown role',
      base(fine.replace('vars', 'messages: [{ role: usr, content: x }]\n    vars')),
      'unknown role "usr" - did you mean "user"?',
    ],
    [
      'a model in the request',
      base(fine, 'request: { model: x }\n'),
      's.yaml:3:12 "model" cannot be set in request - the model belongs to the target',
    ],
    [
      'a missing schema file',
      base(fine, 'request: { response_format: ./ordr.json }\n'),
      's.yaml:3:29 there is no file "./ordr.json"',
    ],
    ['a path that leads out', base(fine, 'request: { response_format: ../../etc/passwd }\n'), 'leads out of'],
    ['an absolute path', base(fine, 'request: { response_format: /etc/passwd }\n'), 'is not relative'],
    [
      'a URL for a file',
      base(fine, 'request: { response_format: "https://example.org/s.json" }\n'),
      'is a URL or a drive',
    ],
    [
      'a key twice',
      base(`${fine}    vars: { q: again }\n`),
      's.yaml:7:5 duplicate key "vars" - first written on line 5',
    ],
    ['a tag', base(fine).replace('q: ok', 'q: !!js/function x'), 'the tag !!js/function is refused'],
    [
      'a tab',
      base(fine).replace('    vars', '\tvars'),
      's.yaml:5:1 a tab indents this line - indent with spaces',
    ],
    ['two documents', `${base(fine)}---\na: 1\n`, 'more than one YAML document'],
    [
      'a number with a leading zero',
      base(fine).replace('q: ok', 'q: 012'),
      'begins with 0 and would be read as 12 - quote it: "012"',
    ],
    [
      'a number too large',
      base(fine).replace('q: ok', 'q: 12345678901234567890'),
      'too large to be read exactly - quote it',
    ],
    [
      'a number that another one is read as',
      base(fine).replace('q: ok', 'q: 9007199254740993'),
      'too large to be read exactly - quote it: "9007199254740993"',
    ],
    ['a key of the prototype', base(fine).replace('q: ok', '__proto__: 1'), 'the key "__proto__" is refused'],
    [
      'an alias bomb',
      `x: &x [1,1,1,1,1,1,1,1,1,1]\n${'abcdefg'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${at === 0 ? 'x' : 'abcdefg'[at - 1]},`.repeat(12)}]\n`)
        .join('')}`,
      'aliases',
    ],
    ['deep nesting', `languages: ${'['.repeat(70)}`, 'nested deeper than 64 levels'],
    ['an empty file', '', 'the file is empty'],
    ['a broken quote', base(fine).replace('ok }', '"ok }'), 's.yaml:'],
    [
      'a key of the targets file',
      base(fine, 'gates: [all-pass]\n'),
      's.yaml:3:1 "gates" does not belong in a suite - write gates into targets.yaml',
    ],
    [
      'a tool call without tools',
      base('    vars: { q: ok }\n    assert: [{ type: tool-call, value: { name: f } }]\n'),
      's.yaml:6:40 tool-call: the request offers no tools: add request.tools, or expect none - for test "a" in en',
    ],
    [
      'a tool call that one variant cannot bring about',
      base(
        '    vars: { q: ok }\n    assert: [{ type: not-tool-call, value: { name: f } }]\n',
        'variants:\n  with: { tools: [{ type: function, function: { name: f } }] }\n  without: { tools: [{ type: function, function: { name: g } }] }\n',
      ),
      'tool-call: the request offers no tool "f": there is g',
    ],
    [
      'nothing between words',
      base('    vars: { q: "" }\n    assert: [{ type: contains, value: x }]\n'),
      'the user message is empty for test "a" in en',
    ],
    [
      'an empty reference',
      base('    vars: { q: ok }\n    assert: [{ type: contains, value: "" }]\n'),
      'contains: a reference is empty',
    ],
    [
      'a reference of punctuation',
      base('    vars: { q: ok }\n    assert: [{ type: equals, value: "。", normalize: lenient }]\n'),
      'nothing is left of the reference',
    ],
  ])('%s', async (_, yaml, wanted) => {
    const { errors } = await load(yaml);
    expect(errors.join('\n')).toContain(wanted);
    expect(errors.join('\n')).toMatch(/^s\.yaml:\d+:\d+ /u);
  });

  it('is told of everything at once, each thing once, in order', async () => {
    const { errors } = await load(
      base(
        '    vars: { q: ok }\n    asserts: []\n    assert: [{ type: equal, value: ok }, { type: regex, value: "(" }]\n    repet: 2\n',
      ),
    );
    expect(errors).toHaveLength(4);
    expect(errors.map((line) => Number(line.split(':')[1]))).toEqual([6, 7, 7, 8]);
  });
});

describe('warnings', () => {
  it('name the languages that a check could say nothing about, once, where they are expected', async () => {
    const tests = ['a', 'b'].map((id) => `  - { id: ${id}, in: { th: {}, pa-PK: {}, sw: {} } }`).join('\n');
    const { warnings, errors } = await load(
      `languages: [th, pa-PK, sw]
prompt: "?"
defaults:
  assert:
    - { type: language }
    - { type: not-language, value: [en, nv] }
tests:
${tests}
`,
    );
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      's.yaml:5:15 language: nothing here can recognise "pa-PK": answers in it will be not applicable - for test "a" in pa-PK',
      's.yaml:6:36 language: nothing here can recognise "nv": answers in it will be not applicable - for test "a" in th',
    ]);
  });

  it('name what is used nowhere', async () => {
    const { warnings, errors } = await load(
      base(
        '    vars: { q: ok, extra: 1 }\n    assert: [{ type: contains, value: ok }]\n',
        'strings: { en: { ask: x } }\n',
      ),
    );
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      's.yaml:3:18 the string "ask" is used nowhere',
      's.yaml:6:20 the variable "extra" is used nowhere',
    ]);
  });

  it('name texts that were not translated', async () => {
    const { warnings } = await load(
      base(
        '    in: { en: { q: "How many apples are left?" }, th: { q: "How many apples are left?" } }\n    assert: [{ type: contains, value: x }]\n',
      ),
    );
    expect(warnings).toEqual([expect.stringContaining('"q" of the test "a" is the same text in en, th')]);
  });
});

describe('files', () => {
  const load1 = async (given: string): Promise<string[]> =>
    (await loadSuites([given], checks, transformProblem)).problems.map(formatProblem);

  it('that are not there are said, with the nearest name', async () => {
    expect(await load1('suites/ordrs.yaml')).toEqual([
      'there is no suite suites/ordrs.yaml - did you mean "suites/orders.yaml"?',
    ]);
    expect(await load1('README.md')).toEqual([
      'README.md is not a suite - a suite is a .yaml file, or a folder of them',
    ]);
  });

  it('that are links out of the folder are not followed', async () => {
    const own = path.join(folder, 'links');
    mkdirSync(own);
    symlinkSync('/etc/hostname', path.join(own, 'x.json'));
    writeFileSync(path.join(own, 's.yaml'), base(fine, 'request: { response_format: ./x.json }\n'));
    expect((await load1(path.join(own, 's.yaml'))).join('\n')).toContain('through a link');
  });

  it('of one name in two folders are told apart', async () => {
    const own = path.join(folder, 'twins');
    for (const name of ['a', 'b']) {
      mkdirSync(path.join(own, name), { recursive: true });
      writeFileSync(path.join(own, name, 'same.yaml'), base(fine));
    }
    const { problems } = await loadSuites(
      [path.join(own, 'a'), path.join(own, 'b')],
      checks,
      transformProblem,
    );
    expect(problems.map(formatProblem).join('\n')).toContain('a second suite called "same"');
  });
});

describe('the shipped suites', () => {
  it('are right, in at least 12 languages and 7 scripts each', async () => {
    const { suites, problems } = await loadSuites(['suites'], checks, transformProblem);
    expect(problems.map(formatProblem)).toEqual([]);
    const least: Readonly<Record<string, number>> = {
      orders: 12,
      arithmetic: 12,
      reading: 12,
      instructions: 12,
      translation: 10,
    };
    expect(suites.map((suite) => suite.name).toSorted()).toEqual(Object.keys(least).toSorted());
    for (const suite of suites) {
      expect(suite.tests.length, suite.name).toBeGreaterThanOrEqual(least[suite.name] ?? 0);
      expect(suite.languages.length, suite.name).toBeGreaterThanOrEqual(12);
      const scripts = new Set(suite.languages.map((language) => new Intl.Locale(language).maximize().script));
      expect(scripts.size, suite.name).toBeGreaterThanOrEqual(7);
      for (const test of suite.tests)
        expect(['translated', 'native'], `${suite.name} ${test.id}`).toContain(test.metadata['origin']);
    }
  });

  it('have an example in the README that is right too', async () => {
    const [, yaml = ''] =
      /```yaml\n(# yaml-language-server[\s\S]*?)```/u.exec(readFileSync('README.md', 'utf8')) ?? [];
    const { suite, errors, warnings } = await load(yaml);
    expect([...errors, ...warnings]).toEqual([]);
    expect(suite?.tests[0]?.questions).toHaveLength(3);
  });

  it('have the editor schema beside them', () => {
    const kept = JSON.parse(readFileSync(path.join('suites', 'suite.schema.json'), 'utf8')) as object;
    expect(kept).toEqual(JSON.parse(JSON.stringify(editorSchema(checks))));
    for (const file of readdirSync('suites').filter(
      (name) => name.endsWith('.yaml') && name !== 'targets.yaml',
    )) {
      expect(readFileSync(path.join('suites', file), 'utf8'), file).toMatch(
        /^# yaml-language-server: \$schema=\.\/suite\.schema\.json\n/u,
      );
    }
  });
});
