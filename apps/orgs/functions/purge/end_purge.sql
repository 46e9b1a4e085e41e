create or replace function orgs.end_purge()
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
  set purged_at = clock_timestamp()
  where p.org_id = org and p.purged_at is null and p.due_at <= clock_timestamp();
  if found then
    delete from orgs.creations c
    where c.org_id = org;
  end if;
end
$$;

comment on function orgs.end_purge is
  'Every service has purged its part: what is left of the tag’s organization is its slug and this receipt. Whoever '
  'created it has the place again.';

revoke all on function orgs.end_purge from public;
grant execute on function orgs.end_purge to orgs_app;
