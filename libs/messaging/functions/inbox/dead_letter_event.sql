create or replace function service_schema.dead_letter_event(
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
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  insert into service_schema.dead_letters (
    org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at
  )
  values (
    org, uuidv7(), of_type, of_source, of_entity, of_id, of_version, request, trace_parent, payload, why,
    now()
  )
  on conflict (org_id, source, entity, entity_id, entity_version) do nothing;
  if service_schema.takes_event(of_source, of_entity) then
    insert into service_schema.blocked_entities (org_id, source, entity, entity_id, since, replay)
    values (org, of_source, of_entity, of_id, clock_timestamp(), false)
    on conflict do nothing;
  end if;
end
$$;

comment on function service_schema.dead_letter_event is
  'Puts an event that could not be handled among the dead letters; what follows of its entity waits behind it.';

revoke all on function service_schema.dead_letter_event from public;
grant execute on function service_schema.dead_letter_event to service_schema_app;
