create or replace function service_schema.forget_blocked(of_source text, of_entity text, of_id uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:service_name');
  update service_schema.blocked_entities d
  set replay = false
  where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  delete from service_schema.blocked_entities d
  where d.org_id = org
    and d.source = of_source
    and d.entity = of_entity
    and d.entity_id = of_id
    and not exists (
      select from service_schema.dead_letters l
      where l.org_id = d.org_id and l.source = d.source and l.entity = d.entity and l.entity_id = d.entity_id
    );
end
$$;

comment on function service_schema.forget_blocked is
  'The thing is no longer among those for which something waits, unless something does; nobody asks for it to '
  'be handled anew.';

revoke all on function service_schema.forget_blocked from public;
grant execute on function service_schema.forget_blocked to service_schema_app;
