import { describe, expect, it } from 'vitest';
import { faultCell } from '../../fixtures/servers/fault-bench.ts';
import type { Sample } from '../types.ts';
import { maskKeys } from './key-shapes.ts';
import { redactor, redactRecord, redactSample } from './redact.ts';

const key = 'pL9/mR2+wZ5"cY8\\bH4=kQ7-vN3_xT6';
const redact = redactor([key]);

function sampleOf(outcome: Sample['outcome'], more: Partial<Sample> = {}): Sample {
  const { key: cell, suite, test } = faultCell('a');
  return {
    v: 1,
    cell,
    suite,
    test,
    flags: ['no-usage'],
    modelEcho: 'm',
    outcome,
    ...more,
  } as unknown as Sample;
}
const answered = (text: string): Sample['outcome'] =>
  ({ kind: 'answered', text, finish: 'stop', refusal: null, toolCalls: [] }) as unknown as Sample['outcome'];
const failed = (message: string, partial = ''): Sample['outcome'] =>
  ({
    kind: 'failed',
    partial,
    failure: { status: 'http-error', code: 'auth', message, http: 401, remedy: 'abort', retryAfterMs: null },
  }) as Sample['outcome'];

describe('a secret', () => {
  it.each([
    ['as it is', key],
    ['in an address', encodeURIComponent(key)],
    [
      'in an address, in small letters',
      encodeURIComponent(key).replaceAll(/%../gu, (code) => code.toLowerCase()),
    ],
    ['in JSON', JSON.stringify(key)],
    ['in JSON, strokes too', JSON.stringify(key).replaceAll('/', String.raw`\/`)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(key))],
    ['in base64', Buffer.from(key).toString('base64')],
    ['in base64 for addresses', Buffer.from(key).toString('base64url')],
    ['in base64 behind a user', Buffer.from(`usuario:${key}`).toString('base64')],
    ...Array.from({ length: key.length - 11 }, (_, at): [string, string] => [
      `from letter ${at} on, twelve`,
      key.slice(at, at + 12),
    ]),
  ])('goes out of a text in any script: %s', (_, form) => {
    for (const text of [
      form,
      `Schlüssel ${form} ende`,
      `密钥${form}です`,
      `مفتاح${form}ไทย`,
      `कुंजी ${form}`,
      `anahtar:${form};`,
      `키${form}`,
      `ufunguo ${form}.`,
    ]) {
      const clean = redact(text);
      expect(clean).toContain('[secret]');
      for (let at = 0; at + 12 <= form.length; at += 1) expect(clean).not.toContain(form.slice(at, at + 12));
    }
  });

  it('goes out of names of fields too, at any depth, and leaves the rest', () => {
    const record = { a: [{ [key]: 1, b: 'x' }], n: 2 };
    expect(redactRecord(record, redact)).toEqual({ a: [{ '[secret]': 1, b: 'x' }], n: 2 });
  });

  it('leaves eleven letters of it, which may be anybody’s', () => {
    expect(redact(key.slice(0, 11))).toBe(key.slice(0, 11));
  });
});

describe('a sample', () => {
  it('says that something was cut out of it, wherever it stood', () => {
    for (const sample of [
      sampleOf(answered(`ja: ${key}`)),
      sampleOf(answered('ja'), { modelEcho: key }),
      sampleOf(failed(`wrong key ${key}`)),
      sampleOf(failed('cut', key)),
    ]) {
      const clean = redactSample(sample, redact);
      expect(JSON.stringify(clean)).not.toContain(key.slice(0, 5));
      expect(clean.flags).toEqual(['no-usage', 'redacted']);
    }
  });

  it('is left as it is without one', () => {
    const sample = sampleOf(answered('はい'));
    expect(redactSample(sample, redact)).toBe(sample);
  });

  it('may be about keys: an answer keeps what looks like one, an error does not', () => {
    const other = 'sk-proj-0123456789abcdefghij';
    const answer = sampleOf(answered(`A key looks like ${other}`));
    expect(redactSample(answer, redact)).toBe(answer);
    const error = redactSample(
      sampleOf(failed(`Incorrect API key provided: ${other}`, `cut off: ${other}`)),
      redact,
    );
    expect(error.outcome).toMatchObject({
      partial: `cut off: ${other}`,
      failure: { message: 'Incorrect API key provided: [secret]' },
    });
    expect(error.flags).toContain('redacted');
  });
});

describe('what looks like a key', () => {
  it.each([
    ['sk-abcdefghijklmnop0123', '[secret]'],
    ['"sk-ant-api03-abc_def-0123456789"', '"[secret]"'],
    ['hf_abcdefghijklmnop0123', '[secret]'],
    ['ghp_abcdefghijklmnop0123456789', '[secret]'],
    ['AKIAIOSFODNN7EXAMPLE', '[secret]'],
    [`AIza${'a1_'.repeat(12)}`, '[secret]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '[secret]'],
    ['Authorization: Bearer abcdefghijklmnop0123==', 'Authorization: Bearer [secret]'],
    ['basic dXNlcjpwYXNzd29yZDEyMw==', 'basic [secret]'],
    ['http://user:pa55@proxy.example:3128/', 'http://[secret]@proxy.example:3128/'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nrest', '[secret]\nrest'],
    ['ключ=sk-abcdefghijklmnop0123。', 'ключ=[secret]。'],
  ])('goes: %s', (text, clean) => expect(maskKeys(text)).toBe(clean));

  it.each([
    'model sk-learn is not known',
    'task-abcdefghijklmnop0123',
    'Bearer authentication is needed',
    'http://127.0.0.1:8000/v1',
    'maximum context length is 4096 tokens',
    'มีคำขอมากเกินไป โปรดลองอีกครั้ง',
    '上下文长度超过限制',
    'طول السياق يتجاوز الحد',
  ])('stays: %s', (text) => expect(maskKeys(text)).toBe(text));
});
