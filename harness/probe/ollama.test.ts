import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ollamaProbe, readLoaded } from './ollama.ts';
import { usualAccess } from './server/get-page.ts';

const entry = {
  name: 'qwen2.5:7b',
  model: 'qwen2.5:7b',
  size: 6_654_289_920,
  digest: 'abc',
  details: { family: 'qwen2', quantization_level: 'Q4_K_M' },
  expires_at: '2026-09-27T03:01:02.123456Z',
  size_vram: 5_654_289_920,
  context_length: 8192,
};
const ps = (...models: unknown[]) => JSON.stringify({ models });

describe('the page of loaded models', () => {
  it('tells size, the part on the device, context and when it is dropped', () => {
    expect(readLoaded(ps({ ...entry, name: 'other:1b', model: 'other:1b' }, entry), 'qwen2.5:7b')).toEqual({
      status: 'read',
      flags: [],
      basis: 'api-ps',
      bytes: 6_654_289_920,
      vramBytes: 5_654_289_920,
      contextTokens: 8192,
      expiresAt: '2026-09-27T03:01:02.123456Z',
    });
  });

  it.each([
    ['llama3', 'llama3:latest'],
    ['llama3:latest', 'llama3'],
    ['hf.co/x/y:Q4', 'hf.co/x/y:Q4'],
    ['registry:5000/y', 'registry:5000/y:latest'],
  ])('knows %s as %s: without a tag a name means the latest', (asked, listed) => {
    expect(readLoaded(ps({ ...entry, name: listed, model: listed }), asked).status).toBe('read');
  });

  it('is unavailable, not zero, when the model is not loaded or was dropped', () => {
    expect(readLoaded(ps(), 'qwen2.5:7b')).toEqual({
      status: 'unavailable',
      why: 'qwen2.5:7b is not loaded',
    });
    expect(readLoaded(ps({ ...entry, size: 'large' }), 'qwen2.5:7b').status).toBe('unavailable');
  });

  it.each(['', '<html>', '[]', '{"models":3}', 'null', '{"models":[null,3]}'])('is none: %j', (text) => {
    expect(readLoaded(text, 'm').status).toBe('unavailable');
  });
});

it('is asked for under the address of the server', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(ps(entry));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const written of [url, `${url}/`, `${url}/api/ps`]) {
      const probe = ollamaProbe(new Map([['t', { url: written, model: 'qwen2.5:7b', access: usualAccess }]]));
      expect(await probe.read('t', 'idle')).toMatchObject({ status: 'read' });
    }
    expect(new Set(asked)).toEqual(new Set(['/api/ps']));
    const other = ollamaProbe(new Map([['t', { url, model: 'gone', access: usualAccess }]]));
    expect(await other.read('t', 'after')).toEqual({
      status: 'unavailable',
      why: `${url}/api/ps: gone is not loaded`,
    });
  } finally {
    server.close();
  }
});
