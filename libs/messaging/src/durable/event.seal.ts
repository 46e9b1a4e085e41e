import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { DomainError, type ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';

/** Tells a seal from a context token, which the same keys sign. */
const TYPE = 'event+jwt';
/** Ed25519 names its own digest. */
const NO_DIGEST = null;

/** What a seal vouches for: one event, down to its last byte. It never expires; consumers handle an event once. */
export interface SealedEvent {
  readonly org: string;
  readonly id: string;
  readonly type: string;
  readonly entityId: string;
  readonly entityVersion: number;
  readonly body: string;
}

/**
 * Signs events of one service. A seal is a JSON Web Signature; there is exactly one text it can be for an event, so it is
 * written and compared as text, by Node itself: a promise and a thread per event would cost more than the signature.
 */
export class EventSealer {
  private readonly key: KeyObject;

  /** @param jwk private Ed25519 key of the service */
  constructor(
    private readonly service: ServiceName,
    jwk: JWK,
  ) {
    this.key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  }

  seal(event: SealedEvent): string {
    const text = signedText(this.service, event);
    return `${text}.${sign(NO_DIGEST, Buffer.from(text), this.key).toString('base64url')}`;
  }
}

/** Verifies events of every service. */
export class EventVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /** @param jwks public Ed25519 keys of every service, `kid` = service name */
  constructor(jwks: readonly JWK[]) {
    this.keys = new Map(jwks.map((jwk) => [String(jwk.kid), createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })]));
  }

  /** @throws DomainError `message_rejected` unless `service` sealed exactly this event */
  verify(seal: string, service: ServiceName, event: SealedEvent): void {
    const key = this.keys.get(service);
    const [text, signature] = [seal.slice(0, seal.lastIndexOf('.')), seal.slice(seal.lastIndexOf('.') + 1)];
    try {
      if (!key || key.asymmetricKeyType !== 'ed25519') throw new Error('unknown key');
      const fits = text === signedText(service, event);
      if (!fits) throw new Error('another event');
      if (!verify(NO_DIGEST, Buffer.from(text), key, Buffer.from(signature, 'base64url'))) throw new Error('not genuine');
    } catch {
      throw new DomainError('message_rejected', 'The event is not sealed by the service it names.');
    }
  }
}

/** Header and claims, encoded: what is signed. */
function signedText(service: ServiceName, { org, id, type, entityId, entityVersion, body }: SealedEvent): string {
  const sha256 = createHash('sha256').update(body).digest('base64url');
  const claims = { org, type, entity: entityId, version: entityVersion, sha256, iss: service, jti: id };
  return `${encoded({ alg: 'EdDSA', kid: service, typ: TYPE })}.${encoded(claims)}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
