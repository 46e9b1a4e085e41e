import { p, tenantTable } from '@apollo/tenancy/postgres';

/** One row per organization, its id the organization's own. */
export const organizations = tenantTable({
  name: 'Organization',
  schema: 'orgs',
  table: 'organizations',
  decided: ['status', 'deletedAt', 'purgeAfter'],
  properties: {
    slug: p.text(),
    name: p.text(),
    description: p.text().nullable(),
    country: p.text().nullable(),
    timeZone: p.text(),
    language: p.text(),
    currency: p.text(),
    mfaRequired: p.boolean().default(false),
    /** Whether it is still there; whether operators have suspended it is in the directory. */
    status: p.enum(['active', 'deleted'] as const).default('active'),
    createdAt: p.datetime(3),
    deletedAt: p.datetime(3).nullable(),
    purgeAfter: p.datetime(3).nullable(),
    version: p.integer().default(1),
  },
});

/** Versions that are counted; one more is the last. */
const MOST_VERSIONS = 1_999_999_999;

/** What people of other organizations are told too is what the contracts can tell, whatever SQL wrote it. */
export const orgRules: readonly string[] = [
  `alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\\u0001-\\u001f\\u007f-\\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$' and length(language) between 1 and 35 and currency ~ '^[A-Z]{3}$' and version between 1 and ${MOST_VERSIONS + 1});`,
];
