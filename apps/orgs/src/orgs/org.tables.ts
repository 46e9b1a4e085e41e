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

/**
 * How an organization stands. Operators decide under the platform's tag, where it is found by its slug; its own row follows
 * from there. An Owner ends it for good, under its own. No statement under its tag lets it go on.
 */
export const standingFunctions: readonly string[] = [
  doorFor(
    'decide_standing(of_org uuid, becomes text, why text)',
    'void',
    'volatile',
    `begin
  perform tenancy.is_platform();
  update orgs.slugs d set status = becomes, status_reason = why
    where d.org_id = of_org and d.status <> 'deleted' and becomes in ('active', 'suspended');
end`,
  ),
  ofOwn(
    'follow_standing()',
    `update orgs.organizations o set status = d.status, status_reason = d.status_reason, version = least(o.version, ${MOST_VERSIONS}) + 1
    from orgs.slugs d where d.org_id = org and o.org_id = org and o.id = org and o.status <> d.status;`,
  ),
  ofOwn(
    'delete_org(until timestamptz)',
    `if until is null or until not between now() and now() + interval '1 year' then
    raise exception 'what is deleted is kept for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d set status = 'deleted' where d.org_id = org and d.status = 'active';
  if found then
    update orgs.organizations o set status = 'deleted', deleted_at = now(), purge_after = until, version = least(o.version, ${MOST_VERSIONS}) + 1
      where o.org_id = org and o.id = org;
    delete from orgs.seats d where d.org_id = org;
    update orgs.invitation_links d set closed = true where d.org_id = org;
  end if;`,
  ),
];

function ofOwn(signature: string, body: string): string {
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

const toldOf = (json: string, more = ''): string =>
  `select ${json}::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org${more} for update`;

/** What other services are told of an organization is what its row says, whatever SQL tells it. */
export const ORG_FACTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [OrgCreatedEvent, OrgChangedEvent].map((contract) => [
      typeOf(contract),
      toldOf(
        "jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', o.status)",
        " and o.status <> 'deleted'",
      ),
    ]),
  ),
  [typeOf(OrgDeletedEvent)]: toldOf(
    `jsonb_build_object('purge_after', to_char(o.purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
    " and o.status = 'deleted'",
  ),
};

/** What people of other organizations are told too is what the contracts can tell, whatever SQL wrote it. */
export const orgRules: readonly string[] = [
  `alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\\u0001-\\u001f\\u007f-\\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$' and length(language) between 1 and 35 and currency ~ '^[A-Z]{3}$' and version between 1 and ${MOST_VERSIONS + 1});`,
];
