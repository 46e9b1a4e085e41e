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

const TEXTS = ['contact_name', 'company', 'email', 'phone', 'site', 'city', 'state', 'country', 'external_id'];
/** Octets of one text, of all tags, and of the custom fields as JSON with every number written out. */
const [TEXT, TAGS, CUSTOM] = [10_000, 65_536, 262_144];

/** What rows of an import, and requests, are compared with is not much larger than what a request may write, whatever SQL wrote it. */
export const leadRules: readonly string[] = [
  `alter table leads.leads add constraint leads_bounded check (greatest(${TEXTS.map((name) => `octet_length(${name})`).join(', ')}) <= ${TEXT}
  and cardinality(tags) <= 50 and octet_length(tags::text) <= ${TAGS} and octet_length(custom_fields::text) <= ${CUSTOM} and version between 1 and 2000000000) not valid;`,
];

export const leadForeignKeys = [
  foreignKey({
    name: 'leads_stage',
    table: 'leads',
    columns: ['org_id', 'pipeline_id', 'stage_id'],
    target: 'stages',
    targetColumns: ['org_id', 'pipeline_id', 'id'],
  }),
  foreignKey({
    name: 'leads_owner',
    table: 'leads',
    columns: ['org_id', 'owner_id'],
    target: 'members',
    targetColumns: ['org_id', 'id'],
    fromNowOn: true,
  }),
];
