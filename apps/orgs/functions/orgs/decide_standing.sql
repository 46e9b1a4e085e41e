create or replace function orgs.decide_standing(
  of_org uuid,
  becomes text,
  why text,
  by_actor text,
  request text,
  trace_parent text
)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter_as_platform(of_org);
  decided int;
begin
  by_actor := tenancy.acting(by_actor);
  if becomes is null
    or becomes = orgs.stands(org, 'active')
    or not exists (select from orgs.slugs d where d.org_id = org and d.status <> 'deleted')
  then
    return false;
  end if;
  insert into orgs.standings (org_id, decision, status, reason, decided_by, decided_at, request_id, logged)
  select org, coalesce(max(s.decision), 0) + 1, becomes, why, by_actor, clock_timestamp(), request, false
  from orgs.standings s
  where s.org_id = org
  on conflict do nothing
  returning decision
  into decided;
  if decided is null then
    return orgs.decide_standing(of_org, becomes, why, by_actor, request, trace_parent);
  end if;
  insert into orgs.outbox (
    org_id, id, type, entity, entity_id, entity_version, actor, request_id, trace, body, created_at,
    written_in
  )
  values (
    org, uuidv7(), 'orgs.standing.decided.v1', 'standing', org, decided, by_actor, request, trace_parent,
    jsonb_build_object('status', becomes)::text, clock_timestamp(), pg_current_xact_id()::text::bigint
  );
  perform orgs.note_access_change(org, null);
  return true;
end
$$;

comment on function orgs.decide_standing is
  'What operators decide about an organization, and what others are told of it, by the version of the decision: '
  'in a directory of which no statement under the organization’s own tag locks a row, so no decision waits for '
  'its sessions. Two at once follow each other by the key of their numbers: the later one is looked at anew. '
  'False where it stands so already, or is gone.';

revoke all on function orgs.decide_standing from public;
grant execute on function orgs.decide_standing to orgs_app;
