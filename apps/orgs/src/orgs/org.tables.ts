import { OrgChangedEvent, OrgCreatedEvent, OrgDeletedEvent, typeOf } from '@apollo/contracts';
import { p, tenantTable } from '@apollo/tenancy/postgres';
import { doorFor } from '../schema.functions.js';

/** One row per organization, its id the organization's own. */
export const organizations = tenantTable({
  name: 'Organization',
  schema: 'orgs',
  table: 'organizations',
  decided: ['status', 'statusReason', 'deletedAt', 'purgeAfter'],
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

/** Versions that are counted; one more is the last. */
const MOST_VERSIONS = 1_999_999_999;

/** How an organization stands: an operator decides, or an Owner for good. No statement under its tag lets it go on. */
export const standingFunctions: readonly string[] = [
  // Asked as orgs itself, for an operator whom it has recognized.
  standing(
    'set_org_status(becomes text, why text)',
    `perform tenancy.acting('system:orgs');
  update orgs.organizations o set status = becomes, status_reason = why, version = least(o.version, ${MOST_VERSIONS}) + 1
    where o.org_id = org and o.id = org and o.status <> 'deleted' and becomes in ('active', 'suspended');`,
  ),
  standing(
    'delete_org(at timestamptz, until timestamptz)',
    `update orgs.organizations o set status = 'deleted', deleted_at = at, purge_after = until, version = least(o.version, ${MOST_VERSIONS}) + 1
    where o.org_id = org and o.id = org and o.status = 'active';`,
  ),
];

function standing(signature: string, body: string): string {
  return doorFor(
    signature,
    'void',
    'volatile',
    `declare
  org uuid := tenancy.org_id();
begin
  ${body}
end`,
  );
}

/** What other services are told of an organization's standing is how it stands, whatever SQL tells it. */
export const ORG_TRUTHS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      [OrgCreatedEvent, "payload::jsonb ->> 'status'"],
      [OrgChangedEvent, "payload::jsonb ->> 'status'"],
      [OrgDeletedEvent, "'deleted'"],
    ] as const
  ).map(([contract, status]) => [
    typeOf(contract),
    `subject = org and exists (select from orgs.organizations o where o.org_id = org and o.id = org and o.status = ${status})`,
  ]),
);

/** What people of other organizations are told too is what the contracts can tell, whatever SQL wrote it. */
export const orgRules: readonly string[] = [
  `alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\\u0001-\\u001f\\u007f-\\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and length(time_zone) between 1 and 60 and length(language) between 1 and 35 and length(currency) = 3 and version between 1 and ${MOST_VERSIONS + 1});`,
];
