import { p, tenantTable } from '@apollo/tenancy/postgres';

/** Most options of one field. */
export const MOST_OPTIONS = 100;

const leadFields = tenantTable({
  name: 'LeadField',
  schema: 'leads',
  table: 'lead_fields',
  properties: {
    key: p.text(),
    label: p.text(),
    kind: p.text(),
    options: p.array().columnType('text[]'),
    archived: p.boolean(),
  },
  uniques: [['key']],
});

export const fieldTables = [leadFields];

/** What every cell of an import and every lead is compared with is as much as a request may define, whatever SQL wrote it. */
export const fieldRules: readonly string[] = [
  `alter table leads.lead_fields add constraint lead_fields_bounded check (key ~ '^[a-z][a-z0-9_]{0,59}$' and length(label) <= 100
  and kind in ('text', 'number', 'date', 'select', 'multi_select', 'money') and cardinality(options) <= ${MOST_OPTIONS}) not valid;`,
];
