create or replace function orgs.put_off_purge(seconds double precision)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:orgs');
  update orgs.purges p
  set look_at = clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600))
  where p.org_id = org and p.purged_at is null;
end
$$;

comment on function orgs.put_off_purge is
  'Nobody looks after the purge of the tag’s organization for so many seconds.';

revoke all on function orgs.put_off_purge from public;
grant execute on function orgs.put_off_purge to orgs_app;
