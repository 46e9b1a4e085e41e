import { p, tenantTable } from '@apollo/tenancy/postgres';

/** One row per organization, its id the organization's own. */
export const organizations = tenantTable({
  name: 'Organization',
  schema: 'orgs',
  table: 'organizations',
  properties: {
    slug: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    country: p.text().nullable(),
    timeZone: p.text(),
    language: p.text(),
    currency: p.text(),
    mfaRequired: p.boolean().default(false),
    status: p.enum(['active', 'suspended', 'deleted'] as const).default('active'),
    /** Why an operator suspended it. */
    statusReason: p.text().nullable(),
    createdAt: p.datetime(3),
    deletedAt: p.datetime(3).nullable(),
    purgeAfter: p.datetime(3).nullable(),
    version: p.integer().default(1),
  },
});

/** What people of other organizations are told too is what the contracts can tell, whatever SQL wrote it. */
export const orgRules: readonly string[] = [
  `alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\\u0001-\\u001f\\u007f-\\u009f]' and slug ~ '^[a-z0-9-]{1,40}$');`,
];
