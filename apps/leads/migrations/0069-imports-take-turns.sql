-- A look for imports that need somebody begins behind the organization it is told, and goes on in the order of their ids: those that
-- can be put off by nobody, since their organization keeps them locked, no longer top each look. Who is asked without one begins
-- before them all.

drop function leads.find_stalled_imports();
create function leads.find_stalled_imports(after uuid default '00000000-0000-0000-0000-000000000000') returns table (org_id uuid, import_id uuid, started_by uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from leads.import_watch r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.import_watch r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.import_id, d.started_by from present o cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth from leads.import_watch r
    where r.org_id = o.id and r.due_at <= clock_timestamp() order by r.due_at limit 4) d
  order by d.nth, d.org_id <= after, d.org_id limit 40;
end $$;
revoke all on function leads.find_stalled_imports from public;
grant execute on function leads.find_stalled_imports to leads_app;
