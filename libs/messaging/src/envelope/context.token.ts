import { type ContractScope, DomainError, type ServiceName } from '@apollo/contracts';
import { type ActingRole, isUuid, type TenantContext } from '@apollo/tenancy';
import { type CryptoKey, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';

/** Seconds a context token is valid; the bound on how long a leaked one is of any use. */
export const TOKEN_LIFETIME_SECONDS = 120;
/** A cached token is used until this much of its life is left. */
const RENEW_BEFORE_SECONDS = 60;

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
    private readonly key: CryptoKey | Uint8Array,
  ) {}

  /** @param jwk private Ed25519 key of the service */
  static async create(service: ServiceName, jwk: JWK): Promise<ContextTokenSigner> {
    return new ContextTokenSigner(service, await importJWK(jwk, 'EdDSA'));
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
    const claims = { scope: context.scope, org: context.orgId, role: context.role, mv: context.membershipVersion };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: this.service })
      .setIssuer(this.service).setAudience([...audience]).setSubject(context.actor).setIssuedAt(now).setExpirationTime(expires)
      .sign(this.key);
    this.tokens.set(key, { token, expires });
    return token;
  }
}

/** Verifies context tokens for one audience; each token's signature is checked once. */
export class ContextTokenVerifier {
  private readonly verified = new LRUCache<string, TokenClaims>({ max: 20_000 });

  private constructor(
    private readonly audience: ServiceName,
    private readonly keys: ReadonlyMap<string, CryptoKey | Uint8Array>,
  ) {}

  /** @param jwks public keys of every service, `kid` = service name */
  static async create(audience: ServiceName, jwks: readonly JWK[]): Promise<ContextTokenVerifier> {
    const keys = await Promise.all(jwks.map(async (jwk) => [String(jwk.kid), await importJWK(jwk, 'EdDSA')] as const));
    return new ContextTokenVerifier(audience, new Map(keys));
  }

  /**
   * @throws DomainError `message_rejected` for a token that is forged, expired, meant for another audience, or
   *   vouches for more than its issuer may: only the gateway speaks for people
   */
  async verify(token: string, nowMs: number): Promise<TokenClaims> {
    const claims = this.verified.get(token) ?? (await this.check(token, nowMs));
    if (claims.expires <= nowMs / 1000) {
      throw new DomainError('message_rejected', 'The context token has expired.');
    }
    return claims;
  }

  private async check(token: string, nowMs: number): Promise<TokenClaims> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header) => this.keyOf(header.kid), {
        algorithms: ['EdDSA'], audience: this.audience, currentDate: new Date(nowMs), maxTokenAge: TOKEN_LIFETIME_SECONDS, clockTolerance: 5,
      });
      if (payload.iss !== protectedHeader.kid) throw new Error('issuer and key differ');
      const claims = payload as { iss: ServiceName; sub: string; scope: ContractScope; org: string | null; role: ActingRole; mv?: number; iat: number; exp: number };
      const result: TokenClaims = { issuer: claims.iss, scope: claims.scope, orgId: claims.org, actor: claims.sub, role: claims.role, membershipVersion: claims.mv, expires: Math.min(claims.exp, claims.iat + TOKEN_LIFETIME_SECONDS) };
      if (!plausible(result)) throw new Error('the issuer may not vouch for this');
      this.verified.set(token, result);
      return result;
    } catch {
      throw new DomainError('message_rejected', 'The context token is not valid.');
    }
  }

  private keyOf(kid: string | undefined): CryptoKey | Uint8Array {
    const key = this.keys.get(kid ?? '');
    if (!key) throw new Error('unknown key');
    return key;
  }
}

function plausible(claims: TokenClaims): boolean {
  const orgFits = (claims.scope === 'org') === isUuid(claims.orgId);
  const mayVouch = claims.issuer === 'gateway' || (claims.actor === `system:${claims.issuer}` && claims.role === 'system');
  return orgFits && mayVouch;
}
