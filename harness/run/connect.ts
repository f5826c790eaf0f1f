/** How a connection comes about: with a limit that is kept to the millisecond, and to `localhost` by either family. */
import dns from 'node:dns';
import { Socket, type LookupFunction } from 'node:net';

const loopback = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
] as const;

/**
 * As the system resolves a name; `localhost` always has both addresses, whatever the system's own list says, because a
 * server may listen on either.
 */
export const lookupBoth: LookupFunction = (name, options, done) => {
  if (name !== 'localhost' || options.all !== true) {
    dns.lookup(name, options, done);
    return;
  }
  dns.lookup(name, { ...options, all: true }, (_error, found) => {
    const known = found ?? [];
    const missing = loopback.filter(({ address }) => !known.some((one) => one.address === address));
    done(null, [...known, ...missing]);
  });
};

/** Ends a connection attempt that takes longer than `ms`. Call the result when it has come about, or has failed. */
export function limitConnect(socket: unknown, ms: number): () => void {
  const timer = setTimeout(() => {
    if (socket instanceof Socket)
      socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }));
  }, ms).unref();
  return () => clearTimeout(timer);
}
