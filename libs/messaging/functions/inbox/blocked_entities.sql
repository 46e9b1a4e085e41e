create or replace function service_schema.blocked_entities()
returns table (org_id uuid, source text, entity text, entity_id uuid, since timestamptz, replay boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  with recursive present (id) as (
    (select r.org_id from service_schema.blocked_entities r order by r.org_id limit 1)
    union all
    select (select r.org_id from service_schema.blocked_entities r where r.org_id > o.id order by r.org_id limit 1)
    from present o
    where o.id is not null
  )
  select d.org_id, d.source, d.entity, d.entity_id, d.since, d.replay
  from present o
  cross join lateral (
    select r.*, row_number() over (order by r.replay desc, r.since) as nth
    from service_schema.blocked_entities r
    where r.org_id = o.id
    order by r.replay desc, r.since
    limit 200
  ) d
  order by d.replay desc, d.nth, d.since
  limit 2000;
end
$$;

comment on function service_schema.blocked_entities is
  'Things for which events wait, of all organizations, under the platform’s tag alone. It goes round the '
  'organizations: none can fill it.';

revoke all on function service_schema.blocked_entities from public;
grant execute on function service_schema.blocked_entities to service_schema_app;
