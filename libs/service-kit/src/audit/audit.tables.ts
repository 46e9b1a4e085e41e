import { p, tenantTable } from '@apollo/tenancy/postgres';

/** The tables of a service's audit log: entries anyone of the org may be shown, and the head of each chain. */
export function auditTables(schema: string) {
  const entries = tenantTable({
    name: 'AuditEntry',
    schema,
    table: 'audit_entries',
    access: 'read',
    properties: {
      seq: p.bigint('number'),
      at: p.datetime(),
      actor: p.text(),
      action: p.text(),
      outcome: p.text(),
      subject: p.text().nullable(),
      detail: p.json(),
      requestId: p.text(),
      hash: p.text(),
    },
    uniques: [['seq']],
    indexes: [['actor', 'seq']],
    octets: { detail: 16_384 },
  });
  const heads = tenantTable({
    name: 'AuditHead',
    schema,
    table: 'audit_heads',
    access: 'none',
    properties: { seq: p.bigint('number'), hash: p.text() },
  });
  return [entries, heads];
}

/** `append_audit`, the only way an entry comes to be: a folder of the functions of each schema with these tables. */
export const auditFunctions = new URL('../../functions/audit/', import.meta.url);
