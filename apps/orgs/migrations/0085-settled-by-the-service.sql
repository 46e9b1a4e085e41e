-- What is told goes by the transactions of the service itself: one that stays open elsewhere holds up nothing.
create or replace function orgs.events_since(after uuid, from_start boolean, most int) returns table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from orgs.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from orgs.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from orgs.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
      order by o.written_in, o.id limit most) e on true;
end
$$;

create or replace function orgs.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from orgs.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select o.id from orgs.outbox o where o.org_id = org and o.written_in < settled order by o.written_in desc, o.id desc limit 1;
end
$$;

create or replace function orgs.access_changes(mark text)
returns table (next_mark text, org_id uuid, user_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select tenancy.settled_before()::text, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select distinct r.org_id, case when r.changes <= 100 then r.user_id end as user_id
      from (select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes from orgs.access_changes c where c.changed_in >= mark::bigint) r
      limit 1001) d on true;
end
$$;
