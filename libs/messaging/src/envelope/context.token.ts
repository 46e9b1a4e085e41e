import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type ContractScope, DomainError, type ServiceName } from '@apollo/contracts';
import { type ActingRole, isUuid, type TenantContext } from '@apollo/tenancy';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { openClaims, type OpenedClaims, signClaims } from './signed.claims.js';

/** Seconds a context token is valid; the bound on how long a leaked one is of any use. */
export const TOKEN_LIFETIME_SECONDS = 120;
/** A cached token is used until this much of its life is left. */
const RENEW_BEFORE_SECONDS = 60;
/** Seconds by which two services' clocks may differ. */
const CLOCK_LEEWAY_SECONDS = 5;

/** What a verified context token says. */
export interface TokenClaims {
  readonly issuer: ServiceName;
  readonly scope: ContractScope;
  readonly orgId: string | null;
  readonly actor: string;
  readonly role: ActingRole;
  /** Version of the membership the gateway saw; absent outside of organizations. */
  readonly membershipVersion?: number;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Signs, for one service, who it acts for towards one audience. */
export class ContextTokenSigner {
  private readonly tokens = new LRUCache<string, { token: string; expires: number }>({ max: 20_000 });

  private constructor(
    private readonly service: ServiceName,
    private readonly key: KeyObject,
  ) {}

  /** @param jwk private Ed25519 key of the service */
  static async create(service: ServiceName, jwk: JWK): Promise<ContextTokenSigner> {
    return new ContextTokenSigner(service, createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }));
  }

  /** A token naming the context, for `audience` only; the same one again while it is fresh. */
  async sign(context: TenantContext, audience: readonly ServiceName[], nowMs: number): Promise<string> {
    const key = `${audience.join()}|${context.scope}|${context.orgId}|${context.actor}|${context.role}|${context.membershipVersion}`;
    const now = Math.floor(nowMs / 1000);
    const known = this.tokens.get(key);
    if (known && known.expires - now > RENEW_BEFORE_SECONDS) {
      return known.token;
    }
    const expires = now + TOKEN_LIFETIME_SECONDS;
    const claims = {
      scope: context.scope, org: context.orgId, role: context.role, mv: context.membershipVersion,
      iss: this.service, aud: [...audience], sub: context.actor, iat: now, exp: expires,
    };
    const token = signClaims(claims, this.service, this.key);
    this.tokens.set(key, { token, expires });
    return token;
  }
}

/** Verifies context tokens for one audience; each token's signature is checked once. */
export class ContextTokenVerifier {
  private readonly verified = new LRUCache<string, TokenClaims>({ max: 20_000 });

  private constructor(
    private readonly audience: ServiceName,
    private readonly keys: ReadonlyMap<string, KeyObject>,
  ) {}

  /** @param jwks public keys of every service, `kid` = service name */
  static async create(audience: ServiceName, jwks: readonly JWK[]): Promise<ContextTokenVerifier> {
    const keys = jwks.map((jwk) => [String(jwk.kid), createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })] as const);
    return new ContextTokenVerifier(audience, new Map(keys));
  }

  /**
   * @throws DomainError `message_rejected` for a token that is forged, expired, meant for another audience, or
   *   vouches for more than its issuer may: only the gateway speaks for people
   */
  async verify(token: string, nowMs: number): Promise<TokenClaims> {
    const claims = this.verified.get(token) ?? this.check(token, nowMs);
    if (claims.expires <= nowMs / 1000) {
      throw new DomainError('message_rejected', 'The context token has expired.');
    }
    return claims;
  }

  private check(token: string, nowMs: number): TokenClaims {
    try {
      const { payload, protectedHeader } = openClaims(token, (kid) => this.keys.get(kid));
      if (![payload['aud']].flat().includes(this.audience)) throw new Error('meant for somebody else');
      checkAge(payload, nowMs / 1000);
      if (payload['iss'] !== protectedHeader.kid) throw new Error('issuer and key differ');
      const claims = payload as unknown as { iss: ServiceName; sub: string; scope: ContractScope; org: string | null; role: ActingRole; mv?: number; exp: number };
      const result: TokenClaims = { issuer: claims.iss, scope: claims.scope, orgId: claims.org, actor: claims.sub, role: claims.role, membershipVersion: claims.mv, expires: claims.exp };
      if (!plausible(result)) throw new Error('the issuer may not vouch for this');
      this.verified.set(token, result);
      return result;
    } catch {
      throw new DomainError('message_rejected', 'The context token is not valid.');
    }
  }
}

/** Issued at most a token's life ago and not in the future, by whatever clock. */
function checkAge({ iat, exp }: OpenedClaims['payload'], now: number): void {
  if (!Number.isInteger(iat) || !Number.isInteger(exp)) throw new Error('of no known age');
  const age = now - (iat as number);
  if (age > TOKEN_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS || age < -CLOCK_LEEWAY_SECONDS) throw new Error('too old or too young');
}

function plausible(claims: TokenClaims): boolean {
  const orgFits = (claims.scope === 'org') === isUuid(claims.orgId);
  const mayVouch = claims.issuer === 'gateway' || (claims.actor === `system:${claims.issuer}` && claims.role === 'system');
  return orgFits && mayVouch;
}
