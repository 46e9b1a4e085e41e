create or replace function service_schema.newest_event()
returns table (event uuid)
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
  select o.id
  from service_schema.outbox o
  where o.org_id = org and o.written_in < settled
  order by o.written_in desc, o.id desc
  limit 1;
end
$$;

comment on function service_schema.newest_event is
  'The newest event of the tag’s organization behind which nothing can slip in any more.';

revoke all on function service_schema.newest_event from public;
grant execute on function service_schema.newest_event to service_schema_app;
