/**
 * How a connection comes about: with a limit that is kept to the millisecond, to `localhost` by either family, to no
 * link-local address, and with the authorities that a target names.
 */
import dns from 'node:dns';
import { Socket, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { isLinkLocal, LinkLocalError } from './link-local.ts';

/** What a target says about the way to it. */
export interface Reach {
  /** Certificates of authorities trusted beside the usual ones, PEM; null: none. */
  readonly ca: string | null;
  readonly allowLinkLocal: boolean;
}

export const usualReach: Reach = { ca: null, allowLinkLocal: false };

/** Options of a TLS connection. A list of one's own takes the place of the usual one, so that is in it. */
export function trusted({ ca }: Reach): { readonly ca?: string[] } {
  return ca === null ? {} : { ca: [...rootCertificates, ca] };
}

const loopback = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
] as const;

/**
 * As the system resolves a name; `localhost` always has both addresses, whatever the system's own list says, because a
 * server may listen on either.
 */
const lookupBoth: LookupFunction = (name, options, done) => {
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

/** Addresses of one link are taken out of what a name resolves to; a name with no other address is refused. */
const lookupGuarded: LookupFunction = (name, options, done) =>
  lookupBoth(name, options, (error, found, family) => {
    if (error !== null) return done(error, found, family);
    const all = typeof found === 'string' ? [{ address: found, family: family ?? 0 }] : found;
    const left = all.filter(({ address }) => !isLinkLocal(address));
    const [first] = all;
    if (left.length === 0 && first !== undefined) return done(new LinkLocalError(first.address), '', 0);
    return typeof found === 'string' ? done(null, found, family) : done(null, left);
  });

export function lookupFor({ allowLinkLocal }: Reach): LookupFunction {
  return allowLinkLocal ? lookupBoth : lookupGuarded;
}

/** The refusal of a host that is such an address by its own letters: no name is resolved then. Null: none. */
export function refusalOf(host: string, { allowLinkLocal }: Reach): LinkLocalError | null {
  return !allowLinkLocal && isLinkLocal(host) ? new LinkLocalError(host.replace(/^\[|\]$/gu, '')) : null;
}

/** Ends a connection attempt that takes longer than `ms`. Call the result when it has come about, or has failed. */
export function limitConnect(socket: unknown, ms: number): () => void {
  const timer = setTimeout(() => {
    if (socket instanceof Socket)
      socket.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }));
  }, ms).unref();
  return () => clearTimeout(timer);
}
