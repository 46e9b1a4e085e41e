import { assertLed, type ForeignKey, foreignKeyStatements } from './foreign.key.js';
import { globalTable, p, personTable, schemaSql, tenantPersonalTable, tenantTable } from './index.js';

const schema = 'referring';
const properties = { otherId: p.uuid() };
const reason = 'a slug must be found before its organization is known';
const tables = [
  tenantTable({ name: 'Lead', schema, table: 'leads', properties }),
  tenantTable({ name: 'Stage', schema, table: 'stages', properties }),
  tenantPersonalTable({ name: 'Note', schema, table: 'notes', properties }),
  personTable({ name: 'Session', schema, table: 'sessions', properties }),
  personTable({ name: 'Token', schema, table: 'tokens', properties }),
  globalTable({ name: 'Slug', schema, table: 'slugs', reason, properties: { slug: p.text().primary() } }),
];
const key = (table: string, target: string, more: Partial<ForeignKey> = {}): ForeignKey => ({
  name: 'the_key',
  table,
  columns: ['other_id'],
  target,
  targetColumns: ['id'],
  ...more,
});

describe('a foreign key', () => {
  it.each([
    [key('leads', 'stages'), 'leads', '(org_id, other_id) references referring.stages (org_id, id);'],
    [
      key('tokens', 'sessions', { cascade: true, fromNowOn: true }),
      'tokens',
      '(user_id, other_id) references referring.sessions (user_id, id) on delete cascade not valid;',
    ],
    [
      key('leads', 'notes', { columns: ['by', 'other_id'], targetColumns: ['user_id', 'id'] }),
      'leads',
      '(org_id, by, other_id) references referring.notes (org_id, user_id, id);',
    ],
  ])('begins on both sides with whose the rows are: %j', (declared, table, end) => {
    expect(foreignKeyStatements(schema, [declared])).toEqual([
      `alter table referring.${table} add constraint the_key foreign key ${end}`,
    ]);
  });

  it.each([
    ['leads', 'sessions'],
    ['tokens', 'leads'],
    ['slugs', 'slugs'],
    ['leads', 'slugs'],
    ['leads', 'unknown'],
  ])('leads from %s to %s nowhere: their rows are not of the same', (table, target) => {
    expect(() => foreignKeyStatements(schema, [key(table, target)])).toThrow('are not of the same');
  });

  it.each([
    'alter table referring.leads add constraint the_key foreign key (other_id) references referring.stages (id);',
    'alter table referring.leads add column stage uuid references referring.stages;',
    'ALTER TABLE referring.leads ADD FOREIGN KEY (org_id, other_id) REFERENCES referring.stages (org_id, id);',
  ])('is no rule of a table: %s', async (rule) => {
    const made = { service: schema, tables, rules: [rule], packageUrl: new URL(import.meta.url), functions: [] };
    await expect(schemaSql(made)).rejects.toThrow('a foreign key among its rules');
  });

  it.each([
    ['org_id', 'org_id', undefined],
    ['stage_org', 'org_id', 'the_key does not begin'],
    ['org_id', 'id', 'the_key does not begin'],
  ])('of a relation begins so as well: (%s, …) to (%s, …)', (first, aim, problem) => {
    const generated = `alter table "referring"."leads" add constraint "the_key" foreign key ("${first}", "stage") references "referring"."stages" ("${aim}", "id") on delete cascade;`;
    const check = () => assertLed(schema, `${generated}\n`, []);
    if (problem) expect(check).toThrow(problem);
    else expect(check).not.toThrow();
    expect(() => assertLed(schema, 'create table a (b uuid references c);', [])).toThrow('begins with nothing known');
  });
});
