/**
 * One GET for a page of figures: five seconds, four MiB, no redirect, no key, no proxy. Addresses that belong to the link
 * (169.254.0.0/16, fe80::/10, the metadata service) are refused after the name was resolved, before anything is sent.
 */
import dns from 'node:dns';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest, type RequestOptions } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';

export const pageMs = 5000;
export const pageBytes = 4 * 1024 * 1024;

const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addAddress('fd00:ec2::254', 'ipv6');
// The same IPv4 network inside IPv6: compatible, by way of a translator, of 6to4. Mapped ones are known as they are.
refused.addSubnet('::169.254.0.0', 112, 'ipv6');
refused.addSubnet('64:ff9b::169.254.0.0', 112, 'ipv6');
refused.addSubnet('2002:a9fe::', 32, 'ipv6');

/** What the targets file permits beyond the usual. */
export interface PageAccess {
  readonly allowLinkLocal: boolean;
  /** Authorities trusted beside those of Node.js, PEM; null: none. */
  readonly ca: string | null;
}

export const usualAccess: PageAccess = { allowLinkLocal: false, ca: null };

/** An IPv4 address inside an IPv6 one is the same place. A name is no address: it is judged when it was resolved. */
export function isRefused(address: string, { allowLinkLocal }: PageAccess = usualAccess): boolean {
  const family = isIP(address);
  return !allowLinkLocal && family !== 0 && refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

const refusal = (address: string): Error => new Error(`the address ${address} is link-local, and refused`);

const lookupFor =
  (access: PageAccess): LookupFunction =>
  (name, options, done) => {
    dns.lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const bad = found.find(({ address }) => isRefused(address, access));
      const [first] = found;
      if (bad !== undefined) done(refusal(bad.address), []);
      else if (options.all === true) done(null, found);
      else done(null, first?.address ?? '', first?.family);
    });
  };

export type Page = { readonly text: string } | { readonly why: string };

/** For people: no query, which may hold what is nobody's business. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`;

/** Never rejects. `accept` is the header of that name. */
export function getPage(
  url: URL,
  accept: string,
  access: PageAccess = usualAccess,
  limitMs = pageMs,
): Promise<Page> {
  const shown = shownUrl(url);
  return new Promise((resolve) => {
    const host = url.hostname.replace(/^\[|\]$/gu, '');
    if (isRefused(host, access)) {
      resolve({ why: `${shown}: ${refusal(host).message}` });
      return;
    }
    const options: RequestOptions = {
      method: 'GET',
      headers: { accept, 'accept-encoding': 'identity' },
      lookup: lookupFor(access),
      ...(access.ca === null ? {} : { ca: [...rootCertificates, access.ca] }),
      agent: false,
      maxHeaderSize: 64 * 1024,
    };
    const send = url.protocol === 'https:' ? secureRequest : plainRequest;
    const call = send(url, options, (answer) => {
      void readBody(answer).then((page) => {
        clearTimeout(late);
        resolve('why' in page ? { why: `${shown}: ${page.why}` } : page);
      });
    });
    // Over all of it, from the resolution of the name to the last byte.
    const late = setTimeout(() => call.destroy(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
    call.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      resolve({
        why: `${shown}: ${error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message}`,
      });
    });
    call.end();
  });
}

function readBody(answer: IncomingMessage): Promise<Page> {
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      resolve({ why });
      answer.destroy();
    };
    const status = answer.statusCode ?? 0;
    if (status >= 300 && status < 400) {
      fail(`a redirect (${status}), and none is followed`);
      return;
    }
    if (status !== 200) {
      fail(`HTTP ${status}`);
      return;
    }
    const parts: Buffer[] = [];
    let size = 0;
    answer.on('data', (part: Buffer) => {
      size += part.length;
      if (size > pageBytes) fail('larger than 4 MiB');
      else parts.push(part);
    });
    answer.once('end', () => resolve({ text: Buffer.concat(parts).toString('utf8') }));
    answer.once('error', (error) => fail(error.message));
    answer.once('close', () => fail('cut off'));
  });
}
