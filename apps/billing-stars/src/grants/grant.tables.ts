import { p, tenantTable } from '@apollo/tenancy/postgres';

export const COMPARTMENTS = ['monthly', 'package'] as const;

/** Stars that came in. `source` names what for (a payment, a plan's month): each one is granted once. */
export const grants = tenantTable({
  name: 'Grant', schema: 'billing_stars', table: 'grants', access: 'read',
  properties: { source: p.text(), compartment: p.enum(COMPARTMENTS), stars: p.bigint('number'), period: p.date(), grantedBy: p.text(), grantedAt: p.datetime(6) },
  uniques: [['source']],
});
