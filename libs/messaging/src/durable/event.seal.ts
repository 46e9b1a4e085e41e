import { createHash } from 'node:crypto';
import { DomainError, type ServiceName } from '@apollo/contracts';
import { type CryptoKey, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';

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

/** Signs events of one service. */
export class EventSealer {
  private constructor(
    private readonly service: ServiceName,
    private readonly key: CryptoKey | Uint8Array,
  ) {}

  /** @param jwk private Ed25519 key of the service */
  static async create(service: ServiceName, jwk: JWK): Promise<EventSealer> {
    return new EventSealer(service, await importJWK(jwk, 'EdDSA'));
  }

  seal(event: SealedEvent): Promise<string> {
    return new SignJWT(claimsOf(event)).setProtectedHeader({ alg: 'EdDSA', kid: this.service, typ: TYPE }).setIssuer(this.service).setJti(event.id).sign(this.key);
  }
}

/** Verifies events of every service. */
export class EventVerifier {
  private constructor(private readonly keys: ReadonlyMap<string, CryptoKey | Uint8Array>) {}

  /** @param jwks public keys of every service, `kid` = service name */
  static async create(jwks: readonly JWK[]): Promise<EventVerifier> {
    return new EventVerifier(new Map(await Promise.all(jwks.map(async (jwk) => [String(jwk.kid), await importJWK(jwk, 'EdDSA')] as const))));
  }

  /** @throws DomainError `message_rejected` unless `service` sealed exactly this event */
  async verify(seal: string, service: ServiceName, event: SealedEvent): Promise<void> {
    const key = this.keys.get(service);
    try {
      if (!key) throw new Error('unknown key');
      const { payload, protectedHeader } = await jwtVerify(seal, key, { algorithms: ['EdDSA'], issuer: service, typ: TYPE });
      const expected = claimsOf(event);
      const fits = protectedHeader.kid === service && payload.jti === event.id && Object.entries(expected).every(([name, value]) => payload[name] === value);
      if (!fits) throw new Error('another event');
    } catch {
      throw new DomainError('message_rejected', 'The event is not sealed by the service it names.');
    }
  }
}

function claimsOf({ org, type, entityId, entityVersion, body }: SealedEvent): Record<string, string | number> {
  return { org, type, entity: entityId, version: entityVersion, sha256: createHash('sha256').update(body).digest('base64url') };
}
