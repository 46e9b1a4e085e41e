create or replace function service_schema.events_since(after uuid, from_start boolean, most int)
returns table (
  event uuid,
  told text,
  subject uuid,
  event_version float8,
  person uuid,
  payload text,
  at timestamptz
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from service_schema.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query
  select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
  from (
    select o.written_in, o.id
    from service_schema.outbox o
    where o.org_id = org and o.id = after
    union all
    select 0, after
    where from_start
  ) p
  left join lateral (
    select *
    from service_schema.outbox o
    where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
    order by o.written_in, o.id
    limit most
  ) e on true;
end
$$;

comment on function service_schema.events_since is
  'What is told of the tag’s organization since an event. What is written in a transaction of the service that '
  'is open, or in a later one, comes when all before it is known: nothing can slip in behind. Gives one row of '
  'nulls where the organization’s event is the newest, none where it is not the organization’s.';

revoke all on function service_schema.events_since from public;
grant execute on function service_schema.events_since to service_schema_app;
