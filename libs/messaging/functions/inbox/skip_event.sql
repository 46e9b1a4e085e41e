create or replace function service_schema.skip_event(
  of_source text,
  of_entity text,
  of_id uuid
)
returns table (type text, entity_version bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:service_name');
  select d.type, d.entity_version
  into skip_event.type, skip_event.entity_version
  from service_schema.dead_letters d
  where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id
  order by d.entity_version
  limit 1;
  if skip_event.entity_version = 1 then
    insert into service_schema.inbox (org_id, id, source, entity, entity_id, version, at)
    values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
    on conflict (org_id, source, entity, entity_id) do nothing;
  else
    update service_schema.inbox d
    set version = d.version + 1, at = now()
    where d.org_id = org
      and d.source = of_source
      and d.entity = of_entity
      and d.entity_id = of_id
      and d.version + 1 = skip_event.entity_version;
  end if;
  if found then
    return next;
  end if;
end
$$;

comment on function service_schema.skip_event is
  'Counts an entity’s first dead letter as handled, if it is its turn. No row where it is not.';

revoke all on function service_schema.skip_event from public;
grant execute on function service_schema.skip_event to service_schema_app;
