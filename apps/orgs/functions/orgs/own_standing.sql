create or replace function orgs.own_standing()
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return orgs.stands(tenancy.org_id(), 'active');
end
$$;

comment on function orgs.own_standing is
  'How the organization of the tag stands, by what operators have decided.';

revoke all on function orgs.own_standing from public;
grant execute on function orgs.own_standing to orgs_app;
