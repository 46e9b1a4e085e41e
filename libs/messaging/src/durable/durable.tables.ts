import { globalTable, outboxTable, p, platformTable, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';

/** The table of a service that tells of durable events. */
export function outboxTables(schema: string): ServiceSchema['tables'] {
  return [outboxTable(schema)];
}

/**
 * The tables of a service that takes durable events: how far it has come with each entity of other services, the events
 * it could not handle and where they are, and how far it has compared itself with each producer. The first three are written
 * by `inboxFunctions` alone.
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
