import type { KeyObject } from 'node:crypto';
import { type ContractScope, DomainError, type ServiceName } from '@apollo/contracts';
import { type ActingRole, isUuid, type TenantContext } from '@apollo/tenancy';
import type { JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { AnswerKey } from './answer.key.js';
import {
  jwsText,
  keyIdOf,
  openClaims,
  type OpenedClaims,
  privateKeyOf,
  publicKeysOf,
  serviceOf,
  signText,
} from './compact.jws.js';

/** Seconds a context token is valid; the bound on how long a leaked one is of any use. */
export const TOKEN_LIFETIME_SECONDS = 120;
/** A cached token is used until this much of its life is left. */
const RENEW_BEFORE_SECONDS = 60;
/** Seconds by which two services' clocks may differ. */
export const CLOCK_LEEWAY_SECONDS = 5;

/** What a verified context token says. */
export interface TokenClaims {
  readonly issuer: ServiceName;
  readonly scope: ContractScope;
  readonly orgId: string | null;
  readonly actor: string;
  readonly role: ActingRole;
  /** Version of the membership the gateway saw; absent outside of organizations. */
  readonly membershipVersion?: number;
  /**
   * How often the person had been signed out everywhere, as the session has it; absent in one of the release before.
   */
  readonly signOuts?: number;
  /** Whether that session is one with a second factor; absent in one of the release before. */
  readonly mfa?: boolean;
  /**
   * The session by which the person acts without an organization; absent in one of the release before. Whoever then
   * cannot ask whether it still stands does what that release did, and nothing more.
   */
  readonly session?: string;
  /** The name under which a service acts later for a person, as it says. */
  readonly as?: string;
  /** What answers are sealed for; absent in a token of the release before, whose process takes them unsealed. */
  readonly answerKey?: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Signs, for one service, who it acts for towards one audience. */
export class ContextTokenSigner {
  private readonly tokens = new LRUCache<string, { token: string; expires: number }>({ max: 20_000 });
  private readonly key: KeyObject;
  private readonly kid: string;
  /** What answers to this process, and by it, are sealed with. */
  readonly answerKey = new AnswerKey();

  /** @param jwk private Ed25519 key of the service */
  constructor(
    private readonly service: ServiceName,
    jwk: JWK,
  ) {
    this.key = privateKeyOf(jwk);
    this.kid = keyIdOf(service, jwk);
  }

  /** A token naming the context, for `audience` only; the same one again while it is fresh. */
  sign(context: TenantContext, audience: readonly ServiceName[], nowMs: number): string {
    const { scope, orgId, actor, role, membershipVersion, signOuts, mfa, session, delegation } = context;
    const standing = [membershipVersion, signOuts, mfa, session];
    const key = [audience.join(), scope, orgId, actor, role, ...standing, delegation?.as].join('|');
    const now = Math.floor(nowMs / 1000);
    const known = this.tokens.get(key);
    if (known && known.expires - now > RENEW_BEFORE_SECONDS) {
      return known.token;
    }
    const expires = now + TOKEN_LIFETIME_SECONDS;
    const claims = {
      scope,
      org: orgId,
      role,
      mv: membershipVersion,
      outs: signOuts,
      mfa,
      sid: session,
      as: delegation?.as,
      ek: this.answerKey.text,
      iss: this.service,
      aud: [...audience],
      sub: actor,
      iat: now,
      exp: expires,
    };
    const token = signText(jwsText({ kid: this.kid }, claims), this.key);
    this.tokens.set(key, { token, expires });
    return token;
  }

  /** Claims of another kind, under the same key. @param typ what kind; never that of a context token, which has none */
  signAs(typ: string, claims: object): string {
    return signText(jwsText({ kid: this.kid, typ }, claims), this.key);
  }
}

/** Verifies context tokens for one audience; each token's signature is checked once. */
export class ContextTokenVerifier {
  private readonly verified = new LRUCache<string, TokenClaims>({ max: 20_000 });
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /** @param jwks public Ed25519 keys of every service; see `publicKeysOf` */
  constructor(
    private readonly audience: ServiceName,
    jwks: readonly JWK[],
  ) {
    this.keys = publicKeysOf(jwks);
  }

  /**
   * @throws DomainError `message_rejected` for a token that is forged, expired, meant for another audience, or
   *   vouches for more than its issuer may: only the gateway speaks for people
   */
  verify(token: string, nowMs: number): TokenClaims {
    const claims = this.verified.get(token) ?? this.check(token, nowMs);
    if (claims.expires <= nowMs / 1000) {
      throw new DomainError('message_rejected', 'The context token has expired.');
    }
    return claims;
  }

  /** Opens claims of another kind; see `openClaims`. */
  openAs(typ: string, text: string): OpenedClaims {
    return openClaims(text, (id) => this.keys.get(id), typ);
  }

  private check(token: string, nowMs: number): TokenClaims {
    try {
      const { kid, claims } = openClaims(token, (id) => this.keys.get(id));
      if (![claims['aud']].flat().includes(this.audience)) throw new Error('meant for somebody else');
      if (claims['iss'] !== serviceOf(kid)) throw new Error('issuer and key differ');
      const result = claimsOf(claims, nowMs / 1000);
      if (!plausible(result)) throw new Error('the issuer may not vouch for this');
      this.verified.set(token, result);
      return result;
    } catch {
      throw new DomainError('message_rejected', 'The context token is not valid.');
    }
  }
}

/** What the claims say; whatever expiry they name, they count no longer than any token does. */
function claimsOf(opened: OpenedClaims['claims'], now: number): TokenClaims {
  const claims = opened as {
    iss: ServiceName;
    sub: string;
    scope: ContractScope;
    org: string | null;
    role: ActingRole;
    mv?: number;
    outs?: number;
    mfa?: boolean;
    sid?: string;
    as?: string;
    ek?: string;
    iat: number;
    exp: number;
  };
  if (!Number.isInteger(claims.iat) || !Number.isInteger(claims.exp)) throw new Error('of no known age');
  if (claims.iat > now + CLOCK_LEEWAY_SECONDS) throw new Error('not issued yet');
  return {
    issuer: claims.iss,
    scope: claims.scope,
    orgId: claims.org,
    actor: claims.sub,
    role: claims.role,
    membershipVersion: claims.mv,
    signOuts: claims.outs,
    mfa: claims.mfa,
    session: claims.sid,
    as: claims.as,
    answerKey: claims.ek,
    expires: Math.min(claims.exp, claims.iat + TOKEN_LIFETIME_SECONDS),
  };
}

function plausible(claims: TokenClaims): boolean {
  const orgFits = (claims.scope === 'org') === isUuid(claims.orgId);
  const mayVouch =
    claims.issuer === 'gateway' || (claims.actor === `system:${claims.issuer}` && claims.role === 'system');
  return orgFits && mayVouch;
}
