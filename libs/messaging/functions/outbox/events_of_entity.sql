create or replace function service_schema.events_of_entity(
  of text,
  subject uuid,
  after bigint,
  most int
)
returns table (
  event uuid,
  told text,
  event_version float8,
  request text,
  trace_parent text,
  payload text,
  at timestamptz
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  return query
  select o.id, o.type, o.entity_version::float8, o.request_id, o.trace, o.body, o.created_at::timestamptz
  from service_schema.outbox o
  where o.org_id = org and o.entity = of and o.entity_id = subject and o.entity_version > after
  order by o.entity_version
  limit most;
end
$$;

comment on function service_schema.events_of_entity is
  'What is told of a thing of the tag’s organization, behind a version.';

revoke all on function service_schema.events_of_entity from public;
grant execute on function service_schema.events_of_entity to service_schema_app;
