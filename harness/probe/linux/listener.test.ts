import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fakeFiles, fakeProcess, type FakeFiles } from '../../../fixtures/probe/fake-files.ts';
import { systemFiles } from './files.ts';
import { listenerOf } from './listener.ts';

const listening = (port: number, inode: number): string =>
  `  sl  local_address rem_address   st\n   0: 00000000:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 0:0 00:0 0 0 0 ${inode} 1 0\n`;

function on8000(more: FakeFiles): FakeFiles {
  return { ...more, texts: { '/proc/net/tcp': listening(8000, 77), ...more.texts } };
}

describe('from a port to a process', () => {
  it('finds the one that holds the socket', () => {
    const files = fakeFiles(
      on8000({
        texts: fakeProcess(20, { cmdline: 'vllm\0serve' }),
        links: { '/proc/20/fd/5': 'socket:[77]' },
      }),
    );
    expect(listenerOf(files, 8000)).toEqual({ found: { pid: 20, startTime: 100 } });
  });

  it('takes the topmost of those who inherited it', () => {
    const files = fakeFiles(
      on8000({
        texts: {
          ...fakeProcess(31, { parent: 30 }),
          ...fakeProcess(30, { parent: 1 }),
          ...fakeProcess(32, { parent: 31 }),
        },
        links: {
          '/proc/31/fd/5': 'socket:[77]',
          '/proc/30/fd/5': 'socket:[77]',
          '/proc/32/fd/5': 'socket:[77]',
        },
      }),
    );
    expect(listenerOf(files, 8000)).toMatchObject({ found: { pid: 30 } });
  });

  it('goes up to a launcher whose other children are the server too', () => {
    const files = fakeFiles(
      on8000({
        texts: {
          ...fakeProcess(40, { cmdline: '/usr/local/bin/text-generation-launcher\0--model' }),
          ...fakeProcess(41, { parent: 40, cmdline: 'text-generation-router\0' }),
        },
        links: { '/proc/41/fd/9': 'socket:[77]' },
      }),
    );
    expect(listenerOf(files, 8000)).toMatchObject({ found: { pid: 40 } });
  });

  it.each(['/usr/bin/docker-proxy\0-proto', 'ssh\0-L\0', 'sshd: ubuntu@pts/0'])(
    'refuses to take the forwarder %j for the server',
    (cmdline) => {
      const files = fakeFiles(
        on8000({ texts: fakeProcess(20, { cmdline }), links: { '/proc/20/fd/5': 'socket:[77]' } }),
      );
      expect(listenerOf(files, 8000)).toMatchObject({
        why: expect.stringMatching(/passes it on/u) as string,
      });
    },
  );

  it('tells a hidden process from a closed port', () => {
    expect(listenerOf(fakeFiles(on8000({ texts: fakeProcess(20) })), 8000)).toEqual({
      why: 'port 8000 is open, and the process behind it is hidden from this user',
    });
    expect(listenerOf(fakeFiles(on8000({})), 8001)).toEqual({
      why: 'nothing listens on port 8001 of this machine',
    });
  });

  it.runIf(process.platform === 'linux').each(['127.0.0.1', '::1'])(
    'finds this very process on %s',
    async (host) => {
      const server = createServer();
      try {
        const port = await new Promise<number | null>((resolve) => {
          server.once('error', () => resolve(null));
          server.listen(0, host, () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : null);
          });
        });
        // A machine without version 6 has no ::1.
        if (port === null) return;
        expect(listenerOf(systemFiles, port)).toMatchObject({ found: { pid: process.pid } });
      } finally {
        server.close();
      }
    },
  );
});
