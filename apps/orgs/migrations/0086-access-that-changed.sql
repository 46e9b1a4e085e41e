-- Only what changes somebody's access is noted for the gateways, and the oldest open transaction is asked for once.
create or replace function orgs.decide_standing(of_org uuid, becomes text, why text, by_actor text, request text, trace_parent text)
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
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
    values (org, uuidv7(), 'orgs.standing.decided.v1', 'standing', org, decided, by_actor, request, trace_parent,
      jsonb_build_object('status', becomes)::text, clock_timestamp(), pg_current_xact_id()::text::bigint);
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  return true;
end
$$;

create or replace function orgs.access_changes(mark text)
returns table (next_mark text, org_id uuid, user_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  settled text;
begin
  perform tenancy.is_platform();
  settled := tenancy.settled_before()::text;
  return query select settled, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select distinct r.org_id, case when r.changes <= 100 then r.user_id end as user_id
      from (select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes from orgs.access_changes c where c.changed_in >= mark::bigint) r
      limit 1001) d on true;
end
$$;

create or replace function orgs.follow_organizations()
returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into orgs.slugs (slug, org_id, status, mfa_required) values (new.slug, new.org_id, new.status, new.mfa_required);
  elsif new.slug <> old.slug then
    raise exception 'a slug is kept for good' using errcode = '42501';
  elsif (new.status, new.mfa_required) is not distinct from (old.status, old.mfa_required) then
    return null;
  else
    update orgs.slugs d set mfa_required = new.mfa_required where d.org_id = new.org_id;
  end if;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  return null;
end
$$;

create or replace function orgs.follow_members()
returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from orgs.seats d where d.org_id = old.org_id and d.user_id = old.id;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), old.org_id, old.id, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  end if;
  if tg_op <> 'DELETE' then
    insert into orgs.seats (user_id, slug, org_id, role, version)
      select new.id, s.slug, new.org_id, new.role, new.version
      from (select d.slug from orgs.slugs d where d.org_id = new.org_id and d.status <> 'deleted' for share) s;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, new.id, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  end if;
  return null;
end
$$;
