create or replace function orgs.find_org(wanted text)
returns table (org_id uuid, status text, mfa_required boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select d.org_id, orgs.stands(d.org_id, d.status), d.mfa_required
  from orgs.slugs d
  where d.slug = wanted;
end
$$;

comment on function orgs.find_org is
  'The organization of a slug, and how it stands: under the platform’s tag alone, as every look into a '
  'directory.';

revoke all on function orgs.find_org from public;
grant execute on function orgs.find_org to orgs_app;
