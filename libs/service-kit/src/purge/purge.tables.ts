import { p, tenantTable } from '@apollo/tenancy/postgres';

/** The table of what a service has purged, of each organization and table. It stays when all else is gone. */
export function purgeTables(schema: string) {
  return [
    tenantTable({
      name: 'PurgeReceipt',
      schema,
      table: 'purge_receipts',
      access: 'read',
      properties: {
        tableName: p.text(),
        // `deleted` or `anonymized`.
        outcome: p.text(),
        rowCount: p.bigint('number'),
        notedAt: p.datetime(3),
      },
      uniques: [['tableName', 'outcome']],
      octets: { tableName: 63, outcome: 20 },
    }),
  ];
}
