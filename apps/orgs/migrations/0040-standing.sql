-- How an organization stands is decided by an operator, or by an Owner for good; what others are told of it is how it stands,
-- in words that can be told, and read once nobody changes it.

create function orgs.set_org_status(becomes text, why text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:orgs');
  update orgs.organizations o set status = becomes, status_reason = why, version = least(o.version, 1999999999) + 1
    where o.org_id = org and o.id = org and o.status <> 'deleted' and becomes in ('active', 'suspended');
end
$$;
revoke all on function orgs.set_org_status from public;
grant execute on function orgs.set_org_status to orgs_app;

create function orgs.delete_org(at timestamptz, until timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update orgs.organizations o set status = 'deleted', deleted_at = at, purge_after = until, version = least(o.version, 1999999999) + 1
    where o.org_id = org and o.id = org and o.status = 'active';
end
$$;
revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;

revoke insert, update (status, status_reason, deleted_at, purge_after) on orgs.organizations from orgs_app;
grant insert (org_id, id, slug, name, description, country, time_zone, language, currency, mfa_required, created_at, version) on orgs.organizations to orgs_app;

alter table orgs.organizations drop constraint organizations_told;
alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\u0001-\u001f\u007f-\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and length(time_zone) between 1 and 60 and length(language) between 1 and 35 and length(currency) = 3 and version between 1 and 2000000000);

create or replace function orgs.publish_org()
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
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
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
end
$$;
revoke all on function orgs.publish_org from public;
grant execute on function orgs.publish_org to orgs_app;

create or replace function orgs.publish_seat(person uuid)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform from orgs.members m where m.org_id = org and m.id = person for update;
  delete from orgs.seats d where d.org_id = org and d.user_id = person
    and not exists (select from orgs.members m where m.org_id = org and m.id = person);
  insert into orgs.seats (user_id, slug, org_id, role, version)
    select m.id, s.slug, org, m.role, m.version from orgs.members m, orgs.slugs s
    where m.org_id = org and m.id = person and s.org_id = org
  on conflict (user_id, slug) do update set role = excluded.role, version = excluded.version;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, person, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
end
$$;
revoke all on function orgs.publish_seat from public;
grant execute on function orgs.publish_seat to orgs_app;

create or replace function orgs.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'orgs.member.changed.v1' then 'member' when 'orgs.member.gone.v1' then 'member' when 'orgs.member.joined.v1' then 'member' when 'orgs.org.changed.v1' then 'org' when 'orgs.org.created.v1' then 'org' when 'orgs.org.deleted.v1' then 'org' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if octet_length(payload) > 200000 or greatest(length(by_actor), length(request), length(trace_parent)) > 200 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '[\u0001-\u001f\u007f-\u009f]' or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]' or payload ~ '[\u007f-\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  if told = 'orgs.org.created.v1' and not (subject = org and exists (select from orgs.organizations o where o.org_id = org and o.id = org and o.status = payload::jsonb ->> 'status')) then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  if told = 'orgs.org.changed.v1' and not (subject = org and exists (select from orgs.organizations o where o.org_id = org and o.id = org and o.status = payload::jsonb ->> 'status')) then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  if told = 'orgs.org.deleted.v1' and not (subject = org and exists (select from orgs.organizations o where o.org_id = org and o.id = org and o.status = 'deleted')) then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from orgs.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
revoke all on function orgs.write_event from public;
grant execute on function orgs.write_event to orgs_app;
