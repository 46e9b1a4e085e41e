import { p, tenantTable } from '@apollo/tenancy/postgres';

/** Who belongs to the organization, as far as this service was told; the id is the person's. */
const members = tenantTable({
  name: 'Member',
  schema: 'leads',
  table: 'members',
  deletable: true,
  properties: { heardAt: p.datetime(3) },
});

export const memberTables = [members];
