create or replace function service_schema.put_off_stopped_job(job uuid)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  update service_schema.stopped_jobs s
  set due_at = clock_timestamp() + interval '30 seconds'
  where s.org_id = org and s.job_id = job;
end
$$;

comment on function service_schema.put_off_stopped_job is
  'Nobody tries again for a while to end the job.';

revoke all on function service_schema.put_off_stopped_job from public;
grant execute on function service_schema.put_off_stopped_job to service_schema_app;
