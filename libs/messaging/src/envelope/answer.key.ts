import { createPublicKey, diffieHellman, generateKeyPairSync, hash, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const BYTES = 32;
/** Bytes that SHA-256 takes at a time. */
const BLOCK = 64;
const [INNER, OUTER] = [0x36, 0x5c];
/** Processes with which a key is remembered. */
const REMEMBERED = 1_000;

/** Where what is hashed is put together; as large as an answer mostly is. */
const workspace = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * HMAC-SHA-256 (RFC 2104) under one key. Made here of two hashes: what Node has for it costs twice as much for an
 * answer, and every answer is sealed and looked at.
 */
export class AnswerCode {
  private readonly inner: Buffer;
  /** The outer half, followed by the place of the inner one's hash. */
  private readonly outer: Buffer;

  /** @param key 64 bytes at most */
  constructor(key: Uint8Array) {
    const padded = (pad: number): Buffer => Buffer.alloc(BLOCK).map((_, at) => (key[at] ?? 0) ^ pad) as Buffer;
    this.inner = padded(INNER);
    this.outer = Buffer.concat([padded(OUTER), Buffer.alloc(BYTES)]);
  }

  /** @returns 32 bytes for the text and, behind it, the body */
  of(text: string, body: string | Uint8Array): Buffer {
    const parts = [this.inner, Buffer.from(text), typeof body === 'string' ? Buffer.from(body) : body];
    this.outer.set(hash('sha256', together(parts), 'buffer'), BLOCK);
    return hash('sha256', this.outer, 'buffer');
  }
}

/** All parts, one after the other: to be used at once, and without the garbage that a copy of each answer would be. */
function together(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((bytes, part) => bytes + part.byteLength, 0);
  if (length > workspace.byteLength) return Buffer.concat(parts);
  let at = 0;
  for (const part of parts) {
    workspace.set(part, at);
    at += part.byteLength;
  }
  return workspace.subarray(0, length);
}

/** The key that a process agrees on others with (X25519), made at its start and kept nowhere. */
export class AnswerKey {
  /** The public half, as others are told of it. */
  readonly text: string;
  private readonly key: KeyObject;
  private readonly shared = new LRUCache<string, AnswerCode>({ max: REMEMBERED });

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    this.text = String(publicKey.export({ format: 'jwk' }).x);
    this.key = privateKey;
  }

  /** What this process and the one with that public key know, and nobody else; undefined where the text is no key. */
  sharedWith(text: string): AnswerCode | undefined {
    const known = this.shared.get(text);
    if (known) return known;
    const agreed = this.agreed(text);
    if (agreed) this.shared.set(text, agreed);
    return agreed;
  }

  private agreed(text: string): AnswerCode | undefined {
    try {
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: text }, format: 'jwk' });
      const secret = diffieHellman({ privateKey: this.key, publicKey });
      return new AnswerCode(new Uint8Array(hkdfSync('sha256', secret, '', 'apollo answer', BYTES)));
    } catch {
      return undefined;
    }
  }
}
