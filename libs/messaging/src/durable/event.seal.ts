import { createHash, type KeyObject } from 'node:crypto';
import { DomainError, type ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';
import { jwsText, privateKeyOf, publicKeysOf, signatureHolds, signText } from '../envelope/compact.jws.js';

/** Tells a seal from a context token, which the same keys sign. */
const TYPE = 'event+jwt';

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
 * written and compared as text.
 */
export class EventSealer {
  private readonly key: KeyObject;

  /** @param jwk private Ed25519 key of the service */
  constructor(
    private readonly service: ServiceName,
    jwk: JWK,
  ) {
    this.key = privateKeyOf(jwk);
  }

  seal(event: SealedEvent): string {
    return signText(sealedText(this.service, event), this.key);
  }
}

/** Verifies events of every service. */
export class EventVerifier {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /** @param jwks public Ed25519 keys of every service, `kid` = service name */
  constructor(jwks: readonly JWK[]) {
    this.keys = publicKeysOf(jwks);
  }

  /** @throws DomainError `message_rejected` unless `service` sealed exactly this event */
  verify(seal: string, service: ServiceName, event: SealedEvent): void {
    const end = seal.lastIndexOf('.');
    const text = seal.slice(0, end);
    if (text !== sealedText(service, event) || !signatureHolds(text, seal.slice(end + 1), this.keys.get(service))) {
      throw new DomainError('message_rejected', 'The event is not sealed by the service it names.');
    }
  }
}

/** What is signed. */
function sealedText(service: ServiceName, { org, id, type, entityId, entityVersion, body }: SealedEvent): string {
  const sha256 = createHash('sha256').update(body).digest('base64url');
  return jwsText({ kid: service, typ: TYPE }, { org, type, entity: entityId, version: entityVersion, sha256, iss: service, jti: id });
}
