import {
  entityOf,
  OrgChangedEvent,
  OrgCreatedEvent,
  OrgDeletedEvent,
  OrgStandingEvent,
  typeOf,
} from '@apollo/contracts';
import { p, tenantTable } from '@apollo/tenancy/postgres';
import { noteChange } from '../directory/directory.functions.js';
import { entryPointFor, stepFor } from '../schema.functions.js';

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

/** Decisions that are put into audit logs in one round. */
const LOGGED_AT_ONCE = 100;

/**
 * How an organization stands. Operators decide under the platform's tag, in a directory of which no statement under the
 * organization's own tag locks a row, and what others are told has versions of its own: whatever the organization's
 * sessions hold open, no decision waits for it. An Owner ends the organization for good, under its own tag.
 */
export const standingFunctions: readonly string[] = [
  stepFor(
    'stands(of_org uuid, there text)',
    'text',
    'stable',
    `begin
  if there = 'deleted' then return there; end if;
  return coalesce((select s.status from orgs.standings s where s.org_id = of_org order by s.decision desc limit 1), 'active');
end`,
  ),
  entryPointFor(
    'own_standing()',
    'text',
    'volatile',
    `begin
  return orgs.stands(tenancy.org_id(), 'active');
end`,
  ),
  // Two decisions at once follow each other by the key of their numbers: the later one is looked at anew.
  entryPointFor(
    'decide_standing(of_org uuid, becomes text, why text, by_actor text, request text, trace_parent text)',
    'boolean',
    'volatile',
    `declare
  org uuid := tenancy.enter_as_platform(of_org);
  decided int;
begin
  by_actor := tenancy.acting(by_actor);
  if becomes is null or becomes = orgs.stands(org, 'active') or not exists (select from orgs.slugs d where d.org_id = org and d.status <> 'deleted') then
    return false;
  end if;
  insert into orgs.standings (org_id, decision, status, reason, decided_by, decided_at, request_id, logged)
    select org, coalesce(max(s.decision), 0) + 1, becomes, why, by_actor, clock_timestamp(), request, false from orgs.standings s where s.org_id = org
    on conflict do nothing returning decision into decided;
  if decided is null then
    return orgs.decide_standing(of_org, becomes, why, by_actor, request, trace_parent);
  end if;
  insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, trace, body, created_at, written_in)
    values (org, uuidv7(), '${typeOf(OrgStandingEvent)}', '${entityOf(OrgStandingEvent)}', org, decided, by_actor, request, trace_parent,
      jsonb_build_object('status', becomes)::text, clock_timestamp(), pg_current_xact_id()::text::bigint);
${noteChange('org', 'null')}
  return true;
end`,
  ),
  // In no order that an organization could take all places of.
  entryPointFor(
    'standings_to_log()',
    'table (org_id uuid, decision int, status text, decided_by text, request_id text)',
    'volatile',
    `begin
  perform tenancy.is_platform();
  return query select s.org_id, s.decision, s.status, s.decided_by, s.request_id from orgs.standings s where not s.logged
    and not exists (select from orgs.standings e where e.org_id = s.org_id and e.decision < s.decision and not e.logged)
    order by random() limit ${LOGGED_AT_ONCE};
end`,
  ),
  entryPointFor(
    'mark_logged(of_org uuid, decided int)',
    'table (marked boolean)',
    'volatile',
    `begin
  perform tenancy.is_platform();
  return query update orgs.standings s set logged = true where s.org_id = of_org and s.decision = decided and not s.logged returning true;
end`,
  ),
  ofOwn(
    'delete_org(until timestamptz)',
    `-- The clocks of those who delete it may differ from this one by a day.
  if until is null or until not between now() + interval '29 days' and now() + interval '1 year' then
    raise exception 'what is deleted is kept for 30 days at least and for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d set status = 'deleted' where d.org_id = org and orgs.stands(org, d.status) = 'active';
  if found then
    update orgs.organizations o set status = 'deleted', deleted_at = now(), purge_after = until, version = least(o.version, ${MOST_VERSIONS}) + 1
      where o.org_id = org and o.id = org;
    update orgs.creations c set purge_after = until where c.org_id = org;
    delete from orgs.seats d where d.org_id = org;
    update orgs.invitation_links d set closed = true where d.org_id = org;
  end if;`,
  ),
];

function ofOwn(signature: string, body: string): string {
  return entryPointFor(
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
        "jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', orgs.stands(org, o.status))",
        " and o.status <> 'deleted'",
      ),
    ]),
  ),
  // Written with the decision itself, and by nobody else.
  [typeOf(OrgStandingEvent)]: 'select null::text',
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
