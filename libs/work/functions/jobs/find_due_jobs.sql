create or replace function service_schema.find_due_jobs(after uuid)
returns table (org_id uuid, job_id uuid, started_by text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  with recursive present (id) as (
    (select r.org_id from service_schema.due_jobs r order by r.org_id limit 1)
    union all
    select (select r.org_id from service_schema.due_jobs r where r.org_id > o.id order by r.org_id limit 1)
    from present o
    where o.id is not null
  )
  select d.org_id, d.job_id, d.started_by
  from present o
  cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth
    from service_schema.due_jobs r
    where r.org_id = o.id
      and not r.dead
      and r.due_at <= clock_timestamp()
      and r.started_by not like 'system:%'
    order by r.due_at
    limit 4
  ) d
  order by d.nth, d.org_id <= after, d.org_id
  limit 40;
end
$$;

comment on function service_schema.find_due_jobs is
  'Jobs that are due and that people asked for, under the platform’s tag alone. It goes round the '
  'organizations, from behind the one it is told: none can fill it, nor many of them the next one.';

revoke all on function service_schema.find_due_jobs from public;
grant execute on function service_schema.find_due_jobs to service_schema_app;
