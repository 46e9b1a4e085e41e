import { p, tenantTable } from '@apollo/tenancy/postgres';
import { foreignKey } from '../foreign.key.js';

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

export const activityForeignKeys = [
  // The history of a lead goes with the lead, by the database itself: no role may take single entries out.
  foreignKey({
    name: 'activities_lead',
    table: 'activities',
    columns: ['org_id', 'lead_id'],
    target: 'leads',
    targetColumns: ['org_id', 'id'],
    cascade: true,
  }),
];
