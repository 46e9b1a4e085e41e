create or replace function service_schema.find_dead_jobs()
returns table (org_id uuid, job_id uuid, since timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select w.org_id, w.job_id, w.due_at::timestamptz
  from (
    with recursive present (id) as (
      (select r.org_id from service_schema.due_jobs r order by r.org_id limit 1)
      union all
      select (select r.org_id from service_schema.due_jobs r where r.org_id > o.id order by r.org_id limit 1)
      from present o
      where o.id is not null
    )
    select d.org_id, d.job_id, d.due_at
    from present o
    cross join lateral (
      select r.*, row_number() over (order by r.due_at) as nth
      from service_schema.due_jobs r
      where r.org_id = o.id and r.dead
      order by r.due_at
      limit 200
    ) d
    order by d.nth, d.due_at
    limit 2000
  ) w;
end
$$;

comment on function service_schema.find_dead_jobs is
  'Jobs that died, under the platform’s tag alone. It goes round the organizations: none can fill it.';

revoke all on function service_schema.find_dead_jobs from public;
grant execute on function service_schema.find_dead_jobs to service_schema_app;
