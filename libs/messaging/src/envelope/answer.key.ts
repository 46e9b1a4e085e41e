import { createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const BYTES = 32;
/** Processes with which a key is remembered. */
const REMEMBERED = 1_000;

/** The key that a process agrees on others with (X25519), made at its start and kept nowhere. */
export class AnswerKey {
  /** The public half, as others are told of it. */
  readonly text: string;
  private readonly key: KeyObject;
  private readonly shared = new LRUCache<string, Buffer>({ max: REMEMBERED });

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    this.text = String(publicKey.export({ format: 'jwk' }).x);
    this.key = privateKey;
  }

  /** What this process and the one with that public key know, and nobody else; undefined where the text is no key. */
  sharedWith(text: string): Buffer | undefined {
    const known = this.shared.get(text) ?? this.agreed(text);
    if (known) this.shared.set(text, known);
    return known;
  }

  private agreed(text: string): Buffer | undefined {
    try {
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: text }, format: 'jwk' });
      const secret = diffieHellman({ privateKey: this.key, publicKey });
      return Buffer.from(hkdfSync('sha256', secret, '', 'apollo answer', BYTES));
    } catch {
      return undefined;
    }
  }
}
