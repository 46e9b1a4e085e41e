import { readFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { inboxRules, inboxTables, LARGEST_EVENT_BYTES, outboxFunctions, outboxTables } from './durable.tables.js';

describe('the functions of an outbox', () => {
  it('take events as large as the code says', async () => {
    const text = await readFile(new URL('write_event.sql', outboxFunctions), 'utf8');
    expect(text).toContain(`octet_length(payload) > ${LARGEST_EVENT_BYTES}\n`);
  });
});

describe('the tables of durable events', () => {
  it('are as services have migrated them: another form takes a migration of each', async () => {
    const tables = [...outboxTables('sample'), ...inboxTables('sample')];
    const made = {
      service: 'sample',
      tables,
      rules: inboxRules('sample'),
      packageUrl: new URL(import.meta.url),
      functions: [],
    };
    const golden = await readFile(new URL('../../golden/tables.sql', import.meta.url), 'utf8');
    expect(await schemaSql(made)).toBe(golden);
  });
});
