import { globalTable, outboxTable, p, platformTable, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';

/**
 * Bytes an event's payload may have: ids and a few facts. What an organization's events take of a stream is bounded by
 * it; see `streamConfig`.
 */
export const LARGEST_EVENT_BYTES = 2_000;

/**
 * The only ways of a runtime role to the outbox of a schema; a folder of its functions. They ask two of the service's
 * own: `entity_of_event`, which of its events there are and what each is told of, and `payload_of_event`, what is told.
 */
export const outboxFunctions = new URL('../../functions/outbox/', import.meta.url);

/**
 * The only ways of a runtime role to write the tables of `inboxTables`: for the organization of the tag, and as whoever
 * handles an event or, for an operator, the service itself. No statement under a tag of the organization's people has
 * the service take an event for known, or for one that waits. A folder of the schema's functions; they ask one of the
 * service's own, `takes_event`.
 */
export const inboxFunctions = new URL('../../functions/inbox/', import.meta.url);

/** What the tables of `inboxTables` are held to. */
export function inboxRules(schema: string): ServiceSchema['rules'] {
  return [`alter table ${schema}.inbox add constraint inbox_version check (version > 0);`];
}

/** The outbox of a service that emits durable events. */
export function outboxTables(schema: string): ServiceSchema['tables'] {
  return [outboxTable(schema)];
}

/**
 * The tables of a service that takes durable events: how far it has come with each entity of other services, the events
 * it could not handle and where they are, and how far it has compared itself with each producer. The first three are
 * written by `inboxFunctions` alone.
 */
export function inboxTables(schema: string): ServiceSchema['tables'] {
  const inbox = tenantTable({
    name: 'InboxEntity',
    schema,
    table: 'inbox',
    access: 'read',
    properties: {
      source: p.text(),
      entity: p.text(),
      entityId: p.uuid(),
      version: p.bigint('number'),
      at: p.datetime(3),
    },
    uniques: [['source', 'entity', 'entityId']],
  });
  const deadLetters = tenantTable({
    name: 'DeadLetter',
    schema,
    table: 'dead_letters',
    access: 'read',
    properties: {
      type: p.text(),
      source: p.text(),
      entity: p.text(),
      entityId: p.uuid(),
      entityVersion: p.bigint('number'),
      requestId: p.text(),
      trace: p.text().nullable(),
      body: p.text(),
      reason: p.text(),
      at: p.datetime(3),
    },
    uniques: [['source', 'entity', 'entityId', 'entityVersion']],
    // What one message carries.
    octets: { body: 1_048_576 },
  });
  const blocked = globalTable({
    name: 'BlockedEntity',
    schema,
    table: 'blocked_entities',
    reason:
      'An operator, and a process that was asked to replay, must find what waits before it knows for which organization it will act.',
    properties: {
      orgId: p.uuid().primary().name('org_id'),
      source: p.text().primary(),
      entity: p.text().primary(),
      entityId: p.uuid().primary(),
      since: p.datetime(3),
      replay: p.boolean(),
    },
    rawIndexes: [
      {
        name: 'blocked_entities_in_turn',
        expression: `create index blocked_entities_in_turn on ${schema}.blocked_entities (org_id, replay desc, since)`,
      },
    ],
  });
  const positions = platformTable({
    name: 'EventPosition',
    schema,
    table: 'event_positions',
    properties: { source: p.text(), mark: p.text() },
    uniques: [['source']],
  });
  return [inbox, deadLetters, blocked, positions];
}
