create or replace function service_schema.dig_up_events(of_source text, of_entity text, of_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform service_schema.clear_dead_letters(of_source, of_entity, of_id);
end
$$;

comment on function service_schema.dig_up_events is
  'As clear_dead_letters, for replicas of the version before. The release after drops it.';

revoke all on function service_schema.dig_up_events from public;
grant execute on function service_schema.dig_up_events to service_schema_app;
