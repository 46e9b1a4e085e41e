-- Other services are told of an organization what its row says, which is locked meanwhile, in words that they understand:
-- what SQL under its tag tells is neither believed nor in the way of what comes after it.

alter table orgs.organizations drop constraint organizations_told;
alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\u0001-\u001f\u007f-\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$' and length(language) between 1 and 35 and currency ~ '^[A-Z]{3}$' and version between 1 and 2000000000);

drop function orgs.delete_org(timestamptz, timestamptz);
create function orgs.delete_org(until timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  if until is null or until not between now() and now() + interval '1 year' then
    raise exception 'what is deleted is kept for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d set status = 'deleted' where d.org_id = org and d.status = 'active';
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
  if told = 'orgs.org.created.v1' then
    payload := (select jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', o.status)::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.org.changed.v1' then
    payload := (select jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', o.status)::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted' for update);
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
