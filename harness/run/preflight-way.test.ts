/** The look before a run, where the trouble lies on the way to the server: certificates, addresses, proxies. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { faultTarget } from '../../fixtures/servers/fault-bench.ts';
import {
  delta,
  head,
  json,
  sse,
  startFaultServer,
  streamOf,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import { formatProblem } from '../errors.ts';
import { preflight, type PreflightOptions, type PreflightResult } from './preflight.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function look(
  baseUrl: string,
  more: Partial<PreflightOptions> = {},
): Promise<PreflightResult & { lines: string[] }> {
  const target = { ...faultTarget, id: 'asked', model: 'm' };
  const options = { target, baseUrl, apiKey: null, userAgent: 'visavis/test', direct: true };
  const result = await preflight({ ...options, wait: () => Promise.resolve(), ...more });
  return { ...result, lines: result.problems.map(formatProblem) };
}

describe('the way there', () => {
  const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'tls');
  const cert = readFileSync(path.join(folder, 'selfsigned.cert.pem'), 'utf8');
  const tls = { key: readFileSync(path.join(folder, 'selfsigned.key.pem'), 'utf8'), cert };
  const answers = (line: Parameters<Script>[0]): unknown =>
    line.request.method === 'GET'
      ? json(200, { data: [{ id: 'm' }] })(line)
      : streamOf(sse(delta({ content: 'हाँ' }), delta({}, 'length'), '[DONE]'))(line);

  it('a certificate that nobody vouches for, and the file that mends it', async () => {
    const server = await startFaultServer((line) => void answers(line), { tls });
    closers.push(server.close);
    const { problems, lines } = await look(server.baseUrl);
    expect(problems).toMatchObject([{ severity: 'error', code: 'tls' }]);
    expect(lines[0]).toMatch(
      /self-signed.* - the certificate is not trusted: name the file of its authority in caFile$/u,
    );
    const mended = await look(server.baseUrl, { ca: cert });
    expect(mended.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(mended.facts).toMatchObject({ models: ['m'], streams: true });
  });

  it.each(['http://169.254.169.254/v1', 'http://[fe80::1]/v1', 'http://[::ffff:a9fe:a9fe]:8000/v1'])(
    'an address that no target has: %s',
    async (baseUrl) => {
      const { facts, problems, lines } = await look(baseUrl);
      expect(facts).toBeNull();
      expect(problems).toMatchObject([{ severity: 'error', code: 'link-local' }]);
      expect(lines[0]).toMatch(/is a link-local or metadata address - .*allowLinkLocal: true/u);
    },
  );

  it.each([
    ['that wants a password', 407, 'proxy-auth', / - put user and password into HTTPS_PROXY/u],
    ['that answers with 502', 502, 'proxy-error', /status 502 - is HTTP_PROXY or HTTPS_PROXY right\?/u],
    ['that is not there', null, 'proxy-error', /the proxy cannot be reached.* - is HTTP_PROXY/u],
  ] as const)('a proxy %s', async (_what, status, code, wanted) => {
    const proxy = await startFaultServer(({ write }) => write(head(status ?? 200, { 'content-length': 0 })));
    if (status === null) await proxy.close();
    else closers.push(proxy.close);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    const { problems, lines } = await look('http://model.test:8000/v1', { direct: false });
    expect(problems).toMatchObject([{ severity: 'error', code }]);
    expect(lines[0]).toMatch(wanted);
  });
});
