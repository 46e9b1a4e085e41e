-- How an organization stands is decided by an operator, or by an Owner for good; what others are told of it is how it stands.

create function orgs.set_org_status(becomes text, why text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:orgs');
  update orgs.organizations o set status = becomes, status_reason = why, version = o.version + 1
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
  update orgs.organizations o set status = 'deleted', deleted_at = at, purge_after = until, version = o.version + 1
    where o.org_id = org and o.id = org and o.status = 'active';
end
$$;
revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;

revoke update (status, status_reason, deleted_at, purge_after) on orgs.organizations from orgs_app;

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
  if told = 'orgs.org.created.v1' and not (exists (select from orgs.organizations o where o.org_id = org and o.id = subject and o.status = payload::jsonb ->> 'status')) then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  if told = 'orgs.org.changed.v1' and not (exists (select from orgs.organizations o where o.org_id = org and o.id = subject and o.status = payload::jsonb ->> 'status')) then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  if told = 'orgs.org.deleted.v1' and not (exists (select from orgs.organizations o where o.org_id = org and o.id = subject and o.status = 'deleted')) then
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
