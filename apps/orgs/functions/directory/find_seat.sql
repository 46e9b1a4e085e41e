create or replace function orgs.find_seat(wanted text, person uuid)
returns table (role text, version int)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select d.role, d.version
  from orgs.seats d
  where d.user_id = person and d.slug = wanted;
end
$$;

comment on function orgs.find_seat is
  'What a person is in the organization of a slug.';

revoke all on function orgs.find_seat from public;
grant execute on function orgs.find_seat to orgs_app;
