import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * A key of 256 bits for one use of a service's secret: what is learned of one says nothing of another. A key object,
 * since Node takes about ten times as long for each mac when it is given bytes.
 *
 * @param secretHex 64 hex digits
 * @param use what it is for, e.g. `cursor`
 */
export function derivedKey(secretHex: string, use: string): KeyObject {
  const secret = Buffer.from(secretHex, 'hex');
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `apollo ${use}`, 32)));
}
