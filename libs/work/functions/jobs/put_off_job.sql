create or replace function service_schema.put_off_job(job uuid, seconds double precision)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  update service_schema.due_jobs d
  set due_at = clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600))
  where d.org_id = org and d.job_id = job and not d.dead;
end
$$;

comment on function service_schema.put_off_job is
  'Nobody looks at the job for so many seconds.';

revoke all on function service_schema.put_off_job from public;
grant execute on function service_schema.put_off_job to service_schema_app;
