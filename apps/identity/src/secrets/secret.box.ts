import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { derivedKey } from '@apollo/service-kit';

const CIPHER = 'aes-256-gcm';
const VERSION = 'v1';

/** Seals what the service must read again (TOTP secrets, private keys) and makes look-up keys of what it must not. */
export class SecretBox {
  private readonly sealing: KeyObject;
  private readonly fingerprinting: KeyObject;
  private readonly followingKey: KeyObject;

  /** @param keyHex IDENTITY_SEALING_KEY, 64 hex digits; each use has a key of its own derived from it */
  constructor(keyHex: string) {
    if (Buffer.from(keyHex, 'hex').length !== 32) throw new Error('A sealing key is 64 hex digits');
    this.sealing = derivedKey(keyHex, 'identity sealing');
    this.fingerprinting = derivedKey(keyHex, 'identity fingerprints');
    this.followingKey = derivedKey(keyHex, 'identity secrets that follow');
  }

  /** @param place what the text is and whose: it opens again only under the same words, so rows cannot be swapped */
  seal(text: string, place: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(CIPHER, this.sealing, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [VERSION, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
  }

  /** @throws Error when the text was not sealed under this key for this place */
  open(sealed: string, place: string): string {
    const [version, nonce, tag, body] = sealed.split('.');
    if (version !== VERSION || !nonce || !tag || body === undefined) throw new Error('Not a sealed text');
    const decipher = createDecipheriv(CIPHER, this.sealing, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
      .setAAD(Buffer.from(place))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
  }

  /** A UUID that stands for `text` and cannot be traced back to it without the key. */
  fingerprint(text: string): string {
    const hex = createHmac('sha256', this.fingerprinting).update(text).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** 32 bytes that follow from a secret: always the same ones, and as good as random to whoever has not the key. */
  following(secret: string): Buffer {
    return createHmac('sha256', this.followingKey).update(secret).digest();
  }
}
