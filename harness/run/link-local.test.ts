/** Where no target is: judged on the address, whatever the name was. */
import dns from 'node:dns';
import { rootCertificates } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { faultAsker, faultCell, faultContext, faultTarget } from '../../fixtures/servers/fault-bench.ts';
import { delta, sse, startFaultServer, streamOf } from '../../fixtures/servers/fault-server.ts';
import type { Sample } from '../types.ts';
import { lookupFor, refusalOf, trusted } from './connect.ts';
import { openPages } from './get-json.ts';
import { isLinkLocal } from './link-local.ts';

const good = streamOf(sse(delta({ content: 'はい' }), delta({}, 'stop'), '[DONE]'));
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Every name resolves to these. */
function resolvesTo(...addresses: readonly string[]): void {
  vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, options: dns.LookupOptions, done: unknown) => {
    const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const tell = done as (error: null, found: unknown, family?: number) => void;
    process.nextTick(() => {
      if (options.all === true) tell(null, all);
      else tell(null, all[0]?.address, all[0]?.family);
    });
  }) as unknown as typeof dns.lookup);
}

async function ask(baseUrl: string, changes: Parameters<typeof faultAsker>[1] = {}): Promise<Sample> {
  const asker = faultAsker(baseUrl, changes);
  closers.push(asker.close);
  return asker.ask(faultCell('a'), faultContext());
}

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.0',
    '169.254.255.255',
    'fe80::1',
    'fe80::1%eth0',
    '[fe80::1]',
    'febf:ffff::1',
    'fd00:ec2::254',
    'FD00:EC2:0:0:0:0:0:254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '[::ffff:a9fe:a9fe]',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
  ])('%s is refused', (address) => {
    expect(isLinkLocal(address)).toBe(true);
    expect(refusalOf(address, { ca: null, allowLinkLocal: false })?.code).toBe('LINK_LOCAL');
    expect(refusalOf(address, { ca: null, allowLinkLocal: true })).toBeNull();
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '::1',
    'fec0::1',
    'fd00:ec2::253',
    'fd00:ec3::254',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    'localhost',
    '169.254.169.254.nip.test',
    'fe80.test',
    '',
  ])('%s is not', (address) => {
    expect(isLinkLocal(address)).toBe(false);
  });
});

describe('a target', () => {
  it.each([
    'http://169.254.169.254/v1',
    'http://0xA9FEA9FE/v1',
    'http://2852039166/v1',
    'http://0251.0376.0251.0376/v1',
    'http://169.254.43518/v1',
    'https://[fd00:ec2::254]/v1',
    'http://[::ffff:169.254.169.254]:80/v1',
    'http://１６９.２５４.１６９.２５４/v1',
  ])('at %s gets no connection', async (baseUrl) => {
    const { outcome } = await ask(baseUrl, { apiKey: 'sk-canary-0123456789' });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { status: 'connect-failed', code: 'link-local', remedy: 'abort' },
    });
    expect(outcome.kind === 'failed' ? outcome.failure.message : '').toMatch(/allowLinkLocal: true/u);
  });

  // The guard of the tests lets names through that begin with localhost.
  it.each([
    ['http', '169.254.169.254'],
    ['https', '169.254.169.254'],
    ['http', 'fe80::1'],
    ['http', '::ffff:169.254.169.254'],
  ])('whose name leads by %s to %s gets none either', async (scheme, address) => {
    resolvesTo(address);
    const { outcome } = await ask(`${scheme}://localhost.metadata.test/v1`);
    expect(outcome).toMatchObject({ failure: { code: 'link-local', remedy: 'abort' } });
    expect(outcome.kind === 'failed' ? outcome.failure.message : '').toContain(
      `localhost.metadata.test is refused: ${address} is a link-local or metadata address`,
    );
  });

  it('is judged at each connection: a name that was honest may turn', async () => {
    const server = await startFaultServer((line) => {
      void good(line);
      line.fin();
    });
    closers.push(server.close);
    resolvesTo('127.0.0.1');
    const asker = faultAsker(`http://localhost.rebind.test:${server.port}/v1`);
    closers.push(asker.close);
    expect((await asker.ask(faultCell('a'), faultContext())).status).toBe('ok');
    await server.deserted();
    resolvesTo('169.254.169.254');
    const turned = await asker.ask(faultCell('b'), faultContext());
    expect(turned.outcome).toMatchObject({ failure: { code: 'link-local' } });
    expect(server.requests).toHaveLength(1);
  });

  it('with an address of the link beside another is asked at the other', async () => {
    const server = await startFaultServer(good);
    closers.push(server.close);
    resolvesTo('fe80::1', '127.0.0.1');
    expect((await ask(`http://localhost.mdns.test:${server.port}/v1`)).status).toBe('ok');
  });

  it('that says so may be there', async () => {
    resolvesTo('169.254.1.2');
    const found = await new Promise((resolve) => {
      lookupFor({ ca: null, allowLinkLocal: true })('x.test', { all: true }, (_error, all) => resolve(all));
    });
    expect(found).toEqual([{ address: '169.254.1.2', family: 4 }]);
    const target = { ...faultTarget, allowLinkLocal: true };
    const { outcome } = await ask('http://169.254.1.2/v1', { target });
    // The guard of the tests ends it: it went as far as a socket.
    expect(outcome.kind === 'failed' ? outcome.failure.code : '').not.toBe('link-local');
  });

  it('gets no connection by way of a proxy', async () => {
    const proxy = await startFaultServer(good);
    closers.push(proxy.close);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    const { outcome } = await ask('http://169.254.169.254/v1', { direct: false });
    expect(outcome).toMatchObject({ failure: { code: 'link-local' } });
    expect(proxy.connections()).toBe(0);
  });
});

it('an authority of its own stands beside the usual ones, not in their place', () => {
  expect(trusted({ ca: null, allowLinkLocal: false })).toEqual({});
  const { ca = [] } = trusted({ ca: 'own', allowLinkLocal: false });
  expect(ca.at(-1)).toBe('own');
  expect(ca.slice(0, -1)).toEqual(rootCertificates);
  expect(rootCertificates.length).toBeGreaterThan(50);
});

it('pages beside the API are under the same rule', async () => {
  const pages = openPages({
    authorization: 'Bearer x',
    origin: 'http://169.254.169.254',
    userAgent: 'visavis/test',
    direct: true,
    now: () => 0,
  });
  closers.push(pages.close);
  expect((await pages.get('http://169.254.169.254/latest/meta-data')).failure?.code).toBe('link-local');
  resolvesTo('169.254.169.254');
  expect((await pages.get('http://localhost.metadata.test/v1/models')).failure?.code).toBe('link-local');
});
