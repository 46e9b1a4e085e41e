import { type ForeignKey, p, tenantTable } from '@apollo/tenancy/postgres';
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
    // What searching looks at; the database derives it, so no writer can forget it.
    searchText: p
      .text()
      .collation(COLLATION)
      .generated(
        `(${folded("contact_name || chr(10) || coalesce(company, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone, '') || chr(10) || jsonb_path_query_array(custom_fields, '$.*')::text")}) stored`,
      ),
    // By which rows of an import are recognized, where its importer chooses so. Columns, and not expressions of an index: the policy
    // comes before whatever calls a function that is not leakproof, so such a condition reads every lead of the organization.
    emailKey: p.text().nullable().generated('(left(lower(email), 254)) stored'),
    phoneKey: p.text().nullable().generated('(left(phone, 254)) stored'),
  },
  uniques: [['externalId']],
  // The last has the common order of names; a list in another language's sorts what the organization has. All hold the
  // beginning of a text, which is the whole of each that the service writes: no row that SQL wrote is too long for them.
  rawIndexes: [
    { name: 'leads_email', expression: 'create index leads_email on leads.leads (org_id, email_key)' },
    { name: 'leads_phone', expression: 'create index leads_phone on leads.leads (org_id, phone_key)' },
    {
      name: 'leads_name',
      expression: `create index leads_name on leads.leads (org_id, left(contact_name, 200) collate pg_catalog."und-x-icu", id)`,
    },
  ],
  // Each list sorted by age, and each board column, is one walk along one of these.
  indexes: [
    ['createdAt', 'id'],
    ['updatedAt', 'id'],
    ['pipelineId', 'createdAt', 'id'],
    ['stageId', 'createdAt', 'id'],
    ['ownerId', 'createdAt', 'id'],
  ],
  // With every number written out.
  octets: { customFields: 262_144 },
});

export const leadTables = [leads];

/** What rows of an import, and requests, are compared with is not much larger than what a request may write, whatever SQL wrote it. */
export const leadRules: readonly string[] = [
  'alter table leads.leads add constraint leads_bounded check (cardinality(tags) <= 50 and version between 1 and 2000000000) not valid;',
];

export const leadForeignKeys: readonly ForeignKey[] = [
  {
    name: 'leads_stage',
    table: 'leads',
    columns: ['pipeline_id', 'stage_id'],
    target: 'stages',
    targetColumns: ['pipeline_id', 'id'],
  },
  {
    name: 'leads_owner',
    table: 'leads',
    columns: ['owner_id'],
    target: 'members',
    targetColumns: ['id'],
    fromNowOn: true,
  },
];
