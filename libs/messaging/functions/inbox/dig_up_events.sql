create or replace function service_schema.dig_up_events(of_source text, of_entity text, of_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:service_name');
  delete from service_schema.dead_letters d
  where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
end
$$;

comment on function service_schema.dig_up_events is
  'Nothing of the thing waits any more: it was handled.';

revoke all on function service_schema.dig_up_events from public;
grant execute on function service_schema.dig_up_events to service_schema_app;
