import { ROLES } from '@apollo/contracts';
import { p, tenantTable } from '@apollo/tenancy/postgres';

/** A membership; its id is the person's. Name and address are those the person had when they joined. */
export const members = tenantTable({
  name: 'Member',
  schema: 'orgs',
  table: 'members',
  deletable: true,
  properties: {
    email: p.text(),
    name: p.text(),
    role: p.enum(ROLES),
    joinedAt: p.datetime(3),
    version: p.integer().default(1),
  },
  indexes: [['email'], ['joinedAt', 'id']],
});
