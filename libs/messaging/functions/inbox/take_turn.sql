create or replace function service_schema.take_turn(
  of_source text,
  of_entity text,
  of_id uuid,
  of_version bigint
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
  if of_version = 1 then
    insert into service_schema.inbox (org_id, id, source, entity, entity_id, version, at)
    select org, uuidv7(), of_source, of_entity, of_id, 1, now()
    where not exists (
      select from service_schema.dead_letters d
      where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id
    )
    on conflict (org_id, source, entity, entity_id) do nothing;
  else
    update service_schema.inbox i
    set version = of_version, at = now()
    where i.org_id = org
      and i.source = of_source
      and i.entity = of_entity
      and i.entity_id = of_id
      and i.version = of_version - 1
      and not exists (
        select from service_schema.dead_letters d
        where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id
      );
  end if;
  if found then
    return;
  end if;
  raise exception 'it is not the turn of the event' using errcode = '55000';
end
$$;

comment on function service_schema.take_turn is
  'It is the event’s turn, or this fails. Acts as who tells of the event, as a session does while one is '
  'handled and nowhere else. The row stays locked until the commit.';

revoke all on function service_schema.take_turn from public;
grant execute on function service_schema.take_turn to service_schema_app;
