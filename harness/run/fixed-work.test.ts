import { describe, expect, it } from 'vitest';
import type { Cell } from '../types.ts';
import { loadCell } from './fixed-work.ts';

const base: Cell = {
  key: 'k',
  suite: 's',
  test: 't',
  cluster: 't',
  language: 'th',
  variant: null,
  target: 'a',
  model: 'm',
  repeat: 1,
  messages: [
    { role: 'system', content: 'ตอบสั้น ๆ' },
    { role: 'user', content: 'สวัสดี' },
  ],
  request: {
    temperature: 0,
    max_completion_tokens: 9,
    response_format: { type: 'json_object' },
    tools: [],
    tool_choice: 'auto',
    stop: ['\n'],
    seed: 1,
  },
  checks: [],
  metadata: {},
  observe: false,
};
const question = { key: 'q', nonce: '0123456789abcdef', maxTokens: 128, repeat: 2 };

describe('a question of the speed phase', () => {
  it('stands behind its nonce, from the first character on', () => {
    const { messages } = loadCell(base, question, 'generic', 'yes');
    expect(messages.map(({ content }) => content)).toEqual(['0123456789abcdef\nตอบสั้น ๆ', 'สวัสดี']);
  });

  it('asks for one length and leaves out whatever would end the answer or hold it back', () => {
    expect(loadCell(base, question, 'generic', 'yes').request).toEqual({
      temperature: 0,
      seed: 1,
      max_tokens: 128,
      ignore_eos: true,
    });
  });

  it.each([
    ['vllm', 'yes', { ignore_eos: true, cache_salt: question.nonce }],
    ['llama.cpp', 'yes', { ignore_eos: true, cache_prompt: false }],
    ['generic', 'unknown', { ignore_eos: true }],
    ['ollama', 'no', {}],
    ['openai', 'no', {}],
  ] as const)('sends %s what it takes', (dialect, ability, fields) => {
    const { request } = loadCell(base, question, dialect, ability);
    expect(request).toEqual({ temperature: 0, seed: 1, max_tokens: 128, ...fields });
  });

  it('is never scored, and has the key of its own place in the load', () => {
    expect(loadCell(base, question, 'generic', 'yes')).toMatchObject({ key: 'q', repeat: 2, checks: [] });
  });
});
