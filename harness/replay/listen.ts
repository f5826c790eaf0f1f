/** Servers of our own listen on the loopback only, and end at once when they are told to. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { personError } from '../errors.ts';

export interface Served {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  readonly close: () => Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function listen(server: Server, port: number): Promise<Served> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        personError(`cannot listen on 127.0.0.1:${port}: ${error.code ?? error.message}`, {
          hint: 'name another port, or 0 for a free one',
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${bound}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
