import { type ForeignKey, p, tenantTable } from '@apollo/tenancy/postgres';

const activities = tenantTable({
  name: 'Activity',
  schema: 'leads',
  table: 'activities',
  access: 'append',
  properties: { leadId: p.uuid(), kind: p.text(), actor: p.text(), at: p.datetime(3), detail: p.json() },
  indexes: [['leadId', 'id']],
  // A note of 5,000 characters is the longest.
  octets: { detail: 16_384 },
});

export const activityTables = [activities];

export const activityForeignKeys: readonly ForeignKey[] = [
  // The history of a lead goes with the lead, by the database itself: no role may take single entries out.
  {
    name: 'activities_lead',
    table: 'activities',
    columns: ['lead_id'],
    target: 'leads',
    targetColumns: ['id'],
    cascade: true,
  },
];
