import { p, personTable, platformTable, tenantTable } from '@apollo/tenancy/postgres';

/** Where commands of each scope remember their answers; one table per scope, so that each has its own policy. */
export function idempotencyTables(schema: string) {
  const properties = {
    actor: p.text(),
    messageType: p.text(),
    idempotencyKey: p.text(),
    requestHash: p.text(),
    reply: p.text(),
    createdAt: p.datetime().defaultRaw('now()'),
  };
  const rules = {
    deletable: true,
    uniques: [['actor', 'messageType', 'idempotencyKey']],
    indexes: [['createdAt']],
    // What one message carries.
    octets: { reply: 1_048_576 },
  };
  return [
    tenantTable({ name: 'OrgCommand', schema, table: 'org_commands', properties, ...rules }),
    personTable({ name: 'PersonCommand', schema, table: 'person_commands', properties, ...rules }),
    platformTable({ name: 'PlatformCommand', schema, table: 'platform_commands', properties, ...rules }),
  ];
}
