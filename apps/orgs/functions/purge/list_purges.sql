create or replace function orgs.list_purges()
returns table (org_id uuid, slug text, due_at timestamptz, purged_at timestamptz, parts jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select p.org_id, s.slug, p.due_at::timestamptz, p.purged_at::timestamptz, p.parts
  from orgs.purges p
  join orgs.slugs s on s.org_id = p.org_id
  order by p.due_at desc
  limit 1000;
end
$$;

comment on function orgs.list_purges is
  'Deleted organizations, when their data is or was to be purged, and the receipts of it: for operators, under the '
  'platform’s tag alone. The latest thousand.';

revoke all on function orgs.list_purges from public;
grant execute on function orgs.list_purges to orgs_app;
