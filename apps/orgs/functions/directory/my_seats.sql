create or replace function orgs.my_seats()
returns table (org_id uuid, slug text, role text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  person uuid := tenancy.self_id();
begin
  return query
  select d.org_id, d.slug, d.role
  from orgs.seats d
  where d.user_id = person
  order by d.slug;
end
$$;

comment on function orgs.my_seats is
  'The organizations of the acting person.';

revoke all on function orgs.my_seats from public;
grant execute on function orgs.my_seats to orgs_app;
