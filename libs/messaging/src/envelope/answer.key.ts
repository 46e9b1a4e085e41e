import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** AES-128-GCM: as strong as what the key is agreed on by, and quicker than a keyed hash of the same answer. */
const CIPHER = 'aes-128-gcm';
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Processes with which a key is remembered. */
const REMEMBERED = 1_000;

/** An answer that nobody reads or changes but who agreed on the key. */
export interface SealedBody {
  /** What it is opened with: it goes beside the body. */
  readonly mark: Buffer;
  readonly body: Buffer;
}

/** What two processes say to each other, each way under a key of its own. */
export class AnswerCipher {
  /** @param nonce gives another one each time */
  constructor(
    private readonly sealing: KeyObject,
    private readonly opening: KeyObject,
    private readonly nonce: () => Buffer,
  ) {}

  /** @param about what is said beside the body, which is not hidden and cannot be changed either */
  seal(about: string, body: string | Uint8Array): SealedBody {
    const nonce = this.nonce();
    const cipher = createCipheriv(CIPHER, this.sealing, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(about));
    const hidden = typeof body === 'string' ? cipher.update(body, 'utf8') : cipher.update(body);
    cipher.final();
    return { mark: Buffer.concat([nonce, cipher.getAuthTag()]), body: hidden };
  }

  /** @returns the body; undefined where the other process has not said exactly this */
  open(about: string, { mark, body }: { readonly mark: Buffer; readonly body: Uint8Array }): Buffer | undefined {
    if (mark.length !== NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = mark.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.opening, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(about)).setAuthTag(mark.subarray(NONCE_BYTES));
    const shown = decipher.update(body);
    try {
      decipher.final();
      return shown;
    } catch {
      return undefined;
    }
  }
}

/** The key that a process agrees on others with (X25519), made at its start and kept nowhere. */
export class AnswerKey {
  /** The public half, as others are told of it. */
  readonly text: string;
  private readonly key: KeyObject;
  private readonly shared = new LRUCache<string, AnswerCipher>({ max: REMEMBERED });
  /** Sealed so far, under all keys: those that are agreed on once more never see a nonce again. */
  private sealed = 0;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    this.text = String(publicKey.export({ format: 'jwk' }).x);
    this.key = privateKey;
  }

  /** What this process and the one with that public key know, and nobody else; undefined where the text is no key. */
  sharedWith(text: string): AnswerCipher | undefined {
    const known = this.shared.get(text);
    if (known) return known;
    const agreed = this.agreed(text);
    if (agreed) this.shared.set(text, agreed);
    return agreed;
  }

  private agreed(text: string): AnswerCipher | undefined {
    try {
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: text }, format: 'jwk' });
      const secret = diffieHellman({ privateKey: this.key, publicKey });
      return new AnswerCipher(keyOf(secret, this.text, text), keyOf(secret, text, this.text), () => this.nonce());
    } catch {
      return undefined;
    }
  }

  private nonce(): Buffer {
    this.sealed += 1;
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUIntBE(this.sealed, NONCE_BYTES - 6, 6);
    return nonce;
  }
}

/** The key under which one of the two processes speaks to the other. */
function keyOf(secret: Buffer, by: string, to: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', `apollo answer ${by} ${to}`, KEY_BYTES)));
}
