create or replace function orgs.begin_purge()
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
  is_begun boolean;
begin
  perform tenancy.acting('system:orgs');
  update orgs.purges p
  set look_at = clock_timestamp() + interval '1 minute'
  where p.org_id = org and p.purged_at is null and p.look_at <= clock_timestamp()
  returning
    p.due_at <= clock_timestamp()
      and exists (select from orgs.slugs s where s.org_id = org and s.status = 'deleted')
  into is_begun;
  return coalesce(is_begun, false);
end
$$;

comment on function orgs.begin_purge is
  'Whether the organization of the tag is to be purged now: it is deleted, and its time is up. Whoever is told so '
  'has a minute in which nobody else is.';

revoke all on function orgs.begin_purge from public;
grant execute on function orgs.begin_purge to orgs_app;
