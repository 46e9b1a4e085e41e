create or replace function service_schema.bury_event(
  of_source text,
  of_entity text,
  of_id uuid,
  of_type text,
  of_version bigint,
  request text,
  trace_parent text,
  payload text,
  why text
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform service_schema.dead_letter_event(
    of_source, of_entity, of_id, of_type, of_version, request, trace_parent, payload, why
  );
end
$$;

comment on function service_schema.bury_event is
  'As dead_letter_event, for replicas of the version before. The release after drops it.';

revoke all on function service_schema.bury_event from public;
grant execute on function service_schema.bury_event to service_schema_app;
