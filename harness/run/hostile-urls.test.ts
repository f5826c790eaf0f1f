/** Addresses from files and from servers: a connection is made to what the operator named, and to nothing else. */
import dns from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Socket, type LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultAsker, faultCell, faultContext } from '../../fixtures/servers/fault-bench.ts';
import { startFaultServer, type FaultServer } from '../../fixtures/servers/fault-server.ts';
import {
  linkLocalAnswers,
  linkLocalSpellings,
  redirects,
  redirectStatuses,
  refusedWhenRead,
} from '../../fixtures/security/urls.ts';
import { getPage, usualAccess } from '../probe/server/get-page.ts';
import { loadTargets, parseTargetFlag } from '../suite/targets.ts';
import { openPages } from './get-json.ts';

const key = 'sk-canary-of-the-urls-0123456789';
const closers: (() => Promise<void>)[] = [];
/** Hosts and ports of every socket that was to be connected. */
let tried: string[] = [];
const guarded = Reflect.get(Socket.prototype, 'connect') as (...args: unknown[]) => Socket;
beforeEach(() => {
  tried = [];
  Socket.prototype.connect = function noted(this: Socket, ...args: unknown[]): Socket {
    const [first] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
    const options = first as { host?: string; port?: number | string; lookup?: LookupFunction };
    tried.push(`${options.host ?? ''}:${options.port ?? ''}`);
    const { lookup } = options;
    // What a name came to is what the socket would go to; the guard of all tests does not let it.
    if (lookup !== undefined)
      options.lookup = (name, how, done) =>
        lookup(name, how, (error, found, family) => {
          const all = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
          if (error === null) tried.push(...all.map((address) => `${name}=${address}`));
          done(error, found, family);
        });
    return Reflect.apply(guarded, this, args);
  } as typeof Socket.prototype.connect;
});
afterEach(async () => {
  Socket.prototype.connect = guarded as typeof Socket.prototype.connect;
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

interface Way {
  readonly name: string;
  /** Goes there; true: something came of it. */
  readonly go: (baseUrl: string) => Promise<boolean>;
}

/** All ways by which the program asks a server for anything. */
const ways: readonly Way[] = [
  {
    name: 'a question',
    go: async (baseUrl) => {
      const asker = faultAsker(baseUrl, { apiKey: key });
      closers.push(asker.close);
      return (await asker.ask(faultCell('a'), faultContext())).status === 'ok';
    },
  },
  {
    name: 'a page beside the API',
    go: async (baseUrl) => {
      const { origin } = new URL(baseUrl);
      const pages = openPages({
        authorization: `Bearer ${key}`,
        origin,
        userAgent: 'visavis/test',
        direct: true,
        now: () => 0,
      });
      closers.push(pages.close);
      return (await pages.get(`${origin}/v1/models`)).failure === null;
    },
  },
  {
    name: 'a page of figures',
    go: async (baseUrl) => 'text' in (await getPage(new URL(baseUrl), 'text/plain', usualAccess)),
  },
];

describe('an address in a targets file', () => {
  it(`of ${refusedWhenRead.length} that can be none is refused where it stands`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'visavis-urls-'));
    const file = path.join(folder, 'targets.yaml');
    const lines = refusedWhenRead.map(
      (baseUrl, at) => `  ${JSON.stringify({ id: `t${at}`, baseUrl, model: 'm' })}`,
    );
    writeFileSync(file, `{"targets": [\n${lines.join(',\n')}\n]}`);
    const { targets, problems } = await loadTargets(file);
    rmSync(folder, { recursive: true });
    expect(targets).toBeNull();
    const said = new Set(problems.map(({ place }) => place?.line));
    expect(refusedWhenRead.filter((_, at) => !said.has(at + 2))).toEqual([]);
    // What stands before an @ may be a password.
    expect(JSON.stringify(problems)).not.toMatch(/pass@|:pass/u);
  });

  it.each(ways)(
    `in none of ${linkLocalSpellings.length} spellings leads $name to the link`,
    async ({ go }) => {
      for (const url of linkLocalSpellings) {
        expect(await go(url), url).toBe(false);
        expect(tried, url).toEqual([]);
      }
    },
  );

  it('is what it was written as, when it is none of those', () => {
    expect(parseTargetFlag('a=http://127.0.0.1:8000/v1#m').baseUrl).toBe('http://127.0.0.1:8000/v1');
    expect(parseTargetFlag('a=https://例え.テスト/v1#m').baseUrl).toBe('https://xn--r8jz45g.xn--zckzah/v1');
  });
});

describe('a name', () => {
  it.each(ways)('that resolves to the link leads $name nowhere', async ({ go }) => {
    for (const address of linkLocalAnswers) {
      resolvesTo(address);
      for (const scheme of ['http', 'https'])
        expect(await go(`${scheme}://localhost.metadata.test:9/v1`), address).toBe(false);
      // A socket is made before its name is resolved; it may be given the name, never the address.
      expect(
        tried.filter((host) => !host.startsWith('localhost.metadata.test:')),
        address,
      ).toEqual([]);
    }
  });

  it.each(ways)('that turns to the link between two requests leads $name nowhere', async ({ go }) => {
    const server = await startFaultServer((line) => line.fin());
    closers.push(server.close);
    resolvesTo('127.0.0.1');
    await go(`http://localhost.rebind.test:${server.port}/v1`);
    const before = server.connections();
    expect(before).toBeGreaterThan(0);
    for (const address of linkLocalAnswers) {
      resolvesTo(address);
      expect(await go(`http://localhost.rebind.test:${server.port}/v1`)).toBe(false);
    }
    expect(server.connections()).toBe(before);
    const led = tried.filter((host) => host.includes('=') && !host.endsWith('=127.0.0.1'));
    expect(led).toEqual([]);
  });
});

describe('a redirect', () => {
  const servers = async (): Promise<{
    honest: FaultServer;
    trap: FaultServer;
    answer: (to: string, status: number) => void;
  }> => {
    let head = '';
    const trap = await startFaultServer((line) => line.fin());
    const honest = await startFaultServer((line) => {
      line.write(head);
      line.fin();
    });
    closers.push(trap.close, honest.close);
    return {
      honest,
      trap,
      answer: (to, status) => {
        const location = to
          .replaceAll('{trapHost}', `127.0.0.1:${trap.port}`)
          .replaceAll('{trapPort}', String(trap.port))
          .replaceAll('{trap}', `http://127.0.0.1:${trap.port}`);
        head = `HTTP/1.1 ${status} Elsewhere\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
      },
    };
  };

  it.each(ways)('is not followed by $name, whatever it says', async ({ go }) => {
    const { honest, trap, answer } = await servers();
    for (const [at, to] of redirects.entries()) {
      for (const status of at === 0 ? redirectStatuses : [307]) {
        answer(to, status);
        expect(await go(honest.baseUrl), `${status} ${to}`).toBe(false);
      }
    }
    expect(trap.connections()).toBe(0);
    const ports = new Set(tried.map((host) => host.split(':').at(-1)));
    expect([...ports]).toEqual([String(honest.port)]);
    expect(honest.requests.length).toBe(redirects.length + redirectStatuses.length - 1);
  });
});

it('a key goes to the origin of its target and nowhere else', async () => {
  const server = await startFaultServer((line) => {
    line.write(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
    );
    line.fin();
  });
  closers.push(server.close);
  const origin = `http://127.0.0.1:${server.port}`;
  const pages = openPages({
    authorization: `Bearer ${key}`,
    origin,
    userAgent: 'x',
    direct: true,
    now: () => 0,
  });
  closers.push(pages.close);
  await pages.get(`${origin}/v1/models`);
  await pages.get(`http://localhost:${server.port}/v1/models`);
  await getPage(new URL(`${origin}/metrics`), 'text/plain');
  expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([
    `Bearer ${key}`,
    undefined,
    undefined,
  ]);
});
