import { p, tenantTable } from '@apollo/tenancy/postgres';

/** Most saved mappings of one organization. */
export const MOST_MAPPINGS = 50;
/** Bytes of what one may say, as JSON: a page of them is read before it is known how many a message can carry. */
export const MOST_SETTINGS = 65_536;
/** Octets, which the database counts with blanks. */
const STORED = 2 * MOST_SETTINGS;

const mappings = tenantTable({
  name: 'ImportMapping',
  schema: 'leads',
  table: 'import_mappings',
  deletable: true,
  properties: { name: p.text(), settings: p.json(), savedAt: p.datetime(3) },
  octets: { settings: STORED },
  rawIndexes: [
    {
      name: 'import_mappings_name',
      expression: 'create unique index import_mappings_name on leads.import_mappings (org_id, lower(name))',
    },
  ],
});

export const savedMappingTables = [mappings];

/** What a preview or an import is given of one is no more than a request may say, whatever SQL wrote it. */
export const savedMappingRules: readonly string[] = [
  `alter table leads.import_mappings add constraint import_mappings_bounded check (length(name) <= 100);`,
];
