import { hash } from 'node:crypto';
import { DomainError } from '@apollo/contracts';
import { type Clock, isUuid, systemClock } from '@apollo/tenancy';
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { SigningKeys } from './signing.keys.js';

/** Who an access token stands for. */
export interface SignedIn {
  readonly userId: string;
  readonly sessionId: string;
  /** When the token expires, in seconds since 1970. */
  readonly expires: number;
}

interface Verified extends SignedIn {
  readonly kid: string;
}

const ISSUER = 'apollo-identity';
const AUDIENCE = 'apollo-gateway';
/** Seconds by which identity's clock may be ahead of ours. One way only: nothing is accepted after its expiry. */
const CLOCK_LEEWAY_SECONDS = 60;
/** Seconds an access token may live, whatever it says about itself. */
const MAX_AGE_SECONDS = 600;
const shape = /^Bearer ([A-Za-z0-9_-]{1,1000}\.[A-Za-z0-9_-]{1,3000}\.[A-Za-z0-9_-]{1,200})$/i;

/** Verifies access tokens; the signature of each once, kept under the header's hash until it expires. */
export class AccessTokens {
  private readonly verified = new LRUCache<string, Verified>({ max: 20_000 });

  constructor(
    private readonly keys: SigningKeys,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * @param header the `Authorization` header
   * @throws DomainError `unauthenticated` for anything but a token of identity for us that stands now;
   *   `service_unavailable` when identity's keys cannot be had
   */
  async verify(header: string | undefined): Promise<SignedIn> {
    if (!header) throw new DomainError('unauthenticated');
    const digest = hash('sha256', header, 'base64url');
    const known = this.verified.get(digest);
    const claims = known && this.keys.stands(known.kid) ? known : await this.check(header, digest);
    if (claims.expires * 1000 <= this.clock().getTime())
      throw new DomainError('unauthenticated', 'The access token has expired.');
    return claims;
  }

  private async check(header: string, digest: string): Promise<Verified> {
    const token = shape.exec(header)?.[1];
    if (!token) throw new DomainError('unauthenticated');
    const kid = kidOf(token);
    const key = await this.keys.find(kid);
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        currentDate: new Date(this.clock().getTime()),
        clockTolerance: CLOCK_LEEWAY_SECONDS,
        maxTokenAge: MAX_AGE_SECONDS,
      });
      const { sub, sid, exp } = payload as { sub?: unknown; sid?: unknown; exp: number };
      if (!isUuid(sub) || !isUuid(sid)) throw new Error('not the ids of a session');
      const claims: Verified = { userId: sub, sessionId: sid, kid, expires: exp };
      this.verified.set(digest, claims);
      return claims;
    } catch {
      throw new DomainError('unauthenticated', 'The access token is not valid.');
    }
  }
}

/** The key a token says it was signed with: looked up among identity's own, never fetched, never a path. */
function kidOf(token: string): string {
  try {
    const [head = ''] = token.split('.');
    const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as {
      kid?: unknown;
      alg?: unknown;
    };
    if (alg === 'EdDSA' && typeof kid === 'string' && /^[\w-]{1,100}$/.test(kid)) return kid;
  } catch {
    // Not JSON: not a token.
  }
  throw new DomainError('unauthenticated', 'The access token is not valid.');
}
