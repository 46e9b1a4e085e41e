create or replace function orgs.find_due_purges(after uuid)
returns table (org_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select p.org_id
  from orgs.purges p
  where p.purged_at is null and p.look_at <= clock_timestamp()
  order by p.org_id <= after, p.org_id
  limit 40;
end
$$;

comment on function orgs.find_due_purges is
  'Organizations whose data somebody has to look after, from behind the one that is told. Ids only, under the '
  'platform’s tag alone.';

revoke all on function orgs.find_due_purges from public;
grant execute on function orgs.find_due_purges to orgs_app;
