import type { KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** What was sealed, and what its header says. */
export interface Opened {
  readonly value: unknown;
  readonly header: Readonly<Record<string, unknown>>;
}

/**
 * Seals a value for whoever has the key.
 *
 * @param key of 256 bits
 * @param header what is readable of it, and cannot be changed
 */
export function sealJson(value: unknown, key: KeyObject | Uint8Array, header: object = {}): Promise<string> {
  return new CompactEncrypt(Buffer.from(JSON.stringify(value)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header })
    .encrypt(key);
}

/** Opens what `sealJson` has made. @throws Error when it was not sealed under this key */
export async function openJson(sealed: string, key: KeyObject | Uint8Array): Promise<Opened> {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return { value: JSON.parse(Buffer.from(plaintext).toString()), header: protectedHeader };
}
