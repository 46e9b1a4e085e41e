create or replace function orgs.mark_logged(of_org uuid, decided int)
returns table (marked boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  update orgs.standings s
  set logged = true
  where s.org_id = of_org and s.decision = decided and not s.logged
  returning true;
end
$$;

comment on function orgs.mark_logged is
  'The decision is in its organization’s audit log. No row where it was already.';

revoke all on function orgs.mark_logged from public;
grant execute on function orgs.mark_logged to orgs_app;
