create or replace function service_schema.clear_dead_letters(of_source text, of_entity text, of_id uuid)
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

comment on function service_schema.clear_dead_letters is
  'Removes an entity’s dead letters before its events are delivered anew.';

revoke all on function service_schema.clear_dead_letters from public;
grant execute on function service_schema.clear_dead_letters to service_schema_app;
