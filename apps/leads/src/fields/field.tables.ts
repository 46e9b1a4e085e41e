import { p, tenantTable } from '@apollo/tenancy/postgres';

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
