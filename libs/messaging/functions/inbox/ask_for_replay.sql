create or replace function service_schema.ask_for_replay(of_source text, of_entity text, of_id uuid)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:service_name');
  update service_schema.blocked_entities d
  set replay = true
  where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  return found;
end
$$;

comment on function service_schema.ask_for_replay is
  'What waits of the thing is to be handled anew. False where nothing does.';

revoke all on function service_schema.ask_for_replay from public;
grant execute on function service_schema.ask_for_replay to service_schema_app;
