-- What operators decide about an organization is written where nothing under the organization's own tag locks a row, and told
-- by events of an entity of their own: no session of the organization can keep a decision waiting.

create table "orgs"."standings" ("org_id" uuid not null, "decision" int not null, "status" text not null, "reason" text null, "decided_by" text not null, "decided_at" timestamptz(3) not null, "request_id" text not null, "logged" boolean not null, primary key ("org_id", "decision"));
create index standings_to_log on orgs.standings (org_id, decision) where not logged;
alter table "orgs"."standings" add constraint "standings_status_check" check ("status" in ('active', 'suspended'));
alter table "orgs"."standings" enable row level security;
alter table "orgs"."standings" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."standings" to "orgs_owner" using (true) with check (true);

-- How each stands today is carried over, and told anew of each that was ever said to be suspended: others follow these events
-- from now on, whatever they have not yet heard of before. The owner steps over its own policies for it; nobody else can: the
-- tables are locked until the migration commits.
alter table orgs.organizations no force row level security;
alter table orgs.outbox no force row level security;
insert into orgs.standings (org_id, decision, status, decided_by, decided_at, request_id, reason, logged)
select d.org_id, 1, d.status, 'system:orgs', now(), 'migration', d.status_reason, true from orgs.slugs d
where d.status = 'suspended' or (d.status = 'active' and exists (
  select from orgs.outbox o where o.org_id = d.org_id and o.entity = 'org' and o.entity_id = d.org_id and o.body like '%"suspended"%'));
insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
select s.org_id, uuidv7(), 'orgs.standing.decided.v1', 'standing', s.org_id, s.decision, s.decided_by, s.request_id,
  jsonb_build_object('status', s.status)::text, clock_timestamp(), pg_current_xact_id()::text::bigint
from orgs.standings s;
update orgs.organizations o set status = 'active' where o.status = 'suspended';
update orgs.slugs d set status = 'active' where d.status = 'suspended';
alter table orgs.organizations force row level security;
alter table orgs.outbox force row level security;

alter table orgs.organizations drop constraint organizations_status_check;
alter table "orgs"."organizations" add constraint "organizations_status_check" check ("status" in ('active', 'deleted'));
alter table orgs.slugs drop constraint slugs_status_check;
alter table "orgs"."slugs" add constraint "slugs_status_check" check ("status" in ('active', 'deleted'));
alter table orgs.organizations drop column status_reason;
alter table orgs.slugs drop column status_reason;

drop function orgs.decide_standing(uuid, text, text);
drop function orgs.follow_standing();

create function orgs.stands(of_org uuid, there text)
returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if there = 'deleted' then return there; end if;
  return coalesce((select s.status from orgs.standings s where s.org_id = of_org order by s.decision desc limit 1), 'active');
end
$$;
revoke all on function orgs.stands from public;

create function orgs.own_standing()
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  return orgs.stands(tenancy.org_id(), 'active');
end
$$;
revoke all on function orgs.own_standing from public;
grant execute on function orgs.own_standing to orgs_app;

create function orgs.decide_standing(of_org uuid, becomes text, why text, by_actor text, request text, trace_parent text)
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
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
  return true;
end
$$;
revoke all on function orgs.decide_standing from public;
grant execute on function orgs.decide_standing to orgs_app;

create function orgs.standings_to_log()
returns table (org_id uuid, decision int, status text, decided_by text, request_id text) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select s.org_id, s.decision, s.status, s.decided_by, s.request_id from orgs.standings s where not s.logged
    and not exists (select from orgs.standings e where e.org_id = s.org_id and e.decision < s.decision and not e.logged)
    order by random() limit 100;
end
$$;
revoke all on function orgs.standings_to_log from public;
grant execute on function orgs.standings_to_log to orgs_app;

create function orgs.mark_logged(of_org uuid, decided int)
returns table (marked boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update orgs.standings s set logged = true where s.org_id = of_org and s.decision = decided and not s.logged returning true;
end
$$;
revoke all on function orgs.mark_logged from public;
grant execute on function orgs.mark_logged to orgs_app;

create or replace function orgs.delete_org(until timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  if until is null or until not between now() and now() + interval '1 year' then
    raise exception 'what is deleted is kept for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d set status = 'deleted' where d.org_id = org and orgs.stands(org, d.status) = 'active';
  if found then
    update orgs.organizations o set status = 'deleted', deleted_at = now(), purge_after = until, version = least(o.version, 1999999999) + 1
      where o.org_id = org and o.id = org;
    delete from orgs.seats d where d.org_id = org;
    update orgs.invitation_links d set closed = true where d.org_id = org;
  end if;
end
$$;
revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;

create or replace function orgs.find_org(wanted text)
returns table (org_id uuid, status text, mfa_required boolean) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.org_id, orgs.stands(d.org_id, d.status), d.mfa_required from orgs.slugs d where d.slug = wanted;
end
$$;
revoke all on function orgs.find_org from public;
grant execute on function orgs.find_org to orgs_app;

create or replace function orgs.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'orgs.member.changed.v1' then 'member' when 'orgs.member.gone.v1' then 'member' when 'orgs.member.joined.v1' then 'member' when 'orgs.org.changed.v1' then 'org' when 'orgs.org.created.v1' then 'org' when 'orgs.org.deleted.v1' then 'org' when 'orgs.standing.decided.v1' then 'standing' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if told = 'orgs.org.created.v1' then
    payload := (select jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', orgs.stands(org, o.status))::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.org.changed.v1' then
    payload := (select jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', orgs.stands(org, o.status))::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.standing.decided.v1' then
    payload := (select null::text);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.org.deleted.v1' then
    payload := (select jsonb_build_object('purge_after', to_char(o.purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status = 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if octet_length(payload) > 200000 or greatest(length(by_actor), length(request), length(trace_parent)) > 200 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '[\u0001-\u001f\u007f-\u009f]' or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]' or payload ~ '[\u007f-\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from orgs.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
revoke all on function orgs.write_event from public;
grant execute on function orgs.write_event to orgs_app;
