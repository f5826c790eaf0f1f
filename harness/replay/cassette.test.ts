import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersonError } from '../errors.ts';
import { readCassette, readCassetteHeader } from './cassette.ts';
import { requestKey } from './request-key.ts';

const questions: Readonly<Record<string, string>> = {
  ar: 'كم ثمن القهوة؟',
  th: 'กาแฟราคาเท่าไร',
  hi: 'कॉफ़ी कितने की है?',
  bn: 'কফির দাম কত?',
  ko: '커피는 얼마인가요?',
  zh: '咖啡多少钱？',
  ja: 'コーヒーはいくらですか。',
  sw: 'Kahawa ni bei gani?',
  tr: 'Kahve ne kadar, İstanbul için?',
  am: 'ቡና ስንት ነው?',
};
const ask = (content: string, more: object = {}): Record<string, unknown> => ({
  model: 'demo',
  messages: [{ role: 'user', content }],
  ...more,
});

describe('the key of a request', () => {
  it.each(Object.entries(questions))(
    '%s: is blind to the order of keys at every depth',
    (_language, content) => {
      const schema = { type: 'object', properties: { b: { type: 'string' }, a: { type: 'number' } } };
      const one = {
        model: 'demo',
        temperature: 0,
        messages: [{ role: 'user', content }],
        response_format: schema,
      };
      const other = {
        response_format: { properties: { a: { type: 'number' }, b: { type: 'string' } }, type: 'object' },
        messages: [{ content, role: 'user' }],
        temperature: 0,
        model: 'demo',
      };
      expect(requestKey(other)).toBe(requestKey(one));
      expect(requestKey(one)).toMatch(/^[0-9a-f]{32}$/u);
    },
  );

  it('differs between any two of the languages', () => {
    const keys = Object.values(questions).map((content) => requestKey(ask(content)));
    expect(new Set(keys).size).toBe(Object.keys(questions).length);
  });

  it('stays the same from version to version: saved cassettes hang on it', () => {
    expect(requestKey(ask('커피', { temperature: 0.5 }))).toBe('f1fb44cbd976d622e3bb2bc1ddc9ab4d');
  });

  it.each(['1', '1.0', '1e0', '10e-1', '0.1e1'])('does not see that a number was spelled %s', (spelling) => {
    const body = JSON.parse(`{"model":"demo","temperature":${spelling}}`) as Record<string, unknown>;
    expect(requestKey(body)).toBe(requestKey({ temperature: 1, model: 'demo' }));
  });

  it.each([
    [{ stream: true }],
    [{ stream: false }],
    [{ stream: true, stream_options: { include_usage: true } }],
  ])('does not see how the answer is to travel: %j', (delivery) => {
    expect(requestKey(ask('Bei gani?', delivery))).toBe(requestKey(ask('Bei gani?')));
  });

  it('sees a field called stream that is not the one of delivery', () => {
    const tool = (stream: boolean): object => ({
      tools: [{ type: 'function', function: { name: 'watch', stream } }],
    });
    expect(requestKey(ask('x', tool(true)))).not.toBe(requestKey(ask('x', tool(false))));
  });

  it.each([
    ['ko', '한국어', '한국어'.normalize('NFD')],
    ['tr', 'şüphe', 'şüphe'.normalize('NFD')],
    ['ja', 'がっこう', 'がっこう'.normalize('NFD')],
    ['ar', 'آخر', 'آخر'.normalize('NFD')],
    ['bn', 'কো', 'কো'.normalize('NFD')],
    // The composed qa is excluded from composition: here it is NFC that takes it apart.
    ['hi', '\u0958लम', '\u0958लम'.normalize('NFC')],
  ])('%s: tells composed from decomposed text, as a tokenizer does', (_language, one, other) => {
    expect(one).not.toBe(other);
    expect(one.normalize('NFC')).toBe(other.normalize('NFC'));
    expect(requestKey(ask(one))).not.toBe(requestKey(ask(other)));
  });

  it.each([
    ['another model', { ...ask('x'), model: 'other' }],
    ['another role', { model: 'demo', messages: [{ role: 'system', content: 'x' }] }],
    ['a space more', ask('x ')],
    ['another temperature', ask('x', { temperature: 0.1 })],
    ['null in place of nothing', ask('x', { seed: null })],
    ['a number as text', ask('x', { seed: '1' })],
    ['stop words in another order', ask('x', { stop: ['b', 'a'] })],
    [
      'a key of the prototype',
      JSON.parse('{"model":"demo","messages":[{"role":"user","content":"x"}],"__proto__":{"a":1}}'),
    ],
  ])('sees %s', (_what, body: Record<string, unknown>) => {
    const known = [ask('x'), ask('x', { seed: 1 }), ask('x', { stop: ['a', 'b'] })].map((one) =>
      requestKey(one),
    );
    expect(known).not.toContain(requestKey(body));
  });
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-cassette-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header = { cassette: 1, model: 'demo', origin: 'authored', note: 'Written to demonstrate.' };
const key = requestKey(ask('x'));
const answer = {
  key,
  text: 'نعم',
  finish: 'stop',
  firstMs: 1,
  pieceMs: 0,
  promptTokens: 3,
  completionTokens: 2,
};
const fault = { key, faultStatus: 503, faultMessage: 'planted' };
const lines = (...all: readonly unknown[]): string => all.map((line) => `${JSON.stringify(line)}\n`).join('');

let written = 0;
function save(text: string): string {
  written += 1;
  const file = path.join(folder, `${written}.cassette.jsonl`);
  writeFileSync(file, text);
  return file;
}

/** What the person reads, the file's own path taken out. */
function complaint(file: string, read: (file: string) => unknown = readCassette): string {
  try {
    read(file);
  } catch (error) {
    expect(error).toBeInstanceOf(PersonError);
    return (error as PersonError).message.replaceAll(file, 'FILE');
  }
  return 'was read without complaint';
}

describe('a cassette', () => {
  it('gives its answers by key, those with one key in the order of the file', () => {
    const other = requestKey(ask('y'));
    const texts = ['لا', 'ไม่', 'नहीं', '아니요', '不', 'いいえ', 'Hapana', 'Hayır', 'অ\u2028না', 'አይ'];
    const file = save(lines(header, ...texts.map((text) => ({ ...answer, text })), { ...fault, key: other }));
    const cassette = readCassette(file);
    expect(cassette.header).toEqual(header);
    expect(readCassetteHeader(file)).toEqual(header);
    expect(cassette.entries.get(key)?.map((entry) => 'text' in entry && entry.text)).toEqual(texts);
    expect(cassette.entries.get(other)).toEqual([{ ...fault, key: other }]);
    expect(cassette.entries.size).toBe(2);
  });

  it('may lack its last line feed, have empty lines, Windows line ends or a byte order mark', () => {
    const plain = readCassette(save(lines(header, answer)));
    for (const text of [
      lines(header, answer).trimEnd(),
      `${lines(header)}\n\n${lines(answer)}\n`,
      lines(header, answer).replaceAll('\n', '\r\n') + '\r\n',
      `\u{FEFF}${lines(header, answer)}`,
    ]) {
      const file = save(text);
      expect(readCassette(file)).toEqual(plain);
      expect(readCassetteHeader(file)).toEqual(header);
    }
    expect(readCassetteHeader(save(JSON.stringify(header)))).toEqual(header);
    expect(readCassette(save(JSON.stringify(header))).entries.size).toBe(0);
  });

  it('says so when there is none, and when it cannot be read', () => {
    const nowhere = path.join(folder, 'nowhere.jsonl');
    expect(complaint(nowhere)).toBe(
      'there is no cassette FILE - check the path under replay: in the targets file',
    );
    expect(complaint(nowhere, readCassetteHeader)).toContain('there is no cassette FILE');
    expect(complaint(folder)).toBe('cannot read the cassette FILE: EISDIR');
  });

  it.each([
    [
      'an empty file',
      '',
      'FILE is empty: the first line of a cassette holds cassette, model, origin and note',
    ],
    [
      'white space alone',
      '\n \n',
      'FILE is empty: the first line of a cassette holds cassette, model, origin and note',
    ],
    ['prose', 'Bonjour\n', 'FILE:1:1 this line of the cassette is not JSON'],
    ['no header', lines(answer), 'FILE:1:1 the first line of a cassette needs "cassette"'],
    ['null', 'null\n', 'FILE:1:1 this line of the cassette is not a JSON object'],
    ['a list', '[1]\n', 'FILE:1:1 this line of the cassette is not a JSON object'],
    [
      'a later format',
      lines({ ...header, cassette: 2 }),
      'FILE:1:1 "cassette" is to be 1, the format known here',
    ],
    ['no model', lines({ ...header, model: '' }), 'FILE:1:1 "model" is to be a text that is not empty'],
    [
      'no note',
      lines({ cassette: 1, model: 'demo', origin: 'recorded' }),
      'FILE:1:1 the first line of a cassette needs "note"',
    ],
    [
      'an unknown origin',
      lines({ ...header, origin: 'dreamt' }),
      'FILE:1:1 "origin" is to be authored or recorded',
    ],
    [
      'no origin',
      lines({ ...header, origin: undefined }),
      'FILE:1:1 the first line of a cassette needs "origin"',
    ],
    [
      'a key too many',
      lines({ ...header, modle: 'x' }),
      'FILE:1:1 the first line of a cassette has no "modle"',
    ],
  ])('is refused with its place: %s at the head', (_what, text, expected) => {
    expect(complaint(save(text))).toContain(expected);
    expect(complaint(save(text), readCassetteHeader)).toContain(expected);
  });

  it.each([
    ['half a line', '{"key":"ab', 'this line of the cassette is not JSON'],
    ['null', 'null', 'this line of the cassette is not a JSON object'],
    ['a text', '"สวัสดี"', 'this line of the cassette is not a JSON object'],
    ['no key', { ...answer, key: undefined }, 'an answer of a cassette needs "key"'],
    ['a key that no request has', { ...answer, key: 'coffee' }, '"key" is to be 32 hexadecimal digits'],
    ['no text', { ...answer, text: undefined }, 'an answer of a cassette needs "text"'],
    ['a number as text', { ...answer, text: 7 }, '"text" is to be a text'],
    ['no finish', { ...answer, finish: null }, '"finish" is to be a text that is not empty'],
    ['a wait below zero', { ...answer, firstMs: -1 }, '"firstMs" is to be a number from 0 to 3600000'],
    ['a wait of days', { ...answer, pieceMs: 1e9 }, '"pieceMs" is to be a number from 0 to 3600000'],
    ['half a token', { ...answer, promptTokens: 0.5 }, '"promptTokens" is to be a whole number from 0 up'],
    [
      'tokens left out',
      { ...answer, completionTokens: undefined },
      'an answer of a cassette needs "completionTokens"',
    ],
    [
      'pieces that leave text over',
      { ...answer, pieces: [1, 1] },
      '"pieces" sum to 2, and "text" has 3 UTF-16 units',
    ],
    [
      'pieces beyond the text',
      { ...answer, pieces: [2, 2] },
      '"pieces" sum to 4, and "text" has 3 UTF-16 units',
    ],
    [
      'a piece below zero',
      { ...answer, pieces: [4, -1] },
      '"pieces" is to be a list of whole numbers from 0 up',
    ],
    ['a misspelled field', { ...answer, refusl: 'no' }, 'an answer of a cassette has no "refusl"'],
    ['a second header', header, 'an answer of a cassette'],
    [
      'a fault that is none',
      { ...fault, faultStatus: 200 },
      '"faultStatus" is to be 0 or a status from 300 to 599',
    ],
    ['a fault with a text', { ...fault, text: 'x' }, 'a fault of a cassette has no "text"'],
    ['a fault without words', { key, faultStatus: 503 }, 'a fault of a cassette needs "faultMessage"'],
  ])('is refused with its line: %s', (_what, line, expected) => {
    const bad = typeof line === 'string' ? line : JSON.stringify(line);
    const said = complaint(save(`${lines(header, answer)}\n${bad}\n${lines(fault)}`));
    expect(said).toContain(expected);
    expect(said).toMatch(/^FILE:4:1 /u);
  });

  it('takes pieces of whole graphemes in any script, and an empty answer of no pieces', () => {
    const texts = ['ก็ดี', 'क्षमा', '각', '한국어'.normalize('NFD'), '👩‍👩‍👧', 'سلامٌ', 'ኢትዮጵያ', ''];
    const entries = texts.map((text) => ({
      ...answer,
      text,
      pieces: [...new Intl.Segmenter('und').segment(text)].map((part) => part.segment.length),
    }));
    expect(readCassette(save(lines(header, ...entries))).entries.get(key)).toEqual(entries);
  });
});
