create or replace function billing_stars.knows_zone(zone text)
returns boolean
language plpgsql
as $$
begin
  if zone is null
    or zone !~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(/[A-Z][A-Za-z_-]*)+$'
      and zone <> 'UTC'
  then
    return false;
  end if;
  perform billing_stars.clock() at time zone zone;
  return true;
exception
  when invalid_parameter_value then
    return false;
end
$$;

comment on function billing_stars.knows_zone is
  'Whether days can be counted there: the name of a place, not one that this database has for an abbreviation '
  'or makes of hours that are written out.';

revoke all on function billing_stars.knows_zone from public;
