import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What stands for a client where requests are counted by origin: its IPv4 address, or the /64 of its IPv6 one, of which
 * anybody at home has 2^64 addresses.
 *
 * @param address as a socket or a proxy gives it; what is no address stands for itself
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const groups = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
