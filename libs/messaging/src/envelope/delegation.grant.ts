import {
  type AskedContract,
  DomainError,
  LONGEST_DELEGATION_SECONDS,
  may,
  SERVICES,
  type ServiceName,
} from '@apollo/contracts';
import { isUuid, newId, type TenantContext } from '@apollo/tenancy';
import { LRUCache } from 'lru-cache';
import { serviceOf } from './compact.jws.js';
import { CLOCK_LEEWAY_SECONDS, type ContextTokenSigner, type ContextTokenVerifier } from './context.token.js';

/** Tells a grant from a context token and from the seal of an event, which the same key signs. */
const TYPE = 'delegation+jwt';
/** The only one that vouches for people. */
const ISSUER: ServiceName = 'gateway';
/** Permissions that a grant names at most: more than there are. */
const MOST_PERMISSIONS = 50;

/** What a verified grant says: this run of this service may act in this organization for this person. */
export interface Grant {
  /** Who may act by it, and nobody else. */
  readonly service: ServiceName;
  readonly orgId: string;
  readonly person: string;
  readonly run: string;
  /** What may be done at most; what the person may at that moment bounds it as well. */
  readonly permissions: readonly string[];
  /** How often the person had been signed out everywhere by then: once more, and the grant is of no use. */
  readonly signOuts: number;
  /** Whether the person was signed in with a second factor; absent in one of the release before. */
  readonly mfa?: boolean;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** What is signed. */
interface GrantClaims {
  readonly iss: string;
  readonly aud: readonly [ServiceName];
  readonly org: string;
  readonly sub: string;
  readonly run: string;
  readonly perms: readonly string[];
  readonly outs: number;
  readonly mfa?: boolean;
  readonly iat: number;
  readonly exp: number;
}

/**
 * Grants, for whoever asks for something that is done later, what is needed to do it. The gateway's alone are believed.
 */
export class GrantWriter {
  constructor(private readonly signer: ContextTokenSigner) {}

  /**
   * The signed text for what `contract` asks under the person's context: its permissions as far as the role allows them
   * now.
   *
   * @param run id of the piece of work; a new one when left out
   * @returns undefined where there is nothing to grant, or it is not known which sign-outs would end it
   */
  write({ service, delegates }: AskedContract, context: TenantContext, run = newId(), nowMs: number) {
    const { scope, orgId, actor, role, signOuts, mfa = false } = context;
    const permissions = delegates?.permissions.filter((permission) => may(role, permission)) ?? [];
    if (!delegates || scope !== 'org' || orgId === null || permissions.length === 0 || signOuts === undefined)
      return undefined;
    const now = Math.floor(nowMs / 1000);
    const claims: GrantClaims = {
      iss: ISSUER,
      aud: [service],
      org: orgId,
      sub: actor,
      run,
      perms: permissions,
      outs: signOuts,
      mfa,
      iat: now,
      exp: now + delegates.seconds,
    };
    return this.signer.signAs(TYPE, claims);
  }
}

/** Verifies grants; each one's signature is checked once. */
export class GrantReader {
  private readonly verified = new LRUCache<string, Grant>({ max: 5_000 });

  /** @param tokens knows the public keys of every service */
  constructor(private readonly tokens: ContextTokenVerifier) {}

  /**
   * @throws DomainError `message_rejected` for a grant that is forged, expired, or lives longer than any may;
   *   `service_unavailable` for one of a moment that has not come by the clock here
   */
  read(text: string, nowMs: number): Grant {
    const grant = this.verified.get(text) ?? this.check(text, nowMs);
    if (grant.expires <= nowMs / 1000) throw new DomainError('message_rejected', 'The grant has expired.');
    return grant;
  }

  private check(text: string, nowMs: number): Grant {
    try {
      const { kid, claims } = this.tokens.openAs(TYPE, text);
      if (serviceOf(kid) !== ISSUER || claims['iss'] !== ISSUER) throw new Error('not of the gateway');
      const grant = grantOf(claims, nowMs / 1000);
      this.verified.set(text, grant);
      return grant;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('message_rejected', 'The grant is not valid.');
    }
  }
}

function grantOf(opened: Readonly<Record<string, unknown>>, now: number): Grant {
  const { aud, org, sub, run, perms, outs, mfa, iat, exp } = opened as unknown as GrantClaims;
  if (!Number.isInteger(iat) || !Number.isInteger(exp)) throw new Error('of no known age');
  // One of two clocks is wrong, and it may be this one's: who has the grant is not to lose it for that.
  if (iat > now + CLOCK_LEEWAY_SECONDS) throw new DomainError('service_unavailable', 'The grant is not issued yet.');
  if (exp > iat + LONGEST_DELEGATION_SECONDS) throw new Error('longer than any');
  if (!Array.isArray(aud) || aud.length !== 1 || !isService(aud[0])) throw new Error('not of one service');
  if (![org, sub, run].every(isUuid)) throw new Error('of nobody, or of no organization or run');
  if (!Number.isInteger(outs)) throw new Error('of an unknown session');
  if (!['boolean', 'undefined'].includes(typeof mfa)) throw new Error('of a session that is neither with nor without');
  if (!Array.isArray(perms) || perms.length > MOST_PERMISSIONS || perms.some((name) => typeof name !== 'string'))
    throw new Error('for nothing known');
  return Object.freeze({
    service: aud[0],
    orgId: org,
    person: sub,
    run,
    permissions: Object.freeze([...perms]),
    signOuts: outs,
    ...(mfa === undefined ? {} : { mfa }),
    expires: exp,
  });
}

function isService(name: unknown): name is ServiceName {
  return (SERVICES as readonly unknown[]).includes(name);
}
