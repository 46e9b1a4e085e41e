import { p, tenantTable } from '@apollo/tenancy/postgres';
import { foreignKey } from '../foreign.key.js';
import { COLLATION, folded } from './folded.text.js';

const leads = tenantTable({
  name: 'Lead',
  schema: 'leads',
  table: 'leads',
  deletable: true,
  properties: {
    pipelineId: p.uuid(),
    stageId: p.uuid(),
    contactName: p.text(),
    company: p.text().nullable(),
    email: p.text().nullable(),
    phone: p.text().nullable(),
    site: p.text().nullable(),
    city: p.text().nullable(),
    state: p.text().nullable(),
    country: p.text().nullable(),
    ownerId: p.uuid().nullable(),
    valueMinor: p.bigint('number').nullable(),
    tags: p.array().columnType('text[]').defaultRaw("'{}'"),
    customFields: p.json().defaultRaw("'{}'"),
    externalId: p.text().nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer().default(1),
    // What sorting by name and searching look at; the database derives both, so no writer can forget them.
    nameKey: p
      .text()
      .collation(COLLATION)
      .generated(`(${folded('contact_name')}) stored`),
    searchText: p
      .text()
      .collation(COLLATION)
      .generated(
        `(${folded("contact_name || chr(10) || coalesce(company, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone, '') || chr(10) || jsonb_path_query_array(custom_fields, '$.*')::text")}) stored`,
      ),
  },
  uniques: [['externalId']],
  // Rows of an import are recognized by them, where its importer chooses so.
  rawIndexes: [
    { name: 'leads_email', expression: 'create index leads_email on leads.leads (org_id, lower(email))' },
    { name: 'leads_phone', expression: 'create index leads_phone on leads.leads (org_id, phone)' },
  ],
  // Each list sorted by age or name, and each board column, is one walk along one of these.
  indexes: [
    ['createdAt', 'id'],
    ['updatedAt', 'id'],
    ['nameKey', 'id'],
    ['pipelineId', 'createdAt', 'id'],
    ['stageId', 'createdAt', 'id'],
    ['ownerId', 'createdAt', 'id'],
  ],
});

export const leadTables = [leads];

export const leadForeignKeys = [
  foreignKey({
    name: 'leads_stage',
    table: 'leads',
    columns: ['org_id', 'pipeline_id', 'stage_id'],
    target: 'stages',
    targetColumns: ['org_id', 'pipeline_id', 'id'],
  }),
];
