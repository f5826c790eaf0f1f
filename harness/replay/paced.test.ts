import { describe, expect, it } from 'vitest';
import type { Cassette } from './cassette.ts';
import { loadAnswer } from './load-answer.ts';
import { offsetsIn, servePaced } from './paced.ts';

describe('a paced server', () => {
  it('says in each token when it was sent, and sends as many as asked for', async () => {
    const served = await servePaced({ firstMs: 20, tokensPerSecond: 200 }, 0);
    try {
      const response = await fetch(`${served.baseUrl}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'paced', max_tokens: 5, stream: true }),
      });
      const text = await response.text();
      const events = text
        .split('\n\n')
        .filter((line) => line.startsWith('data: {'))
        .map(
          (line) =>
            JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[]; usage?: object },
        );
      const offsets = offsetsIn(events.map((event) => event.choices[0]?.delta.content ?? '').join(''));
      expect(offsets).toHaveLength(5);
      for (const [at, offset] of offsets.entries()) expect(offset).toBeGreaterThanOrEqual(20 + 5 * at - 3);
      expect(events.at(-1)?.usage).toMatchObject({ completion_tokens: 5 });
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    } finally {
      await served.close();
    }
  });
});

describe('the embedded endpoint under load', () => {
  const entry = {
    key: '0'.repeat(32),
    text: 'สวัสดีชาวโลก',
    finish: 'stop',
    pieces: [6, 6],
    firstMs: 3,
    pieceMs: 1,
    promptTokens: 4,
    completionTokens: 2,
  };
  const fault = { key: '1'.repeat(32), faultStatus: 500, faultMessage: 'planted' };
  const cassette: Cassette = {
    header: { cassette: 1, model: 'm', origin: 'authored', note: 'n' },
    entries: new Map([
      [entry.key, [entry]],
      [fault.key, [fault]],
    ]),
  };
  const messages = [{ role: 'user', content: '0123456789abcdef\nสวัสดี' }];

  it('sends as many tokens as asked for, from answers it has', () => {
    expect(loadAnswer(cassette, { messages, max_tokens: 5, ignore_eos: true })).toMatchObject({
      text: 'สวัสดีชาวโลกสวัสดีชาวโลกสวัสดี',
      pieces: [6, 6, 6, 6, 6],
      completionTokens: 5,
      finish: 'length',
      firstMs: 3,
    });
  });

  it('leaves any other request to the cassette', () => {
    expect(loadAnswer(cassette, { messages, max_tokens: 5 })).toBeNull();
    expect(loadAnswer(cassette, { messages, ignore_eos: true })).toBeNull();
    expect(loadAnswer(cassette, { messages, max_tokens: 0, ignore_eos: true })).toBeNull();
  });
});
