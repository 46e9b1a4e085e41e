create or replace function orgs.standings_to_log()
returns table (org_id uuid, decision int, status text, decided_by text, request_id text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select s.org_id, s.decision, s.status, s.decided_by, s.request_id
  from orgs.standings s
  where not s.logged
    and not exists (
      select from orgs.standings e
      where e.org_id = s.org_id and e.decision < s.decision and not e.logged
    )
  order by random()
  limit 100;
end
$$;

comment on function orgs.standings_to_log is
  'Decisions that are not in their organization’s audit log yet, the first of each, in no order that an '
  'organization could take all places of.';

revoke all on function orgs.standings_to_log from public;
grant execute on function orgs.standings_to_log to orgs_app;
