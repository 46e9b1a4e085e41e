import { readFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { auditTables } from '../audit/audit.tables.js';
import { mailTable } from '../mail/mail.tables.js';
import { purgeTables } from '../purge/purge.tables.js';
import { idempotencyTables } from './idempotency.tables.js';

describe('the tables of the kit', () => {
  it('are as services have migrated them: another form takes a migration of each', async () => {
    const tables = [
      ...[...auditTables('sample'), ...idempotencyTables('sample')],
      ...[mailTable('sample'), ...purgeTables('sample')],
    ];
    const made = { service: 'sample', tables, rules: [], packageUrl: new URL(import.meta.url), functions: [] };
    const golden = await readFile(new URL('../../golden/tables.sql', import.meta.url), 'utf8');
    expect(await schemaSql(made)).toBe(golden);
  });
});
