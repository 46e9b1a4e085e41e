create or replace function service_schema.pass_over_event(
  of_source text,
  of_entity text,
  of_id uuid
)
returns table (type text, entity_version bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query select s.type, s.entity_version from service_schema.skip_event(of_source, of_entity, of_id) s;
end
$$;

comment on function service_schema.pass_over_event is
  'As skip_event, for replicas of the version before. The release after drops it.';

revoke all on function service_schema.pass_over_event from public;
grant execute on function service_schema.pass_over_event to service_schema_app;
