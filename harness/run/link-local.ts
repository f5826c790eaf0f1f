/**
 * Addresses at which clouds hand out credentials of the machine, and those of one network link: a target is never there
 * unless it says so. Judged after the name was resolved, so no spelling and no name server leads around it.
 */
import { BlockList, isIP } from 'node:net';

const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addAddress('fd00:ec2::254', 'ipv6');
// The same IPv4 network inside IPv6: mapped, compatible, by way of a translator, and of 6to4.
refused.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');
refused.addSubnet('::169.254.0.0', 112, 'ipv6');
refused.addSubnet('64:ff9b::169.254.0.0', 112, 'ipv6');
refused.addSubnet('2002:a9fe::', 32, 'ipv6');

/** Whether an address (with or without brackets and zone) is one of them; false for a name. */
export function isLinkLocal(host: string): boolean {
  const address = host.replace(/^\[|\]$/gu, '').replace(/%.*$/su, '');
  const family = isIP(address);
  return family !== 0 && refused.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** A connection to such an address was not made. */
export class LinkLocalError extends Error {
  readonly code = 'LINK_LOCAL';

  constructor(address: string) {
    super(`${address} is a link-local or metadata address`);
  }
}
