import dns from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { getPage, isRefused, pageBytes } from './get-page.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serve(listener: RequestListener): Promise<URL> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  return new URL(`http://127.0.0.1:${(started.address() as AddressInfo).port}/metrics?model=secret`);
}

const why = async (url: URL, limitMs?: number): Promise<string> => {
  const page = await getPage(url, 'text/plain', limitMs);
  return 'why' in page ? page.why : 'a page';
};

describe('a page of figures', () => {
  it('is asked for by GET, with its query, and without a key', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.method, request.url, request.headers.accept, request.headers.authorization);
      response.end('x 1\n');
    });
    expect(await getPage(url, 'text/plain;version=0.0.4')).toEqual({ text: 'x 1\n' });
    expect(seen).toEqual(['GET', '/metrics?model=secret', 'text/plain;version=0.0.4', undefined]);
  });

  it('keeps characters whole that lie across two parts', async () => {
    const bytes = Buffer.from('ไทย');
    const url = await serve((_request, response) => {
      response.write(bytes.subarray(0, 4));
      setTimeout(() => response.end(bytes.subarray(4)), 30);
    });
    expect(await getPage(url, '*/*')).toEqual({ text: 'ไทย' });
  });

  it('is refused when it redirects, wherever to', async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: '/other' }).end();
    });
    expect(await why(url)).toMatch(/a redirect \(302\)/u);
    expect(calls).toBe(1);
  });

  it.each([404, 500, 204])('is none with status %i', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await why(url)).toMatch(new RegExp(`HTTP ${status}$`, 'u'));
  });

  it('ends at four MiB', async () => {
    const url = await serve((_request, response) => {
      response.write(Buffer.alloc(pageBytes));
      response.end('and more');
    });
    expect(await why(url)).toMatch(/larger than 4 MiB/u);
    const fits = await serve((_request, response) => response.end(Buffer.alloc(pageBytes, 'x')));
    expect(await why(fits)).toBe('a page');
  });

  it('is not waited for longer than its limit, also when it drips', async () => {
    const url = await serve((_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(drip));
    });
    const from = performance.now();
    expect(await why(url, 200)).toMatch(/0\.2 s|cut off|aborted/u);
    expect(performance.now() - from).toBeLessThan(1500);
  });

  it('is none when it breaks off', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x 1\n');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await why(url)).toMatch(/aborted|cut off|hang up/u);
  });

  it('says that nobody listens, without the query', async () => {
    const url = await serve(() => {});
    server?.close();
    server = null;
    const said = await why(url);
    expect(said).toMatch(/nothing listens there/u);
    expect(said).not.toContain('secret');
  });
});

describe('addresses of the link', () => {
  it.each([
    ['169.254.169.254', true],
    ['169.254.0.1', true],
    ['::ffff:169.254.169.254', true],
    ['fe80::1', true],
    ['febf::1', true],
    ['fd00:ec2::254', true],
    ['127.0.0.1', false],
    ['10.0.0.5', false],
    ['::1', false],
    ['fd00::1', false],
    ['169.253.0.1', false],
    ['localhost', false],
  ])('%s is refused: %s', (address, refused) => {
    expect(isRefused(address)).toBe(refused);
  });

  it.each(['http://169.254.169.254/metrics', 'http://[fe80::1]/metrics', 'http://2852039166/latest'])(
    'are refused as written: %s',
    async (url) => {
      expect(await why(new URL(url))).toMatch(/link-local, and refused/u);
    },
  );

  it('are refused after a name led to them, before a connection', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _name: string,
      _options: unknown,
      done: (error: null, found: readonly { address: string; family: number }[]) => void,
    ) =>
      done(null, [
        { address: '10.1.1.1', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ])) as never);
    expect(await why(new URL('http://metadata.example/metrics'))).toMatch(
      /169\.254\.169\.254 is link-local, and refused/u,
    );
  });
});
