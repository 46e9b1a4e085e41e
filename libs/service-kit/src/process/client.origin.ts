import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A network that may be one client's as a whole. */
export interface ClientNetwork {
  readonly name: string;
  /** How many times as much all of it may have as one address: the wider it is, the more clients it may be. */
  readonly shares: number;
}

/** What is given to one line, to a home or an office, and to a site; anybody gets the last from a provider. */
const WIDTHS = [
  [64, 1],
  [56, 2],
  [48, 4],
] as const;

/**
 * The networks that stand for a client where something is counted by origin, the narrowest first: its IPv4 address; or
 * the /64 of its IPv6 one, of which anybody at home has 2^64 addresses, the /56 of which it has 256 such networks, and
 * the /48 of which there are 65,536. What is counted is to hold for each of them.
 *
 * @param address as a socket or a proxy gives it; what is no address stands for itself
 */
export function networksOf(address: string): readonly [ClientNetwork, ...ClientNetwork[]] {
  if (!isIPv6(address)) return [{ name: address, shares: 1 }];
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return [{ name: parsed.toString(), shares: 1 }];
  const [narrow, ...wider] = WIDTHS.map(([bits, shares]) => ({ name: prefixOf(parsed, bits), shares }));
  return [narrow as ClientNetwork, ...wider];
}

function prefixOf({ parts }: ipaddr.IPv6, bits: number): string {
  const groups = parts.slice(0, 4).map((group, at) => {
    const kept = Math.min(16, Math.max(0, bits - 16 * at));
    return (group & (0xffff << (16 - kept))).toString(16);
  });
  return `${groups.join(':')}::/${bits}`;
}
