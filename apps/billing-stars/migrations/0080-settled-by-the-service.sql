-- What is told goes by the transactions of the service itself: one that stays open elsewhere holds up nothing.
create or replace function billing_stars.events_since(after uuid, from_start boolean, most int) returns table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from billing_stars.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from billing_stars.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from billing_stars.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
      order by o.written_in, o.id limit most) e on true;
end
$$;

create or replace function billing_stars.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from billing_stars.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select o.id from billing_stars.outbox o where o.org_id = org and o.written_in < settled order by o.written_in desc, o.id desc limit 1;
end
$$;
