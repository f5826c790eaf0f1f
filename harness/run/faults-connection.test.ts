/** Rows of the catalogue of faults that need more than a script: names, addresses, certificates, proxies, sockets. */
import { lateMs } from '../../fixtures/test/cpu-time.ts';
import { readFileSync } from 'node:fs';
import { createServer, Socket, type AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import {
  faultAsker,
  faultCell,
  faultContext,
  faultTarget,
  FaultTable,
  misses,
} from '../../fixtures/servers/fault-bench.ts';
import type { FaultRow } from '../../fixtures/servers/fault-row.ts';
import {
  delta,
  head,
  json,
  lastChunk,
  sse,
  startFaultServer,
  streamHead,
  streamOf,
  type FaultServer,
  type FaultServerOptions,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import type { Sample } from '../types.ts';
import type { Asker } from './ask.ts';
import { fromSocket } from './failure.ts';

const text = '你好';
const good = streamOf(sse(delta({ content: text }), delta({}, 'stop'), '[DONE]'));
const oneByOne = { ...faultTarget, concurrency: 1 };
const table = new FaultTable();
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
afterAll(() => table.print());

async function serve(script: Script, options: FaultServerOptions = {}): Promise<FaultServer> {
  const server = await startFaultServer(script, options);
  closers.push(server.close);
  return server;
}

function asker(baseUrl: string, changes: Parameters<typeof faultAsker>[1] = {}): Asker {
  const made = faultAsker(baseUrl, changes);
  closers.push(made.close);
  return made;
}

/** Asks once and holds the sample against the row. */
async function ask(
  row: FaultRow,
  baseUrl: string,
  changes: Parameters<typeof faultAsker>[1] = {},
): Promise<Sample> {
  const one = asker(baseUrl, changes);
  const started = performance.now();
  const sample = await one.ask(faultCell('bad', row.request), faultContext());
  judge(row, sample, performance.now() - started);
  return sample;
}

function judge(row: FaultRow, sample: Sample, tookMs = 0): void {
  const wrong = misses(row, sample, tookMs);
  table.note(row, 'first', wrong.join('; '));
  expect(wrong).toEqual([]);
}

/** A port on which nothing listens: somebody just did, and has gone. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return port;
}

/** Every connection fails as if the system had said so. */
function connectFails(code: string): void {
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function connect(this: Socket) {
    process.nextTick(() => this.destroy(Object.assign(new Error(`connect ${code}`), { code })));
    return this;
  });
}

describe('a connection that does not come about', () => {
  it('1 connect refused', async () => {
    const port = await freePort();
    await ask(
      {
        row: '1',
        name: 'connect refused',
        outcome: 'R',
        code: 'connect-refused',
        says: new RegExp(`^nothing listens on 127\\.0\\.0\\.1:${port}$`, 'u'),
      },
      `http://127.0.0.1:${port}/v1`,
    );
  });

  it('2 a black hole', { retry: 1 }, async () => {
    // Whoever accepts and then says nothing to the first word of TLS.
    const hole = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      closers.push(async () => {
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => {
      hole.listen(0, '127.0.0.1', resolve);
    });
    closers.push(async () => {
      hole.close();
    });
    const { port } = hole.address() as AddressInfo;
    await ask(
      { row: '2', name: 'connect black hole', outcome: 'R', code: 'timeout-connect', limit: 'connectMs' },
      `https://127.0.0.1:${port}/v1`,
    );
  });

  it.each([
    ['3', 'ENOTFOUND', 'dns', 'R'],
    ['3b', 'EAI_AGAIN', 'dns', 'R'],
    ['3c', 'EHOSTUNREACH', 'unreachable', 'R'],
    ['109', 'EMFILE', 'fd-limit', 'R'],
  ] as const)('%s %s', async (row, code, expected, outcome) => {
    connectFails(code);
    await ask({ row, name: `connect fails with ${code}`, outcome, code: expected }, 'http://localhost:9/v1');
  });

  it('4 TLS spoken to a plain port', async () => {
    const server = await serve(good);
    // The greeting of TLS is no HTTP: a plain server answers it with a 400 and hangs up.
    const plain = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(head(400)));
    });
    await new Promise<void>((resolve) => {
      plain.listen(0, '127.0.0.1', resolve);
    });
    closers.push(async () => {
      plain.close();
    });
    const { port } = plain.address() as AddressInfo;
    await ask(
      { row: '4', name: 'TLS client, plain port', outcome: 'A', code: 'tls' },
      `https://127.0.0.1:${port}/v1`,
    );
    expect(server.requests).toHaveLength(0);
  });

  describe('5 a certificate that nobody vouches for', () => {
    const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'tls');
    const cert = readFileSync(path.join(folder, 'selfsigned.cert.pem'), 'utf8');
    const tls = { key: readFileSync(path.join(folder, 'selfsigned.key.pem')), cert };

    it('is refused', async () => {
      const server = await serve(good, { tls });
      await ask({ row: '5', name: 'self-signed certificate', outcome: 'A', code: 'tls' }, server.baseUrl);
      // Nothing was said before the refusal.
      expect(server.requests).toHaveLength(0);
    });

    it.each([
      ['5b', 'streamed', good],
      ['5c', 'in one piece', json(200, { choices: [{ message: { content: text }, finish_reason: 'stop' }] })],
    ] satisfies [string, string, Script][])('%s is taken with a caFile, %s', async (row, how, script) => {
      const server = await serve(script, { tls });
      const answered: FaultRow =
        row === '5c'
          ? { row, name: '', outcome: 'W', code: 'not-streamed', text }
          : { row, name: '', outcome: 'OK', code: null, text };
      await ask({ ...answered, name: `self-signed certificate named in caFile, ${how}` }, server.baseUrl, {
        ca: cert,
      });
    });

    it('5d is refused under another name, whoever vouches for it', async () => {
      const server = await serve(good, { tls });
      const other = server.baseUrl.replace('127.0.0.1', 'localhost');
      await ask(
        { row: '5d', name: 'a certificate for another host, named in caFile', outcome: 'A', code: 'tls' },
        other,
        { ca: cert },
      );
      expect(server.requests).toHaveLength(0);
    });
  });

  it.each(['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
    '5 %s ends the target',
    (code) => {
      const why = fromSocket(Object.assign(new Error('refused'), { code }), 'example.test');
      expect(why).toMatchObject({ code: 'tls', remedy: 'abort' });
    },
  );

  it.each([
    ['6', '127.0.0.1'],
    ['6b', '::1'],
  ])('%s localhost on %s alone', async (row, host) => {
    const wanted: FaultRow = {
      row,
      name: `localhost listens on ${host} alone`,
      outcome: 'OK',
      code: null,
      text,
    };
    let server: FaultServer;
    try {
      server = await serve(good, { host });
    } catch {
      table.note(wanted, 'first', 'not here: this machine has no such address');
      return;
    }
    await ask(wanted, `http://localhost:${server.port}/v1`);
  });

  it('8 a connection that goes dead while we wait is lost, not late', () => {
    const dead = Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'read' });
    expect(fromSocket(dead, 'x').code).toBe('reset-before-headers');
    const late = Object.assign(new Error('connect ETIMEDOUT 192.0.2.1:80'), { code: 'ETIMEDOUT' });
    expect(fromSocket(late, 'x').code).toBe('timeout-connect');
  });

  it('6 names each address that was tried', () => {
    const refused = (address: string): Error =>
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED', address });
    const error = Object.assign(new AggregateError([refused('::1'), refused('127.0.0.1')]), {
      code: 'ECONNREFUSED',
    });
    expect(fromSocket(error, 'localhost:8000').message).toBe(
      'nothing listens on localhost:8000 (tried ::1, 127.0.0.1)',
    );
  });

  it('7 a port that browsers refuse', async () => {
    const wanted: FaultRow = {
      row: '7',
      name: 'a port that fetch blocks',
      outcome: 'OK',
      code: null,
      text,
    };
    for (const port of [10_080, 6000, 6566, 6697, 5061]) {
      try {
        const server = await serve(good, { port });
        await ask(wanted, server.baseUrl);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      }
    }
    table.note(wanted, 'first', 'not here: all such ports are taken');
  });
});

describe('row 10, an idle connection closed in our face', () => {
  const row: FaultRow = {
    row: '10',
    name: 'server closes the idle socket as we use it',
    outcome: 'W',
    code: 'keepalive-race',
    text,
  };

  it.each([
    ['10', 'RST', ({ reset }) => reset()],
    ['10b', 'FIN', ({ fin }) => fin()],
  ] satisfies [string, string, Script][])('%s by %s: sent again at once', async (number, how, cut) => {
    const server = await serve((line) => (line.number === 2 ? cut(line) : good(line)));
    const one = asker(server.baseUrl, { target: oneByOne });
    const first = await one.ask(faultCell('a'), faultContext());
    expect(first.flags).toEqual([]);
    const second = await one.ask(faultCell('b'), faultContext());
    judge({ ...row, row: number, name: `${row.name}, ${how}` }, second);
    expect(second.attempt).toBe(1);
    expect([server.requests.length, server.connections()]).toEqual([3, 2]);
    expect(second.reusedSocket).toBe(false);
  });

  it('10c sent again once, not twice', async () => {
    const server = await serve((line) => (line.number === 1 ? good(line) : line.reset()));
    const one = asker(server.baseUrl, { target: oneByOne });
    await one.ask(faultCell('a'), faultContext());
    const second = await one.ask(faultCell('b'), faultContext());
    judge(
      { row: '10c', name: 'the second try is lost too', outcome: 'R', code: 'reset-before-headers' },
      second,
    );
    expect(server.requests).toHaveLength(3);
  });

  it('10d not sent again when a part of a head came', async () => {
    const server = await serve(async (line) => {
      if (line.number === 1) return good(line);
      line.write('HTTP/1.1 20');
      await line.pause(20);
      return line.fin();
    });
    const one = asker(server.baseUrl, { target: oneByOne });
    await one.ask(faultCell('a'), faultContext());
    const second = await one.ask(faultCell('b'), faultContext());
    judge(
      {
        row: '10d',
        name: 'a part of a head came on the old socket',
        outcome: 'R',
        code: 'reset-before-headers',
      },
      second,
    );
    expect(server.requests).toHaveLength(2);
  });

  it('10e not sent again on a fresh connection', async () => {
    const server = await serve(({ reset }) => reset());
    const sample = await asker(server.baseUrl).ask(faultCell('a'), faultContext());
    judge({ row: '10e', name: 'lost on a fresh socket', outcome: 'R', code: 'reset-before-headers' }, sample);
    expect(server.requests).toHaveLength(1);
  });
});

it('11 cut during the upload', { retry: 1 }, async () => {
  const server = await serve(
    async ({ write, pause, fin, socket }) => {
      socket.pause();
      write(
        head(413, { 'content-type': 'application/json', 'content-length': 34 }) +
          '{"error":{"message":"that is big"}}'.slice(0, 34),
      );
      await pause(30);
      fin();
    },
    { early: true },
  );
  await ask(
    {
      row: '11',
      name: 'early 413 while the prompt is still on its way',
      outcome: 'F',
      code: 'request-too-large',
      request: { stop: 'x'.repeat(12_000_000) },
    },
    server.baseUrl,
  );
});

describe('a proxy', () => {
  const throughProxy = async (row: FaultRow, script: (line: Parameters<Script>[0]) => unknown) => {
    const proxy = await serve((line) => void script(line));
    vi.stubEnv('http_proxy', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('https_proxy', undefined);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    await ask(row, 'http://model.test:8000/v1', { direct: false });
    return proxy;
  };

  it('12 is used where the environment names one', async () => {
    const proxy = await throughProxy(
      { row: '12', name: 'proxy variables set', outcome: 'OK', code: null, text },
      (line) => {
        if (line.request.method === 'CONNECT') line.write(head(200));
        else void good(line);
      },
    );
    expect(proxy.requests.map(({ method, path: target }) => `${method} ${target}`)).toEqual([
      'CONNECT model.test:8000',
      'POST /v1/chat/completions',
    ]);
  });

  it('12 is not used for this machine', async () => {
    const server = await serve(good);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${await freePort()}`);
    await ask(
      { row: '12b', name: 'proxy variables set, loopback', outcome: 'OK', code: null, text },
      server.baseUrl,
    );
  });

  it('12 that wants a name and a password', async () => {
    await throughProxy({ row: '12c', name: '407 of the proxy', outcome: 'A', code: 'proxy-auth' }, (line) =>
      line.write(head(407, { 'proxy-authenticate': 'Basic realm="x"', 'content-length': 0 })),
    );
  });

  it('13 that answers with 502', async () => {
    await throughProxy({ row: '13', name: '502 of the proxy', outcome: 'R', code: 'proxy-error' }, (line) =>
      line.write(head(502, { 'content-length': 0 })),
    );
  });

  it('13 that is not there', async () => {
    vi.stubEnv('http_proxy', `http://127.0.0.1:${await freePort()}`);
    vi.stubEnv('no_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    await ask(
      { row: '13b', name: 'the proxy refuses the connection', outcome: 'R', code: 'proxy-error' },
      'http://model.test:8000/v1',
      { direct: false },
    );
  });
});

it('34 a key that no header can carry is told as that, before anything is sent', async () => {
  const server = await serve(good);
  await ask(
    { row: '34c', name: 'a key with a line end', outcome: 'A', code: 'auth', says: /line end/ },
    server.baseUrl,
    { apiKey: 'sk-canary-0123456789\n' },
  );
  expect(server.connections()).toBe(0);
});

it('20 a redirect to somebody else takes nothing along', async () => {
  const stranger = await serve(good);
  const server = await serve(({ write }) =>
    write(head(307, { location: `${stranger.baseUrl}/chat/completions`, 'content-length': 0 })),
  );
  await ask(
    {
      row: '20',
      name: 'cross-origin 307',
      outcome: 'A',
      code: 'redirect',
      says: new RegExp(String(stranger.port), 'u'),
    },
    server.baseUrl,
    { apiKey: 'sk-canary-0123456789' },
  );
  expect(stranger.connections()).toBe(0);
});

it('21 a server that says 100 Continue is asked as patiently from then on', async () => {
  const server = await serve((line) => {
    line.write('HTTP/1.1 100 Continue\r\n\r\n');
    line.write(streamHead);
    line.chunk(sse(delta({ content: text }), delta({}, 'stop'), '[DONE]'));
    line.write(lastChunk);
  });
  const one = asker(server.baseUrl);
  for (const name of ['a', 'b', 'c']) {
    const sample = await one.ask(faultCell(name), faultContext());
    expect(sample.outcome).toMatchObject({ kind: 'answered', text });
  }
  expect(server.requests).toHaveLength(4);
});

describe('a cut of our own is no fault', () => {
  const part = sse(delta({ content: text }));
  const gzip = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
  it.each([
    ['before the head', () => {}],
    ['in a stream', ({ write, chunk }) => (write(streamHead), chunk(part))],
    ['in an error', ({ write }) => write(head(500, { 'content-length': 100 }))],
    [
      'in a compressed stream',
      ({ write, chunk }) => {
        write(head(200, { ...gzip, 'transfer-encoding': 'chunked' }));
        chunk(gzipSync(part));
      },
    ],
  ] satisfies [string, Script][])('%s', async (_where, script) => {
    const server = await serve(script);
    const one = asker(server.baseUrl);
    const cut = new AbortController();
    setTimeout(() => cut.abort(), 60);
    const started = performance.now();
    const sample = await one.ask(faultCell('a'), { ...faultContext(), signal: cut.signal });
    expect(sample.status).toBe('cancelled');
    expect(performance.now() - started).toBeLessThan(120 + lateMs);
    expect(await server.deserted()).toBe(true);
  });
});

it('34 a refusal is told without any header of ours', async () => {
  const server = await serve(json(401, { error: { message: 'Incorrect API key provided' } }));
  const sample = await ask({ row: '34b', name: '401 to a key', outcome: 'A', code: 'auth' }, server.baseUrl, {
    apiKey: 'sk-canary-0123456789',
  });
  expect(server.requests[0]?.headers['authorization']).toBe('Bearer sk-canary-0123456789');
  expect(JSON.stringify(sample)).not.toContain('sk-canary');
});
