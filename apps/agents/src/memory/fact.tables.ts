import { type ForeignKey, p, tenantTable } from '@apollo/tenancy/postgres';

const facts = tenantTable({
  name: 'Fact',
  schema: 'agents',
  table: 'facts',
  deletable: true,
  properties: {
    personaId: p.uuid(),
    text: p.text(),
    source: p.text(),
    notedBy: p.text(),
    notedAt: p.datetime(3),
    version: p.integer(),
  },
  fixed: ['personaId'],
  indexes: [['personaId', 'id']],
});

export const factTables = [facts];

/** What a run is given of a memory is no more than a request may say, whatever SQL wrote it. */
export const factRules: readonly string[] = [
  "alter table agents.facts add constraint facts_bounded check (length(text) <= 1000 and source in ('person', 'run') and length(noted_by) <= 60 and version between 1 and 2000000000);",
];

export const factForeignKeys: readonly ForeignKey[] = [
  { name: 'facts_persona', table: 'facts', columns: ['persona_id'], target: 'personas', targetColumns: ['id'] },
];
