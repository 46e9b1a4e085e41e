import { p, tenantTable } from '@apollo/tenancy/postgres';

/** Who belongs to the organization, as far as this service was told; the id is the person's. */
const members = tenantTable({
  name: 'Member',
  schema: 'leads',
  table: 'members',
  deletable: true,
  properties: {
    heardAt: p.datetime(3),
    // Somebody who left with many leads owns nothing new, and stays until the last one is released: how many were so far, and
    // whether they have joined again meanwhile.
    leftAt: p.datetime(3).nullable(),
    released: p.integer().default(0),
    isBack: p.boolean().default(false),
  },
  rawIndexes: [
    {
      name: 'members_leaving',
      expression: 'create index members_leaving on leads.members (org_id, left_at) where left_at is not null',
    },
  ],
});

export const memberTables = [members];
