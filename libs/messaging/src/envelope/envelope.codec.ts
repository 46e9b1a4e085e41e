import {
  type Contract,
  DomainError,
  orgsMessages,
  received,
  rootOf,
  type ServiceName,
  subjectOf,
  typeOf,
} from '@apollo/contracts';
import { type Delegation, newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { ContextTokenSigner, ContextTokenVerifier, TokenClaims } from './context.token.js';
import { type Grant, GrantReader, GrantWriter } from './delegation.grant.js';
import { singleHeaders } from './single.headers.js';

/** Header names: CloudEvents 1.0 in NATS binary mode, and what CloudEvents has no word for. */
export const HEADER = {
  specVersion: 'ce-specversion',
  id: 'ce-id',
  type: 'ce-type',
  source: 'ce-source',
  time: 'ce-time',
  org: 'ce-orgid',
  correlation: 'ce-correlationid',
  trace: 'traceparent',
  expires: 'apollo-expires',
  context: 'apollo-context',
  delegation: 'apollo-delegation',
  idempotency: 'apollo-idempotency-key',
  status: 'apollo-status',
  etag: 'apollo-etag',
  live: 'apollo-live',
  seal: 'apollo-sealed-answer',
} as const;

/** What the receiver knows about a message once the guard let it in. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly issuer: ServiceName;
  readonly context: TenantContext;
  /** Milliseconds since 1970, by the sender's clock, when it was written. It may be sent again, as it is, later. */
  readonly writtenAt: number;
  /** Milliseconds since 1970 after which nobody waits for the answer. */
  readonly expiresAt: number;
  /** The caller's idempotency key; the message's own id when it gave none. */
  readonly idempotencyKey: string;
  /** What the person grants with what they ask for, to be kept with the work: the text, and what it says. */
  readonly granted?: { readonly text: string; readonly grant: Grant };
  /** What the answer is sealed for; absent where the sender takes it unsealed. */
  readonly answerKey?: string;
  /** By what the sender acts for the person of the context, whose role is not known until orgs was asked. */
  readonly acting?: Grant;
}

/** What a sender may set besides the payload. */
export interface SendOptions {
  /** Milliseconds since 1970; the sender stops waiting then. */
  readonly expiresAt: number;
  readonly idempotencyKey?: string;
  /** The payload, which may name the run that is asked for. */
  readonly payload?: object;
}

/** A message as it goes to NATS. */
export interface Outgoing {
  readonly subject: string;
  readonly headers: MsgHdrs;
}

const idShape = /^[\x21-\x7e]{1,200}$/;

/** Writes envelopes: the second of the two readers of the tenant context. */
export class EnvelopeWriter {
  private readonly grants: GrantWriter;

  constructor(
    private readonly service: ServiceName,
    private readonly signer: ContextTokenSigner,
  ) {
    this.grants = new GrantWriter(signer);
  }

  /**
   * Subject and headers for a message under `context`: one of an organization for a contract of an organization, and
   * none for others.
   *
   * @throws Error when contract and context do not fit
   */
  write(contract: Contract, context: TenantContext, options: SendOptions, nowMs: number): Outgoing {
    const audience = contract.kind === 'event' ? contract.consumers : [contract.service];
    const speaker = this.speakerOf(contract, context);
    const subject = subjectOf(contract, speaker.orgId);
    const fields = headers();
    fields.append(HEADER.specVersion, '1.0');
    fields.append(HEADER.id, newId());
    fields.append(HEADER.type, typeOf(contract));
    fields.append(HEADER.source, this.service);
    fields.append(HEADER.time, new Date(nowMs).toISOString());
    fields.append(HEADER.org, speaker.orgId ?? contract.scope);
    fields.append(HEADER.correlation, context.requestId);
    fields.append(HEADER.expires, String(options.expiresAt));
    fields.append(HEADER.context, this.signer.sign({ ...speaker, scope: contract.scope }, audience, nowMs));
    const grant = this.grantFor(contract, context, options, nowMs) ?? speaker.delegation?.grant;
    if (grant) fields.append(HEADER.delegation, grant);
    if (options.idempotencyKey) fields.append(HEADER.idempotency, options.idempotencyKey);
    if (context.trace) fields.append(HEADER.trace, context.trace);
    return { subject, headers: fields };
  }

  /**
   * The gateway speaks for people; every other service only for itself, and shows beside that what it acts later by,
   * where it asks for something within the organization.
   */
  private speakerOf({ kind, scope }: Contract, context: TenantContext): TenantContext {
    if (this.service === 'gateway') return { ...context, delegation: undefined };
    const delegation =
      context.delegation?.grant && kind !== 'event' && scope === 'org' ? context.delegation : undefined;
    if (delegation) viaOf(delegation);
    const standing = { signOuts: undefined, mfa: undefined, session: undefined };
    return { ...context, ...standing, actor: `system:${this.service}`, role: 'system', delegation };
  }

  private grantFor(contract: Contract, context: TenantContext, { payload }: SendOptions, nowMs: number) {
    if (this.service !== 'gateway' || contract.kind === 'event' || !contract.delegates) return undefined;
    const { run } = contract.delegates;
    const named = run && (payload as Readonly<Record<string, string>> | undefined)?.[run];
    return this.grants.write(contract, context, named || undefined, nowMs);
  }
}

/** Reads envelopes at the message guard: all three org names must agree, or the message is refused. */
export class EnvelopeReader {
  private readonly grants: GrantReader;

  constructor(private readonly verifier: ContextTokenVerifier) {
    this.grants = new GrantReader(verifier);
  }

  /**
   * @throws DomainError `message_rejected` on any mismatch or absence, `deadline_exceeded` when it came too late
   */
  read(contract: Contract, subject: string, fields: MsgHdrs | undefined, nowMs: number): Envelope {
    const get = singleHeaders(fields);
    const claims = this.verifier.verify(get(HEADER.context), nowMs);
    checkAgreement(contract, claims, subject, get);
    const expires = get(HEADER.expires);
    const expiresAt = Number(expires);
    if (!/^\d{13}$/.test(expires)) throw new DomainError('message_rejected', 'The message names no deadline.');
    if (expiresAt <= nowMs) throw new DomainError('deadline_exceeded');
    const id = get(HEADER.id);
    const idempotencyKey = get(HEADER.idempotency) || id;
    if (!idShape.test(id) || !idShape.test(idempotencyKey))
      throw new DomainError('message_rejected', 'The message has no usable id.');
    const text = get(HEADER.delegation);
    const grant = text ? this.grants.read(text, nowMs) : undefined;
    if (grant) checkGrant(contract, claims, grant);
    const granted = grant && claims.issuer === 'gateway' ? { text, grant } : undefined;
    const acting = grant && !granted ? grant : undefined;
    const context: TenantContext = Object.freeze({
      scope: claims.scope,
      orgId: claims.orgId,
      ...(acting ? actingFor(acting, claims) : personOf(claims)),
      requestId: get(HEADER.correlation) || id,
      trace: get(HEADER.trace) || undefined,
    });
    const { issuer, answerKey } = claims;
    const writtenAt = Date.parse(get(HEADER.time));
    const said = { id, type: typeOf(contract), issuer, answerKey, writtenAt, expiresAt, idempotencyKey };
    return { ...said, context, granted, acting };
  }
}

/**
 * The grant must be what the token beside it may bring: the gateway what it is asked for, a service what it acts by
 * itself.
 */
function checkGrant(contract: Contract, claims: TokenClaims, grant: Grant): void {
  const isOurs =
    claims.issuer === 'gateway'
      ? contract.kind !== 'event' &&
        contract.delegates !== undefined &&
        grant.service === contract.service &&
        grant.person === claims.actor
      : contract.kind !== 'event' && grant.service === claims.issuer;
  if (!isOurs || grant.orgId !== claims.orgId)
    throw new DomainError('message_rejected', 'Grant and token do not name the same service, person and organization.');
}

/**
 * Of the person, in no role until it is known which one they have now, and within what the grant names. The grant
 * itself goes no further: it is the acting service's.
 */
function actingFor({ person, permissions, run }: Grant, { issuer, as }: TokenClaims) {
  const delegation = Object.freeze(viaOf({ service: issuer, run, as }));
  return { actor: person, role: 'none', permissions, delegation } as const;
}

function personOf({ actor, role, membershipVersion, signOuts, mfa, session }: TokenClaims) {
  return { actor, role, membershipVersion, signOuts, mfa, session };
}

/** @throws DomainError `message_rejected` where who acts is said in what people could not read */
function viaOf({ service, run, as }: Delegation): Delegation {
  try {
    return { ...received(orgsMessages.Via, { service, run, as }) };
  } catch {
    throw new DomainError('message_rejected', 'The name under which the service acts is none.');
  }
}

function checkAgreement(contract: Contract, claims: TokenClaims, subject: string, get: (name: string) => string): void {
  const said = claims.orgId ?? claims.scope;
  const senders: readonly string[] = contract.kind === 'event' ? [contract.service] : contract.callers;
  const fits =
    claims.scope === contract.scope &&
    subject.startsWith(`${rootOf(contract)}.${said}.`) &&
    get(HEADER.org) === said &&
    get(HEADER.type) === typeOf(contract) &&
    get(HEADER.source) === claims.issuer &&
    senders.includes(claims.issuer) &&
    get(HEADER.specVersion) === '1.0';
  if (!fits)
    throw new DomainError(
      'message_rejected',
      'Subject, envelope and token do not name the same sender, type and organization.',
    );
}

/** Opens the message's context around `fn`: the message guard. */
export function inMessageContext<T>(envelope: Envelope, fn: () => T): T {
  return runInTenantContext(envelope.context, fn);
}
