create or replace function service_schema.replay_job(job uuid)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:service_name');
  update service_schema.jobs j
  set state = 'open', attempts = 0, error_code = null, error_detail = null, finished_at = null
  where j.org_id = org and j.id = job and j.state = 'dead';
  if not found then
    return false;
  end if;
  update service_schema.due_jobs d
  set dead = false, due_at = clock_timestamp()
  where d.org_id = org and d.job_id = job;
  return true;
end
$$;

comment on function service_schema.replay_job is
  'The service itself begins a job anew that died. False where it did not.';

revoke all on function service_schema.replay_job from public;
grant execute on function service_schema.replay_job to service_schema_app;
