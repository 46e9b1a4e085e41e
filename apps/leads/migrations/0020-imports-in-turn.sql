-- No organization can fill a look for imports that need somebody: the look goes round the organizations, and what it finds was
-- put there for an import that is there, and for a time within the hour.

drop index leads.import_watch_due;
create index import_watch_due on leads.import_watch (org_id, due_at);

create or replace function leads.watch_import(watched uuid, seconds double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  insert into leads.import_watch as w (org_id, import_id, started_by, due_at)
    select org, i.id, tenancy.actor_id(), clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600))
    from leads.imports i where i.org_id = org and i.id = watched
    on conflict (org_id, import_id) do update set due_at = excluded.due_at;
end $$;

create or replace function leads.find_stalled_imports() returns table (org_id uuid, import_id uuid, started_by uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from leads.import_watch r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.import_watch r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.import_id, d.started_by from present o cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth from leads.import_watch r
    where r.org_id = o.id and r.due_at <= clock_timestamp() order by r.due_at limit 4) d
  order by d.nth, d.due_at limit 40;
end $$;
