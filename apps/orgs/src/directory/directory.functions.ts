import { doorFor } from '../schema.functions.js';

/*
 * The only doors to the directories. Each runs as the schema's owner, whom no runtime role can become.
 *
 * Look-ups read one table, give one row's minimum, and answer only while the session acts for nobody's organization:
 * under the tag of an organization they raise 42501, so SQL smuggled into a tenant's request learns nothing from them.
 *
 * Writers take no organization: it is the tag's. What they write is copied from the organization's own rows under the
 * same tag, so a directory never says anything that the organization's tables do not say.
 */

/** Changes of one organization of which an answer says whose access they are about. */
const NAMED = 100;

const lookups = [
  doorFor(
    'find_org(wanted text)',
    'table (org_id uuid, status text, mfa_required boolean)',
    'stable',
    `begin
  perform tenancy.is_platform();
  return query select d.org_id, d.status, d.mfa_required from orgs.slugs d where d.slug = wanted;
end`,
  ),
  doorFor(
    'find_seat(wanted text, person uuid)',
    'table (role text, version int)',
    'stable',
    `begin
  perform tenancy.is_platform();
  return query select d.role, d.version from orgs.seats d where d.user_id = person and d.slug = wanted;
end`,
  ),
  // The mark is the oldest transaction still open: all before it are seen now, all others are looked at again next time. Of an
  // organization with many changes it is told that everybody's changed, so that none can crowd out another's.
  doorFor(
    'access_changes(mark text)',
    'table (next_mark text, org_id uuid, user_id uuid)',
    'stable',
    `begin
  perform tenancy.is_platform();
  return query select pg_snapshot_xmin(pg_current_snapshot())::text, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select distinct r.org_id, case when r.changes <= ${NAMED} then r.user_id end as user_id
      from (select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes from orgs.access_changes c where c.changed_in >= mark::bigint) r
      limit 1001) d on true;
end`,
  ),
  doorFor(
    'my_seats()',
    'table (org_id uuid, slug text, role text)',
    'stable',
    `declare
  person uuid := tenancy.self_id();
begin
  return query select d.org_id, d.slug, d.role from orgs.seats d where d.user_id = person order by d.slug;
end`,
  ),
  doorFor(
    'find_invitation(hash text)',
    'table (org_id uuid, invitation_id uuid)',
    'stable',
    `begin
  perform tenancy.is_platform();
  return query select d.org_id, d.invitation_id from orgs.invitation_links d where d.token_hash = hash and not d.closed
    and not exists (select from orgs.invitation_links e where e.token_hash = hash and e.opened_at < d.opened_at);
end`,
  ),
];

const noteChange = (person: string): string => `  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, ${person}, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);`;

const writers = [
  // A slug is taken once, at creation, and never changes hands: afterwards only status and second factor follow.
  doorFor(
    'publish_org()',
    'void',
    'volatile',
    `declare
  org uuid := tenancy.org_id();
begin
  -- What is copied is read by a statement that begins once the row is held: nobody changes it in between.
  perform from orgs.organizations o where o.org_id = org and o.id = org for update;
  update orgs.slugs d set status = o.status, mfa_required = o.mfa_required
    from orgs.organizations o where o.org_id = org and o.id = org and d.org_id = org;
  if not found then
    insert into orgs.slugs (slug, org_id, status, mfa_required)
      select o.slug, org, o.status, o.mfa_required from orgs.organizations o where o.org_id = org and o.id = org;
  end if;
${noteChange('null')}
end`,
  ),
  doorFor(
    'publish_seat(person uuid)',
    'void',
    'volatile',
    `declare
  org uuid := tenancy.org_id();
begin
  perform from orgs.members m where m.org_id = org and m.id = person for update;
  delete from orgs.seats d where d.org_id = org and d.user_id = person
    and not exists (select from orgs.members m where m.org_id = org and m.id = person);
  insert into orgs.seats (user_id, slug, org_id, role, version)
    select m.id, s.slug, org, m.role, m.version from orgs.members m, orgs.slugs s
    where m.org_id = org and m.id = person and s.org_id = org
  on conflict (user_id, slug) do update set role = excluded.role, version = excluded.version;
${noteChange('person')}
end`,
  ),
  doorFor(
    'open_link(hash text, invitation uuid)',
    'void',
    'volatile',
    `begin
  insert into orgs.invitation_links (token_hash, org_id, invitation_id, opened_at) values (hash, tenancy.org_id(), invitation, clock_timestamp());
end`,
  ),
  doorFor(
    'close_link(invitation uuid)',
    'void',
    'volatile',
    `begin
  update orgs.invitation_links d set closed = true where d.org_id = tenancy.org_id() and d.invitation_id = invitation;
end`,
  ),
  doorFor(
    'close_org()',
    'void',
    'volatile',
    `declare
  org uuid := tenancy.org_id();
begin
  delete from orgs.seats d where d.org_id = org;
  update orgs.invitation_links d set closed = true where d.org_id = org;
${noteChange('null')}
end`,
  ),
];

export const directoryFunctions: readonly string[] = [...lookups, ...writers];
