import { entryPointFor, follower } from '../schema.functions.js';

/*
 * The only entry points to the directories. Each runs as the schema's owner, whom no runtime role can become.
 *
 * Look-ups read one table, give one row's minimum, and answer only while the session acts for nobody's organization:
 * under the tag of an organization they raise 42501, so SQL smuggled into a tenant's request learns nothing from them.
 *
 * What the directories say of an organization and its members follows from its own rows, by triggers: whatever
 * statement changes those changes these, so that nobody is let in whom the list of members does not show.
 */

/** Changes of one organization of which an answer says whose access they are about. */
const NAMED = 100;

/** Places of an account that are looked at, whatever an operator set. */
const MOST_PLACES = 10_000;

const lookups = [
  entryPointFor(
    'find_org(wanted text)',
    'table (org_id uuid, status text, mfa_required boolean)',
    'stable',
    `begin
  perform tenancy.is_platform();
  return query select d.org_id, orgs.stands(d.org_id, d.status), d.mfa_required from orgs.slugs d where d.slug = wanted;
end`,
  ),
  entryPointFor(
    'find_seat(wanted text, person uuid)',
    'table (role text, version int)',
    'stable',
    `begin
  perform tenancy.is_platform();
  return query select d.role, d.version from orgs.seats d where d.user_id = person and d.slug = wanted;
end`,
  ),
  // The mark is the oldest transaction of the service still open: all before it are seen now, all others are looked at
  // again next time. Of an organization with many changes it is told that everybody's changed, so that none can crowd
  // out another's.
  entryPointFor(
    'access_changes(mark text)',
    'table (next_mark text, org_id uuid, user_id uuid)',
    'stable',
    `declare
  settled text;
begin
  perform tenancy.is_platform();
  settled := tenancy.settled_before()::text;
  return query select settled, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select distinct r.org_id, case when r.changes <= ${NAMED} then r.user_id end as user_id
      from (select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes from orgs.access_changes c where c.changed_in >= mark::bigint) r
      limit 1001) d on true;
end`,
  ),
  entryPointFor(
    'my_seats()',
    'table (org_id uuid, slug text, role text)',
    'stable',
    `declare
  person uuid := tenancy.self_id();
begin
  return query select d.org_id, d.slug, d.role from orgs.seats d where d.user_id = person order by d.slug;
end`,
  ),
  entryPointFor(
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

export const noteChange = (
  org: string,
  person: string,
): string => `  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), ${org}, ${person}, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);`;

const followers = [
  // A slug is taken once, at creation, and never changes hands. How the organization stands is decided where it is
  // found. What else is changed of an organization is nobody's access.
  follower(
    'organizations',
    'insert or update',
    `begin
  if tg_op = 'INSERT' then
    insert into orgs.slugs (slug, org_id, status, mfa_required) values (new.slug, new.org_id, new.status, new.mfa_required);
  elsif new.slug <> old.slug then
    raise exception 'a slug is kept for good' using errcode = '42501';
  elsif (new.status, new.mfa_required) is not distinct from (old.status, old.mfa_required) then
    return null;
  else
    update orgs.slugs d set mfa_required = new.mfa_required where d.org_id = new.org_id;
  end if;
${noteChange('new.org_id', 'null')}
  return null;
end`,
  ),
  // The slug is held meanwhile: whoever joins while the organization is deleted is seated before, and unseated with the
  // others.
  follower(
    'members',
    'insert or update or delete',
    `begin
  if tg_op <> 'INSERT' then
    delete from orgs.seats d where d.org_id = old.org_id and d.user_id = old.id;
${noteChange('old.org_id', 'old.id')}
  end if;
  if tg_op <> 'DELETE' then
    insert into orgs.seats (user_id, slug, org_id, role, version)
      select new.id, s.slug, new.org_id, new.role, new.version
      from (select d.slug from orgs.slugs d where d.org_id = new.org_id and d.status <> 'deleted' for share) s;
${noteChange('new.org_id', 'new.id')}
  end if;
  return null;
end`,
  ),
];

const writers = [
  // For an organization that is about to be, and for who is acting. Two at once want the same place: one of them looks
  // again.
  entryPointFor(
    'take_place(most int)',
    'table (taken boolean)',
    'volatile',
    `declare
  org uuid := tenancy.org_id();
  who uuid := tenancy.actor_id();
  free int;
begin
  loop
    select g.n into free from generate_series(1, least(most, ${MOST_PLACES})) g (n)
      where not exists (select from orgs.creations c where c.user_id = who and c.place = g.n and (c.purge_after is null or c.purge_after > now()))
      order by g.n limit 1;
    exit when free is null or exists (select from orgs.slugs d where d.org_id = org) or exists (select from orgs.creations c where c.org_id = org);
    insert into orgs.creations as c (user_id, place, org_id) values (who, free, org)
      on conflict (user_id, place) do update set org_id = excluded.org_id, purge_after = null where c.purge_after <= now();
    if found then return query select true; return; end if;
  end loop;
end`,
  ),
  entryPointFor(
    'open_link(hash text, invitation uuid)',
    'void',
    'volatile',
    `begin
  insert into orgs.invitation_links (token_hash, org_id, invitation_id, opened_at) values (hash, tenancy.org_id(), invitation, clock_timestamp());
end`,
  ),
  entryPointFor(
    'close_link(invitation uuid)',
    'void',
    'volatile',
    `begin
  update orgs.invitation_links d set closed = true where d.org_id = tenancy.org_id() and d.invitation_id = invitation;
end`,
  ),
];

export const directoryFunctions: readonly string[] = [...lookups, ...followers, ...writers];
