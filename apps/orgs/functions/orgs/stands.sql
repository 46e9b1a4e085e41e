create or replace function orgs.stands(of_org uuid, there text)
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if there = 'deleted' then
    return there;
  end if;
  return coalesce(
    (select s.status from orgs.standings s where s.org_id = of_org order by s.decision desc limit 1),
    'active'
  );
end
$$;

comment on function orgs.stands is
  'How the organization stands by what operators have decided; what was deleted stays so.';

revoke all on function orgs.stands from public;
