create or replace function billing_stars.unknown_zones(zones text[])
returns table (zone text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select z
  from unnest(zones) z
  where not exists (select from pg_timezone_names n where n.name = z);
end
$$;

comment on function billing_stars.unknown_zones is
  'Those of the zones in which this database cannot count days.';

revoke all on function billing_stars.unknown_zones from public;
grant execute on function billing_stars.unknown_zones to billing_stars_app;
