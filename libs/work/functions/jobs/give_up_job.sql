create or replace function service_schema.give_up_job(job uuid)
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
  set state = 'failed'
  where j.org_id = org and j.id = job and j.state = 'dead';
  if not found then
    return false;
  end if;
  delete from service_schema.due_jobs d
  where d.org_id = org and d.job_id = job;
  return true;
end
$$;

comment on function service_schema.give_up_job is
  'The service itself gives a job up that died. False where it did not.';

revoke all on function service_schema.give_up_job from public;
grant execute on function service_schema.give_up_job to service_schema_app;
