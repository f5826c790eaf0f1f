import { lateMs } from '../../../fixtures/test/cpu-time.ts';
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { getPage, isRefused, pageBytes, usualAccess } from './get-page.ts';

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
  const page = await getPage(url, 'text/plain', usualAccess, limitMs);
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
    expect(performance.now() - from).toBeLessThan(1500 + lateMs);
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

describe('a page over TLS', () => {
  const tls = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'tls');
  const cert = readFileSync(path.join(tls, 'selfsigned.cert.pem'), 'utf8');

  it('needs an authority: a trusted one, or one that is named', async () => {
    const started = createSecureServer(
      { cert, key: readFileSync(path.join(tls, 'selfsigned.key.pem')) },
      (_request, response) => response.end('x 1\n'),
    );
    server = started;
    await new Promise<void>((resolve) => {
      started.listen(0, '127.0.0.1', resolve);
    });
    const url = new URL(`https://127.0.0.1:${(started.address() as AddressInfo).port}/metrics`);
    expect(await why(url)).toMatch(/self-signed certificate/u);
    expect(await getPage(url, '*/*', { allowLinkLocal: false, ca: cert })).toEqual({ text: 'x 1\n' });
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

  it('may be asked where the target says so', () => {
    // Said of the address alone: no test sends anything there.
    for (const address of ['169.254.0.1', 'fe80::1', 'fd00:ec2::254'])
      expect(isRefused(address, { allowLinkLocal: true, ca: null })).toBe(false);
  });

  it('are refused after a name led to them, before a connection', async () => {
    // Were they not, the first address would be taken: a server of this test.
    const url = await serve((_request, response) => response.end('x 1\n'));
    url.hostname = 'localhost';
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _name: string,
      _options: unknown,
      done: (error: null, found: readonly { address: string; family: number }[]) => void,
    ) =>
      done(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ])) as never);
    expect(await why(url)).toMatch(/169\.254\.169\.254 is link-local, and refused/u);
  });
});
