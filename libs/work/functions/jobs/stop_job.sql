create or replace function service_schema.stop_job(job uuid, code text, detail text)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  insert into service_schema.stopped_jobs (org_id, job_id, code, detail, due_at)
  select org, j.id, left(stop_job.code, 100), coalesce(left(stop_job.detail, 500), ''), clock_timestamp()
  from service_schema.jobs j
  where j.org_id = org and j.id = job and j.state = 'open'
  on conflict do nothing;
  return found;
end
$$;

comment on function service_schema.stop_job is
  'Stops one job alone, whoever asked for it.';

revoke all on function service_schema.stop_job from public;
grant execute on function service_schema.stop_job to service_schema_app;
