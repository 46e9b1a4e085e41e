import { type Contract, DomainError, type ServiceName, subjectOf, typeOf } from '@apollo/contracts';
import { newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { ContextTokenSigner, ContextTokenVerifier, TokenClaims } from './context.token.js';

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
  idempotency: 'apollo-idempotency-key',
  status: 'apollo-status',
  etag: 'apollo-etag',
} as const;

/** What the receiver knows about a message once the door let it in. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly issuer: ServiceName;
  readonly context: TenantContext;
  /** Milliseconds since 1970 after which nobody waits for the answer. */
  readonly expiresAt: number;
  /** The caller's idempotency key; the message's own id when it gave none. */
  readonly idempotencyKey: string;
}

/** What a sender may set besides the payload. */
export interface SendOptions {
  /** Milliseconds since 1970; the sender stops waiting then. */
  readonly expiresAt: number;
  readonly idempotencyKey?: string;
}

/** A message as it goes to NATS. */
export interface Outgoing {
  readonly subject: string;
  readonly headers: MsgHdrs;
}

const idShape = /^[\x21-\x7e]{1,200}$/;

/** Writes envelopes: the second of the two readers of the tenant context. */
export class EnvelopeWriter {
  constructor(
    private readonly service: ServiceName,
    private readonly signer: ContextTokenSigner,
  ) {}

  /**
   * Subject and headers for a message under `context`: one of an organization for a contract of an organization, and none for others.
   *
   * @throws Error when contract and context do not fit
   */
  write(contract: Contract, context: TenantContext, options: SendOptions, nowMs: number): Outgoing {
    const audience = contract.kind === 'event' ? contract.consumers : [contract.service];
    const speaker = this.asSelf(context);
    const subject = subjectOf(contract, speaker.orgId);
    const fields = headers();
    fields.set(HEADER.specVersion, '1.0');
    fields.set(HEADER.id, newId());
    fields.set(HEADER.type, typeOf(contract));
    fields.set(HEADER.source, this.service);
    fields.set(HEADER.time, new Date(nowMs).toISOString());
    fields.set(HEADER.org, speaker.orgId ?? contract.scope);
    fields.set(HEADER.correlation, context.requestId);
    fields.set(HEADER.expires, String(options.expiresAt));
    fields.set(HEADER.context, this.signer.sign({ ...speaker, scope: contract.scope }, audience, nowMs));
    if (options.idempotencyKey) fields.set(HEADER.idempotency, options.idempotencyKey);
    if (context.trace) fields.set(HEADER.trace, context.trace);
    return { subject, headers: fields };
  }

  /** The gateway speaks for people; every other service only for itself. */
  private asSelf(context: TenantContext): TenantContext {
    return this.service === 'gateway' ? context : { ...context, actor: `system:${this.service}`, role: 'system' };
  }
}

/** Reads envelopes at the message door: all three org names must agree, or the message is refused. */
export class EnvelopeReader {
  constructor(private readonly verifier: ContextTokenVerifier) {}

  /**
   * @throws DomainError `message_rejected` on any mismatch or absence, `deadline_exceeded` when it came too late
   */
  read(contract: Contract, subject: string, fields: MsgHdrs | undefined, nowMs: number): Envelope {
    const get = (name: string): string => {
      const values = fields?.values(name) ?? [];
      if (values.length > 1) throw new DomainError('message_rejected', `The header ${name} is given twice.`);
      return values[0] ?? '';
    };
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
    const context: TenantContext = Object.freeze({
      scope: claims.scope,
      orgId: claims.orgId,
      actor: claims.actor,
      role: claims.role,
      membershipVersion: claims.membershipVersion,
      requestId: get(HEADER.correlation) || id,
      trace: get(HEADER.trace) || undefined,
    });
    return { id, type: typeOf(contract), issuer: claims.issuer, context, expiresAt, idempotencyKey };
  }
}

function checkAgreement(contract: Contract, claims: TokenClaims, subject: string, get: (name: string) => string): void {
  const place = subject.split('.')[1];
  const said = claims.orgId ?? claims.scope;
  const senders: readonly string[] = contract.kind === 'event' ? [contract.service] : contract.callers;
  const fits =
    claims.scope === contract.scope &&
    place === said &&
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

/** Opens the message's context around `fn`: the message door. */
export function throughMessageDoor<T>(envelope: Envelope, fn: () => T): T {
  return runInTenantContext(envelope.context, fn);
}
