import { readFile } from 'node:fs/promises';
import {
  globalTable,
  outboxTable,
  p,
  personTable,
  platformTable,
  schemaSql,
  tablesOf,
  tenantPersonalTable,
  tenantTable,
  vaultTable,
} from './index.js';

const schema = 'every';
const properties = {
  title: p.text(),
  note: p.text().nullable(),
  data: p.json(),
  list: p.array(),
  seen: p.boolean().default(false),
  madeAt: p.datetime(3),
};
const reason = 'a slug must be found before its organization is known';

/** One of each kind, with all that may be said of one. */
const tables = [
  tenantTable({
    name: 'Lead',
    schema,
    table: 'leads',
    properties,
    uniques: [['title']],
    indexes: [['madeAt', 'title']],
    rawIndexes: [{ name: 'leads_seen', expression: 'create index leads_seen on every.leads (org_id) where seen' }],
    deletable: true,
    decided: ['seen'],
    fixed: ['madeAt'],
    octets: { note: 40, data: 100_000 },
  }),
  tenantTable({ name: 'Trace', schema, table: 'traces', access: 'append', properties: { text: p.text() } }),
  tenantTable({ name: 'Book', schema, table: 'books', access: 'read', properties: { text: p.text() } }),
  tenantTable({ name: 'Head', schema, table: 'heads', access: 'none', properties: { text: p.text() } }),
  tenantPersonalTable({ name: 'Note', schema, table: 'notes', properties, deletable: true, uniques: [['title']] }),
  personTable({ name: 'Session', schema, table: 'sessions', properties, indexes: [['madeAt']] }),
  platformTable({ name: 'Mail', schema, table: 'mails', properties, deletable: true }),
  vaultTable({ name: 'Wallet', schema, table: 'wallets', properties: { stars: p.integer() } }),
  globalTable({
    name: 'Slug',
    schema,
    table: 'slugs',
    reason,
    properties: { slug: p.text().primary(), orgId: p.uuid() },
  }),
  outboxTable(schema),
];

describe('tables of each kind', () => {
  it('have the columns, keys, policies, bounds and rights that services have migrated', async () => {
    const made = { service: schema, tables, rules: [], packageUrl: new URL(import.meta.url), functions: [] };
    const golden = await readFile(new URL('../../golden/tables.sql', import.meta.url), 'utf8');
    expect(await schemaSql(made)).toBe(golden);
  });

  it('are known by what they are, with the reason of what has no tenant', () => {
    expect(tablesOf(schema).map(({ table, kind, access, deletable }) => [table, kind, access, deletable])).toEqual([
      ['leads', 'org', 'read-write', true],
      ['traces', 'org', 'append', false],
      ['books', 'org', 'read', false],
      ['heads', 'org', 'none', false],
      ['notes', 'org-personal', 'read-write', true],
      ['sessions', 'person', 'read-write', false],
      ['mails', 'platform', 'read-write', true],
      ['wallets', 'vault', 'read', false],
      ['slugs', 'global', 'none', false],
      ['outbox', 'outbox', 'outbox', false],
    ]);
    const [leads] = tablesOf(schema);
    expect(leads).toMatchObject({ decided: ['seen'], fixed: ['madeAt'], octets: { note: 40, data: 100_000 } });
    expect(
      tablesOf(schema)
        .map((table) => table.reason)
        .filter(Boolean),
    ).toEqual([reason]);
    expect(tablesOf('another')).toEqual([]);
  });

  it('have no tenant for a reason only', () => {
    const make = (why: string) => () =>
      globalTable({ name: 'X', schema: 'x', table: 'x', reason: why, properties: {} });
    expect(make('x'.repeat(19))).toThrow('x.x: opting out of tenant keys needs a stated reason');
    expect(make('x'.repeat(20))).not.toThrow();
  });
});
