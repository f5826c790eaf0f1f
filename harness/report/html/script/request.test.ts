import { execFileSync } from 'node:child_process';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { hostile } from '../../../../fixtures/report/synthetic-report.ts';
import { requestScript } from './request.ts';

interface PageTarget {
  readonly endpoint: string;
  readonly model: string;
  readonly apiKeyEnv: string | null;
}

const curl = vm.runInNewContext(
  `${requestScript}\n(target, question, request, strings) => curlOf(target, bodyOf(target, question, request, strings))`,
) as (target: PageTarget, question: object, request: object, strings: readonly string[]) => string;

const target: PageTarget = { endpoint: 'http://127.0.0.1:8000/v1', model: 'm', apiKeyEnv: 'BETA_API_KEY' };
const one = (text: string, more: Partial<PageTarget> = {}, request: object = {}): string =>
  curl({ ...target, ...more }, { m: [['user', 0]] }, request, [text]);

/** The words a shell makes of the command, with a curl that only tells what it was given. */
function wordsOf(command: string, env: Readonly<Record<string, string>> = {}): string[] {
  const told = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const options = { env: { ...env }, encoding: 'utf8' } as const;
  return execFileSync('/bin/sh', ['-c', told], options).split('\0').slice(0, -1);
}

const texts = [
  ...hostile,
  "it's $(touch /tmp/x) `id` $HOME \\ \"quoted\" !! ''",
  'ขอกาแฟสองแก้ว',
  'قهوتان إلى نيروبي',
  '请送两杯咖啡',
  'İki kahve',
];

describe('copy as curl', () => {
  it('says to a shell exactly what was asked, whatever was asked', () => {
    const commands = texts.map((text) => one(text, {}, { temperature: 0 }));
    const words = wordsOf(commands.join('\n'), { BETA_API_KEY: 'k' });
    expect(words).toHaveLength(7 * texts.length);
    for (const [at, text] of texts.entries()) {
      const [address, , , , key, flag, body] = words.slice(7 * at, 7 * at + 7);
      expect([address, key, flag]).toEqual([
        'http://127.0.0.1:8000/v1/chat/completions',
        'Authorization: Bearer k',
        '--data-raw',
      ]);
      const messages = [{ role: 'user', content: text }];
      expect(JSON.parse(body ?? '')).toEqual({ model: 'm', messages, temperature: 0 });
    }
  });

  it('moves no cursor and hides nothing on the terminal it is pasted into', () => {
    for (const text of texts)
      expect(one(text)).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u,
      );
  });

  it('names the variable of the key, and only a name that is one', () => {
    expect(one('x')).toContain('Bearer $BETA_API_KEY"');
    expect(one('x', { apiKeyEnv: null })).not.toContain('Bearer');
    for (const name of ['A"; rm -rf ~; "', '$(id)', '1A', 'A B', ''])
      expect(one('x', { apiKeyEnv: name })).not.toContain('Bearer');
  });

  it('leaves the address to the reader where a replay answered', () => {
    expect(wordsOf(one('x', { endpoint: 'replay' }), { BASE_URL: 'http://h/v1' })[0]).toBe(
      'http://h/v1/chat/completions',
    );
  });

  it('quotes an address that would end its word', () => {
    const address = "http://h/v1'; id; '";
    expect(wordsOf(one('x', { endpoint: address }))[0]).toBe(`${address}/chat/completions`);
  });
});
