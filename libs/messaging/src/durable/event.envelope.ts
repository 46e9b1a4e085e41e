import { DomainError, entityOf, type EventContract, type ServiceName, subjectOf, typeOf } from '@apollo/contracts';
import { isUuid, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { OutboxRow } from '@apollo/tenancy/postgres';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { HEADER } from '../envelope/envelope.codec.js';
import { singleHeaders } from '../envelope/single.headers.js';
import type { EventVerifier, SignedEvent } from './event.seal.js';

/** Headers of a durable event besides `HEADER`'s: CloudEvents' subject, its sequence extension, and the seal. */
export const EVENT_HEADER = {
  entityId: 'ce-subject',
  entityVersion: 'ce-sequence',
  seal: 'apollo-seal',
  contentType: 'content-type',
} as const;

/** A durable event as a consumer knows it once its seal is checked. */
export interface DurableEvent {
  readonly org: string;
  readonly id: string;
  readonly type: string;
  readonly entityId: string;
  readonly entityVersion: number;
  readonly requestId: string;
  readonly trace: string | undefined;
  readonly body: string;
}

/** What an event is about, as one word among all entities of all organizations. */
export function entityKey(contract: EventContract, { org, entityId }: DurableEvent): string {
  return keyOfEntity(contract.service, entityOf(contract), org, entityId);
}

/** As `entityKey`, of an entity whose events a service emits. */
export function keyOfEntity(source: ServiceName, entity: string, org: string, entityId: string): string {
  return `${org} ${source} ${entity} ${entityId}`;
}

/** What is sealed of an event of the outbox. */
export function toSign(row: OutboxRow): SignedEvent {
  return {
    org: row.org_id,
    id: row.id,
    type: row.type,
    entityId: row.entity_id,
    entityVersion: row.entity_version,
    body: row.body,
  };
}

/** Writes an event of the outbox as a CloudEvent in NATS binary mode. @param seal of this event, by `service` */
export function writeEvent(
  service: ServiceName,
  contract: EventContract,
  row: OutboxRow,
  seal: string,
): { subject: string; headers: MsgHdrs } {
  const fields = headers();
  fields.append(HEADER.specVersion, '1.0');
  fields.append(HEADER.id, row.id);
  fields.append(HEADER.type, row.type);
  fields.append(HEADER.source, service);
  fields.append(HEADER.time, row.created_at.toISOString());
  fields.append(HEADER.org, row.org_id);
  fields.append(EVENT_HEADER.entityId, row.entity_id);
  fields.append(EVENT_HEADER.entityVersion, String(row.entity_version));
  fields.append(EVENT_HEADER.contentType, 'application/json');
  fields.append(HEADER.correlation, row.request_id);
  if (row.trace) fields.append(HEADER.trace, row.trace);
  fields.append(EVENT_HEADER.seal, seal);
  return { subject: subjectOf(contract, row.org_id), headers: fields };
}

/** A version as it is written: there is one text for each. */
const VERSION = /^[1-9]\d*$/;

/**
 * Reads a durable event: subject, headers and seal must name the same organization, type, entity and body.
 *
 * @throws DomainError `message_rejected` on any mismatch or absence
 */
export function readEvent(
  contract: EventContract,
  subject: string,
  fields: MsgHdrs | undefined,
  body: string,
  verifier: EventVerifier,
): DurableEvent {
  const get = singleHeaders(fields);
  const event: DurableEvent = {
    org: subject.split('.')[1] ?? '',
    id: get(HEADER.id),
    type: get(HEADER.type),
    entityId: get(EVENT_HEADER.entityId),
    entityVersion: Number(get(EVENT_HEADER.entityVersion)),
    requestId: get(HEADER.correlation) || get(HEADER.id),
    trace: get(HEADER.trace) || undefined,
    body,
  };
  const fits =
    get(HEADER.specVersion) === '1.0' &&
    event.type === typeOf(contract) &&
    get(HEADER.source) === contract.service &&
    get(HEADER.org) === event.org &&
    [event.org, event.id, event.entityId].every((id) => isUuid(id)) &&
    VERSION.test(get(EVENT_HEADER.entityVersion)) &&
    Number.isSafeInteger(event.entityVersion);
  if (!fits) throw new DomainError('message_rejected', 'Subject and envelope do not name the same event.');
  verifier.verify(get(EVENT_HEADER.seal), contract.service, event);
  return event;
}

/**
 * Opens the context of a durable event around `fn`: the message guard for events. A reaction acts for the service that
 * told of the event; only what `readEvent` verified, or its producer answered, may come here.
 */
export function inEventContext<T>(contract: EventContract, event: DurableEvent, fn: () => T): T {
  const context: TenantContext = {
    scope: 'org',
    orgId: event.org,
    actor: `system:${contract.service}`,
    role: 'system',
    requestId: event.requestId,
    trace: event.trace,
  };
  return runInTenantContext(context, fn);
}
