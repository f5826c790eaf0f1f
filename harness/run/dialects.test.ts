import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../types.ts';
import {
  dialectNamed,
  dialectOfHost,
  dialects,
  droppedBy,
  limitFieldAfter,
  lookUp,
  requestFor,
  streamOptionsFor,
} from './dialects.ts';

describe('the request as a dialect takes it', () => {
  it.each([
    ['vllm', 'max_tokens'],
    ['llama.cpp', 'max_tokens'],
    ['ollama', 'max_tokens'],
    ['sglang', 'max_tokens'],
    ['tgi', 'max_tokens'],
    ['lmstudio', 'max_tokens'],
    ['generic', 'max_tokens'],
    ['openai', 'max_completion_tokens'],
  ] as const)('sends %s the limit as %s, whichever name the suite used', (name, field) => {
    expect(requestFor(name, { max_tokens: 9 })).toEqual({ [field]: 9 });
    expect(requestFor(name, { max_completion_tokens: 9 })).toEqual({ [field]: 9 });
    expect(requestFor(name, { max_tokens: null, max_completion_tokens: 9 })).toEqual({ [field]: 9 });
    expect(requestFor(name, { temperature: 0 })).toEqual({ temperature: 0 });
  });

  it('never sends both limits, whatever was written and learned', () => {
    const limit = fc.option(fc.integer({ min: 1, max: 4096 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom(...dialects.map((row) => row.name)),
        limit,
        limit,
        fc.constantFrom('max_tokens', 'max_completion_tokens', null),
        (name, first, second, learned) => {
          const request: JsonObject = {
            ...(first === undefined ? {} : { max_tokens: first }),
            temperature: 0,
            ...(second === undefined ? {} : { max_completion_tokens: second }),
          };
          const sent = requestFor(name, request, { limitField: learned });
          const limits = Object.keys(sent).filter((key) => key.startsWith('max_'));
          expect(limits).toEqual(
            first === undefined && second === undefined ? [] : [learned ?? dialectNamed(name).limitField],
          );
          expect([first, second]).toContain(sent[limits[0] ?? 'none']);
          expect(sent['temperature']).toBe(0);
        },
      ),
    );
  });

  it('takes the limit that was written under the name that is sent', () => {
    const both = { max_tokens: 1, max_completion_tokens: 2 };
    expect(requestFor('vllm', both)).toEqual({ max_tokens: 1 });
    expect(requestFor('openai', both)).toEqual({ max_completion_tokens: 2 });
    expect(requestFor('vllm', both, { limitField: 'max_completion_tokens' })).toEqual({
      max_completion_tokens: 2,
    });
  });

  it.each([
    ['vllm', { ignore_eos: true, min_tokens: 4 }, []],
    ['sglang', { ignore_eos: true, min_tokens: 4 }, []],
    ['llama.cpp', { ignore_eos: true }, ['min_tokens']],
    ['ollama', {}, ['ignore_eos', 'min_tokens']],
    ['tgi', {}, ['ignore_eos', 'min_tokens']],
    ['lmstudio', {}, ['ignore_eos', 'min_tokens']],
    ['openai', {}, ['ignore_eos', 'min_tokens']],
    // Somebody wrote them, and nobody knows better.
    ['generic', { ignore_eos: true, min_tokens: 4 }, []],
  ] as const)('gives %s the extension fields it takes', (name, sent, dropped) => {
    const written = { ignore_eos: true, min_tokens: 4 };
    expect(requestFor(name, written)).toEqual(sent);
    expect(droppedBy(name, written)).toEqual(dropped);
  });

  it('believes what was learned of a server more than its dialect', () => {
    expect(requestFor('vllm', { ignore_eos: true }, { ignoreEos: false })).toEqual({});
    expect(requestFor('ollama', { ignore_eos: true }, { ignoreEos: true })).toEqual({ ignore_eos: true });
    expect(requestFor('vllm', { ignore_eos: true }, { ignoreEos: null })).toEqual({ ignore_eos: true });
  });

  it('sends TGI a list where one stop text was written', () => {
    expect(requestFor('tgi', { stop: '။' })).toEqual({ stop: ['။'] });
    expect(requestFor('tgi', { stop: ['。', '؟'] })).toEqual({ stop: ['。', '؟'] });
    expect(requestFor('vllm', { stop: '।' })).toEqual({ stop: '।' });
  });

  it('leaves everything else as it was written, in its order, and the original alone', () => {
    const written = { top_p: 1, max_completion_tokens: 3, seed: 7, response_format: { type: 'json_object' } };
    const before = structuredClone(written);
    expect(Object.keys(requestFor('vllm', written))).toEqual([
      'top_p',
      'max_tokens',
      'seed',
      'response_format',
    ]);
    expect(written).toEqual(before);
    expect(requestFor('vllm', { top_p: 1, max_tokens: 2 })).not.toHaveProperty('limit');
  });

  it('asks OpenAI for chunks without padding, and only whom it may for usage in every event', () => {
    expect(streamOptionsFor('openai')).toEqual({ include_usage: true, include_obfuscation: false });
    expect(streamOptionsFor('ollama')).toEqual({ include_usage: true });
    expect(streamOptionsFor('vllm', true)).toEqual({ include_usage: true, continuous_usage_stats: true });
  });
});

describe('another limit field', () => {
  it.each([
    [
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_completion_tokens',
    ],
    [422, 'body.max_tokens: Extra inputs are not permitted', 'max_completion_tokens'],
    [400, 'Unrecognized request argument supplied: max_tokens', 'max_completion_tokens'],
    // About the number, not the name.
    [400, "'max_tokens' or 'input' is too large: 5000. The model's context length is 4096", null],
    [400, 'max_tokens must be at least 1, got 0', null],
    [400, 'Could not finish the message because max_tokens was reached. Use a higher max_tokens', null],
    [400, 'Unsupported parameter: temperature', null],
    [400, 'Unsupported parameter: max_tokens_per_call', null],
    [500, "'max_tokens' is not supported", null],
    [null, "'max_tokens' is not supported", null],
  ] as const)('after %s "%s": %s', (http, message, expected) => {
    expect(limitFieldAfter(http, message, 'max_tokens')).toBe(expected);
  });

  it('goes back where the newer name is not known', () => {
    expect(limitFieldAfter(400, 'unknown field: max_completion_tokens', 'max_completion_tokens')).toBe(
      'max_tokens',
    );
  });
});

describe('the rows', () => {
  it('have one name each, the plain one last', () => {
    const names = dialects.map((row) => row.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.at(-1)).toBe('generic');
    expect(dialectNamed('no such').name).toBe('generic');
  });

  it('give the newer limit name to nobody but OpenAI', () => {
    expect(dialects.filter((row) => row.limitField !== 'max_tokens').map((row) => row.name)).toEqual([
      'openai',
    ]);
    expect(dialectOfHost('API.openai.com')?.name).toBe('openai');
    expect(dialectOfHost('api.openai.com.example.org')).toBeNull();
  });
});

describe('looking into a page from outside', () => {
  it.each([
    ['llama3', 8],
    ['llama3:latest', 8],
    ['qwen', 16],
    ['llama', undefined],
  ])('finds the entry of %s', (model, expected) => {
    const page = {
      models: [
        { name: 'qwen', context_length: 16 },
        { model: 'llama3:latest', context_length: 8 },
      ],
    };
    expect(lookUp(page, ['models', '*', 'context_length'], model)).toBe(expected);
  });

  it('takes the only entry, whatever its name', () => {
    expect(lookUp({ data: [{ id: '/models/x', n: 3 }] }, ['data', '*', 'n'], 'x')).toBe(3);
    expect(lookUp({ data: [] }, ['data', '*', 'n'], 'x')).toBeUndefined();
    expect(lookUp({ data: 'text' }, ['data', '*', 'n'], 'x')).toBeUndefined();
  });

  it('sees no inherited keys', () => {
    for (const key of ['constructor', '__proto__', 'toString']) expect(lookUp({}, [key], '')).toBeUndefined();
    expect(lookUp(null, ['a'], '')).toBeUndefined();
    expect(lookUp('text', ['length'], '')).toBeUndefined();
  });
});
